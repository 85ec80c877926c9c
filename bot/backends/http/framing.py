"""Cuts the bytes of an answer into JSON documents: server-sent events, lines, or one whole body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bot.backends.base import BackendError, Failure
from bot.backends.http.sse import SSEOverflow, SSEParser

if TYPE_CHECKING:
    from collections.abc import Sequence

    import msgspec


class Framing(Protocol):
    """Raises `BackendError` where the bytes cannot be trusted."""

    streams: bool
    """An end that nothing announced means that the answer was cut."""

    def __init__(self, max_bytes: int) -> None: ...
    def feed(self, chunk: bytes) -> Sequence[str | bytes]: ...
    def end(self) -> Sequence[str | bytes]: ...


class Events:
    """Server-sent events; those with empty data only keep a connection alive."""

    streams = True

    def __init__(self, max_bytes: int) -> None:
        self._parser = SSEParser(max_bytes)

    def feed(self, chunk: bytes) -> Sequence[str | bytes]:
        try:
            return [event.data for event in self._parser.feed(chunk) if event.data]
        except (SSEOverflow, UnicodeDecodeError) as exc:
            raise unreadable(exc) from exc

    def end(self) -> Sequence[str | bytes]:
        return ()


class Lines:
    """A JSON document a line; the last one may lack its newline."""

    streams = True

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._rest = bytearray()

    def feed(self, chunk: bytes) -> Sequence[str | bytes]:
        self._rest += chunk
        if len(self._rest) - self._rest.rfind(b"\n") > self._max_bytes:
            raise BackendError(Failure.BAD_ANSWER, f"a line of more than {self._max_bytes} bytes")
        whole, newline, rest = self._rest.rpartition(b"\n")
        if not newline:
            return ()
        self._rest = rest
        return [bytes(line) for line in whole.splitlines() if line.strip()]

    def end(self) -> Sequence[str | bytes]:
        return (bytes(self._rest),) if self._rest.strip() else ()


class Body:
    """One document: the answer of a server that does not stream."""

    streams = False

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._body = bytearray()

    def feed(self, chunk: bytes) -> Sequence[str | bytes]:
        self._body += chunk
        if len(self._body) > self._max_bytes:
            raise BackendError(Failure.BAD_ANSWER, f"a body of more than {self._max_bytes} bytes")
        return ()

    def end(self) -> Sequence[str | bytes]:
        return (bytes(self._body),)


def unreadable(exc: ValueError | msgspec.DecodeError) -> BackendError:
    return BackendError(Failure.BAD_ANSWER, f"unreadable: {exc}")
