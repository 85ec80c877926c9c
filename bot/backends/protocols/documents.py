"""The JSON objects of an answer, each as a piece of the reply, or as what a server says in place of one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.backends.base import BackendError, Failure
from bot.backends.protocols import complaints
from bot.backends.protocols.complaints import ServerComplaint
from bot.backends.protocols.json_values import UnreadableError, decode, fields, holds_more, is_list, items

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.backends.http.framing import Document
    from bot.backends.protocols.json_values import Fields

_DONE = ("[DONE]", "DONE")
_KEEP_ALIVE = re.compile(
    r"[\W_]*(?:ping|pong|keep[ -]?alive|heartbeat|connected|ok|null)?[\W_]*", re.IGNORECASE
)
_SHORT_CHARS = 500
# Of one document, which is decoded at once.
_MOST_BRACKETS = 50_000
# Of one object, at whatever depth. Some say how likely each token was, which nobody reads.
_MOST_VALUES = 2500


def is_done(document: Document) -> bool:
    """Tell whether it is OpenAI's last event, which servers of the other protocols send as well."""
    said = document.data.strip()
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return text.strip('"').upper() in _DONE


def objects(document: Document, otherwise: Failure) -> Iterator[Fields]:
    """Yield the objects that a document holds, mostly one, and an empty one for all else that it holds.

    So whoever works through a long one may pause between any two. Raises `ServerComplaint` for an error, of
    which `otherwise` is the kind where it has no known one, and `BackendError` for what nobody can read.
    """
    for value in _values(document, otherwise):
        found = fields(value)
        if len(document.data) > _SHORT_CHARS and holds_more(found, _MOST_VALUES):
            raise BackendError(
                Failure.BAD_ANSWER, f"a piece of the answer with more than {_MOST_VALUES} values"
            )
        if complaint := complaints.in_answer(found, document.name, otherwise):
            raise ServerComplaint(complaint)
        yield found


def _values(document: Document, otherwise: Failure) -> Iterator[object]:
    if _brackets(document.data) > _MOST_BRACKETS:
        raise BackendError(
            Failure.BAD_ANSWER, f"a piece of the answer with more than {_MOST_BRACKETS} brackets"
        )
    try:
        value = decode(document.data)
    except UnreadableError as exc:
        lines = [line for line in document.data.splitlines() if line.strip()]
        if len(lines) > 1:
            # Some servers end their events with one newline instead of two.
            for line in lines:
                yield from _values(document._replace(data=line), otherwise)
            return
        _judge(document, otherwise, exc)
        yield None
        return
    if isinstance(value, str) and document.name == "error":
        raise ServerComplaint(complaints.in_words(value, otherwise))
    yield from items(value) if is_list(value) else (value,)


def _brackets(data: str | bytes) -> int:
    if isinstance(data, bytes):
        return data.count(b"{") + data.count(b"[")
    return data.count("{") + data.count("[")


def _judge(document: Document, otherwise: Failure, exc: UnreadableError) -> None:
    """Tell a keep-alive and an error in bare words from a piece of a reply that is lost."""
    data = document.data
    said = data.decode(errors="replace") if isinstance(data, bytes) else data
    is_bare = not said.lstrip().startswith(("{", "["))
    if document.name == "error" or (is_bare and complaints.SAYS_ERROR.search(said[:_SHORT_CHARS])):
        raise ServerComplaint(complaints.in_words(said, otherwise)) from exc
    is_keep_alive = is_bare and len(said) <= _SHORT_CHARS and _KEEP_ALIVE.fullmatch(said)
    if not is_keep_alive and not is_done(document):
        raise BackendError(Failure.BAD_ANSWER, f"a piece of the answer is {exc}") from exc
