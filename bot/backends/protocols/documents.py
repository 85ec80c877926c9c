"""The JSON objects of an answer, each as a piece of the reply, or as what a server says in place of one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.backends.base import BackendError, Failure
from bot.backends.protocols import complaints
from bot.backends.protocols.complaints import ServerComplaint
from bot.backends.protocols.json_values import UnreadableError, decode, fields, is_list, items

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.backends.http.framing import Document
    from bot.backends.protocols.json_values import Fields

_DONE = ("[DONE]", "DONE")
_KEEP_ALIVE = re.compile(
    r"[\W_]*(?:ping|pong|keep[ -]?alive|heartbeat|connected|ok|null)?[\W_]*", re.IGNORECASE
)
_SAYS_ERROR = re.compile(r"error|exception|fail|timeout|traceback|overloaded", re.IGNORECASE)


def is_done(document: Document) -> bool:
    """Tell whether it is OpenAI's last event, which servers of the other protocols send as well."""
    said = document.data.strip()
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return text.strip('"').upper() in _DONE


def objects(document: Document, otherwise: Failure) -> Iterator[Fields]:
    """Yield the objects that a document holds, mostly one; keep-alives hold none.

    Raises `ServerComplaint` for an error, of which `otherwise` is the kind where it has no known one, and
    `BackendError` for what nobody can read.
    """
    for value in _values(document, otherwise):
        found = fields(value)
        if complaint := complaints.in_answer(found, document.name, otherwise):
            raise ServerComplaint(complaint)
        if found:
            yield found


def _values(document: Document, otherwise: Failure) -> Iterator[object]:
    try:
        value = decode(document.data)
    except UnreadableError as exc:
        lines = document.lines()
        if len(lines) > 1:
            # Some servers end their events with one newline instead of two.
            for line in lines:
                yield from _values(line, otherwise)
            return
        _judge(document, otherwise, exc)
        return
    if isinstance(value, str) and document.name == "error":
        raise ServerComplaint(complaints.in_words(value, otherwise))
    yield from items(value) if is_list(value) else (value,)


def _judge(document: Document, otherwise: Failure, exc: UnreadableError) -> None:
    """Tell a keep-alive and an error in bare words from a piece of a reply that is lost."""
    data = document.data
    said = data.decode(errors="replace") if isinstance(data, bytes) else data
    is_bare = not said.lstrip().startswith(("{", "["))
    if document.name == "error" or (is_bare and _SAYS_ERROR.search(said)):
        raise ServerComplaint(complaints.in_words(said, otherwise)) from exc
    if not (is_bare and _KEEP_ALIVE.fullmatch(said)) and not is_done(document):
        raise BackendError(Failure.BAD_ANSWER, f"a piece of the answer is {exc}") from exc
