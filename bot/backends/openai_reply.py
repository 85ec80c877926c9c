"""Reads a chat completion out of the bytes of an answer; no I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.backends.base import BackendError, Event, Failure, Finished, FinishReason, TextPiece, Usage
from bot.backends.openai_failures import classify
from bot.backends.openai_wire import Choice, Chunk, WireError
from bot.backends.reasoning import ReasoningFilter
from bot.backends.sse import SSEOverflow, SSEParser

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.backends.network import Limits

_chunk_decoder = msgspec.json.Decoder(Chunk)


class Transcript:
    """What is known of the reply so far.

    A reply that the provider's filter stopped is `FILTERED` even where text came before: half an
    answer is not what the model would have said, and a vote on it would rank the filter.
    """

    def __init__(self, max_chars: int, quote: Callable[[str], str]) -> None:
        """`quote` makes a server's words fit for an error."""
        self.has_begun = False
        self.finish_reason: FinishReason | None = None
        self._max_chars = max_chars
        self._quote = quote
        self._chars = 0
        self._filter = ReasoningFilter()
        self._usage = Usage()

    def take(self, document: str | bytes) -> str:
        """Return the visible text that one JSON document adds, possibly none."""
        chunk = _chunk_decoder.decode(document)
        if chunk.error:
            raise self._broke_off(chunk.error)
        if chunk.usage:
            self._usage = Usage(chunk.usage.prompt_tokens, chunk.usage.completion_tokens)
        return "".join([self._take_choice(choice) for choice in chunk.choices or () if not choice.index])

    def end(self) -> list[Event]:
        """Return the last events of an answer that is known to be whole."""
        reason = self.finish_reason or FinishReason.STOP
        rest = self._filter.finish()
        if self._chars == 0 and not rest.strip():
            kind = "only reasoning" if self.has_begun else "nothing"
            raise BackendError(Failure.EMPTY, f"the model wrote {kind}; its finish reason: {reason}")
        finished = Finished(reason, self._usage)
        return [TextPiece(self._count(rest)), finished] if rest else [finished]

    def _take_choice(self, choice: Choice) -> str:
        text = ""
        if delta := choice.delta or choice.message:
            self.has_begun = self.has_begun or delta.has_begun
            text = self._count(self._filter.feed(delta.text))
        if choice.finish_reason:
            self.finish_reason = _understand(choice.finish_reason)
        return text

    def _count(self, text: str) -> str:
        self._chars += len(text)
        if self._chars > self._max_chars:
            raise BackendError(Failure.TOO_LONG, f"a reply of more than {self._max_chars} characters")
        return text

    def _broke_off(self, error: WireError | str) -> BackendError:
        if isinstance(error, str):
            error = WireError(error)
        message = error.message or error.type or "no message"
        return BackendError(classify(error), f"error in the answer: {self._quote(message)}")


class StreamReading:
    """Reads an answer of server-sent events."""

    def __init__(self, transcript: Transcript, limits: Limits) -> None:
        self.transcript = transcript
        self.is_done = False
        self._parser = SSEParser(limits.max_event_bytes)

    def feed(self, chunk: bytes) -> str:
        try:
            return "".join([self._take(event.data) for event in self._parser.feed(chunk)])
        except (SSEOverflow, msgspec.DecodeError, UnicodeDecodeError) as exc:
            raise _unreadable(exc) from exc

    def end(self) -> list[Event]:
        if not self.is_done and self.transcript.finish_reason is None:
            raise BackendError(Failure.BAD_ANSWER, "the stream was cut")
        return self.transcript.end()

    def _take(self, data: str) -> str:
        # Some gateways keep a connection alive with events that have empty data.
        if self.is_done or not data:
            return ""
        if data == "[DONE]":
            self.is_done = True
            return ""
        return self.transcript.take(data)


class BodyReading:
    """Reads the answer of a server that does not stream: one JSON document."""

    def __init__(self, transcript: Transcript, limits: Limits) -> None:
        self.transcript = transcript
        self.is_done = False
        self._max_bytes = limits.max_event_bytes
        self._body = bytearray()

    def feed(self, chunk: bytes) -> str:
        self._body += chunk
        if len(self._body) > self._max_bytes:
            raise BackendError(Failure.BAD_ANSWER, f"a body of more than {self._max_bytes} bytes")
        return ""

    def end(self) -> list[Event]:
        try:
            text = self.transcript.take(bytes(self._body))
        except (msgspec.DecodeError, UnicodeDecodeError) as exc:
            raise _unreadable(exc) from exc
        events = self.transcript.end()
        return [TextPiece(text), *events] if text else events


def _understand(finish_reason: str) -> FinishReason:
    match finish_reason:
        case "content_filter":
            raise BackendError(Failure.FILTERED, "the provider's content filter stopped the reply")
        case "error":
            raise BackendError(Failure.BAD_ANSWER, "the server gave up in the middle of the reply")
        case "length":
            return FinishReason.LENGTH
        case _:
            # tool_calls too: the bot offers no tools, so the text is all there is, or the reply is empty.
            return FinishReason.STOP


def _unreadable(exc: ValueError | msgspec.DecodeError) -> BackendError:
    return BackendError(Failure.BAD_ANSWER, f"unreadable: {exc}")
