"""Server-sent events, parsed as they arrive, as the WHATWG HTML standard (section 9.2) says."""

from __future__ import annotations

import codecs
from typing import NamedTuple

# int() refuses thousands of digits; no server means more than this many anyway.
_MAX_RETRY_DIGITS = 15
_FIELDS = (b"data", b"event", b"id", b"retry", b"error", b"")


class ServerSentEvent(NamedTuple):
    data: str
    event: str = "message"
    id: str = ""


class SSEOverflow(ValueError):  # noqa: N818 - it tells what happened, and is caught as the ValueError it is
    """A line or an event grew beyond the parser's bound."""


class SSEParser:
    """Turns bytes, cut anywhere, into events.

    In these points it departs from the standard, because of what model servers do: bytes that are not
    UTF-8 raise `UnicodeDecodeError` instead of becoming U+FFFD, because a mangled reply must not pass for
    what the model wrote; an event that no blank line ended is dispatched by `end`; a field `error` is the
    data of an event of that name (llama.cpp's, until 2025); and lines from one that begins with a brace to
    the next blank one are data without a field, as gateways write errors. What came before an error is
    returned first; after it the parser is spent.
    """

    def __init__(self, max_event_bytes: int) -> None:
        self.retry_ms: int | None = None
        self._max_event_bytes = max_event_bytes
        self._line = bytearray()
        self._at_start = True
        self._after_cr = False
        self._data: list[str] = []
        self._data_bytes = 0
        self._event = ""
        self._id = ""
        self._is_bare = False
        self._trouble: ValueError | None = None

    def feed(self, chunk: bytes) -> list[ServerSentEvent]:
        """Raise `SSEOverflow` or `UnicodeDecodeError` where the stream cannot be trusted."""
        if self._trouble:
            raise self._trouble
        events: list[ServerSentEvent] = []
        try:
            self._read(chunk, events)
        except (SSEOverflow, UnicodeDecodeError) as trouble:
            if not events:
                raise
            self._trouble = trouble
        return events

    def _read(self, chunk: bytes, events: list[ServerSentEvent]) -> None:
        if not chunk:
            return
        ends_line = chunk.endswith((b"\n", b"\r"))
        lines = self._without_split_newline(chunk).splitlines()
        self._after_cr = chunk.endswith(b"\r")
        rest = b"" if ends_line else lines.pop()

        for line in lines:
            self._extend_line(line)
            if (event := self._end_line()) is not None:
                events.append(event)
        self._extend_line(rest)

    def end(self) -> list[ServerSentEvent]:
        """Return the event that the stream ended in the middle of, if there is one."""
        found = (self._end_line() if self._line else None) or self._dispatch()
        return [found] if found else []

    def _without_split_newline(self, chunk: bytes) -> bytes:
        return chunk.removeprefix(b"\n") if self._after_cr else chunk

    def _extend_line(self, part: bytes) -> None:
        if len(self._line) + len(part) + self._data_bytes > self._max_event_bytes:
            raise SSEOverflow(f"an event of more than {self._max_event_bytes} bytes")
        self._line += part

    def _end_line(self) -> ServerSentEvent | None:
        line = bytes(self._line)
        self._line.clear()
        if self._at_start:
            self._at_start = False
            line = line.removeprefix(codecs.BOM_UTF8)
        if not line:
            return self._dispatch()
        field, _, value = line.partition(b":")
        if line.startswith(b"{") or (self._is_bare and field not in _FIELDS):
            self._is_bare = True
            self._add(line)
            return None
        self._set(field, value.removeprefix(b" "))
        return None

    def _set(self, field: bytes, value: bytes) -> None:
        # A comment is a line that starts with a colon: its field is empty and matches nothing.
        match field:
            case b"data":
                self._add(value)
            case b"error":
                self._event = "error"
                self._add(value)
            case b"event":
                self._event = value.decode()
            case b"id" if b"\0" not in value:
                self._id = value.decode()
            case b"retry" if value.isdigit() and len(value) <= _MAX_RETRY_DIGITS:
                self.retry_ms = int(value)
            case _:
                pass

    def _add(self, value: bytes) -> None:
        self._data.append(value.decode())
        self._data_bytes += len(value) + 1

    def _dispatch(self) -> ServerSentEvent | None:
        data, name = self._data, self._event
        self._data, self._data_bytes, self._event, self._is_bare = [], 0, "", False
        if not data:
            return None
        return ServerSentEvent("\n".join(data), name or "message", self._id)
