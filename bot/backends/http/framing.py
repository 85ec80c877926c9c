"""Cuts the bytes of an answer into JSON documents: server-sent events, lines, or one whole body."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, Protocol

from bot.backends.base import BackendError, Failure
from bot.backends.http.sse import ServerSentEvent, SSEOverflow, SSEParser
from bot.backends.protocols.json_values import UnreadableError, decode

if TYPE_CHECKING:
    from collections.abc import Sequence

_EVENT_FIELD = re.compile(rb"(?:data|event|id|retry|error)?:")
_LONGEST_FIELD = 6
_BLANK = b" \t\r\n\xef\xbb\xbf"


class Document(NamedTuple):
    """One piece of an answer, as yet unread; `name` is that of its event, where it is one."""

    data: str | bytes
    name: str = ""


class Framing(Protocol):
    """Raises `BackendError` where the bytes cannot be trusted."""

    @property
    def streams(self) -> bool:
        """An end that nothing announced means that the answer was cut."""
        ...

    def feed(self, chunk: bytes) -> Sequence[Document]: ...
    def end(self) -> Sequence[Document]: ...


class Sniffed:
    """Whatever the body looks like: its type is what many a server gets wrong."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._first = b""
        self._framing: Framing | None = None

    @property
    def streams(self) -> bool:
        return self._framing is None or self._framing.streams

    def feed(self, chunk: bytes) -> Sequence[Document]:
        if self._framing is None:
            self._first = (self._first + chunk).lstrip(_BLANK)
            if not self._is_clear(self._first):
                return ()
            chunk = self._begin()
        return self._framing.feed(chunk) if self._framing else ()

    def end(self) -> Sequence[Document]:
        if self._framing:
            return self._framing.end()
        first = self._begin()
        return [*self._framing.feed(first), *self._framing.end()] if self._framing and first else ()

    def _begin(self) -> bytes:
        if not self._first or _EVENT_FIELD.match(self._first):
            self._framing = Events(self._max_bytes)
        elif self._first[:1] in (b"{", b"["):
            self._framing = Json(self._max_bytes)
        else:
            raise BackendError(Failure.BAD_ANSWER, "the answer is neither events nor JSON")
        first, self._first = self._first, b""
        return first

    @staticmethod
    def _is_clear(first: bytes) -> bool:
        return first[:1] in (b"{", b"[") or b":" in first or len(first) > _LONGEST_FIELD


class Events:
    """Server-sent events; those with empty data only keep a connection alive."""

    streams = True

    def __init__(self, max_bytes: int) -> None:
        self._parser = SSEParser(max_bytes)

    def feed(self, chunk: bytes) -> Sequence[Document]:
        try:
            return _documents(self._parser.feed(chunk))
        except (SSEOverflow, UnicodeDecodeError) as exc:
            raise BackendError(Failure.BAD_ANSWER, f"unreadable: {exc}") from exc

    def end(self) -> Sequence[Document]:
        self.feed(b"")  # raises what came behind the last events
        try:
            return _documents(self._parser.end())
        except UnicodeDecodeError as exc:
            raise BackendError(Failure.BROKE_OFF, "the stream was cut in a character") from exc


class Json:
    """A document a line, the last one perhaps without its newline; or one document on several lines."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._rest = bytearray()
        self._has_lines: bool | None = None
        self._count = 0

    @property
    def streams(self) -> bool:
        return self._count > 1

    def feed(self, chunk: bytes) -> Sequence[Document]:
        self._rest += chunk
        if len(self._rest) - self._rest.rfind(b"\n") > self._max_bytes or (
            self._has_lines is False and len(self._rest) > self._max_bytes
        ):
            raise BackendError(Failure.BAD_ANSWER, f"a document of more than {self._max_bytes} bytes")
        if self._has_lines is False or b"\n" not in chunk:
            return ()
        whole, _, rest = bytes(self._rest).rpartition(b"\n")
        lines = [line for line in whole.splitlines() if line.strip()]
        if self._has_lines is None:
            self._has_lines = _is_document(lines[0])
            if not self._has_lines:
                return ()
        self._rest = bytearray(rest)
        return self._counted(lines)

    def end(self) -> Sequence[Document]:
        rest, self._rest = bytes(self._rest), bytearray()
        return self._counted([rest]) if rest.strip() else ()

    def _counted(self, lines: Sequence[bytes]) -> Sequence[Document]:
        self._count += len(lines)
        return [Document(line) for line in lines]


def _documents(events: Sequence[ServerSentEvent]) -> Sequence[Document]:
    return [Document(event.data, event.event) for event in events if event.data]


def _is_document(line: bytes) -> bool:
    try:
        decode(line)
    except UnreadableError:
        return False
    return True
