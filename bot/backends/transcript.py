"""What is known of a reply so far, whatever the protocol."""

from __future__ import annotations

from bot.backends.base import BackendError, Event, Failure, Finished, FinishReason, TextPiece, Usage
from bot.backends.reasoning import ReasoningFilter


class Transcript:
    """The reply, as far as it came.

    One that the provider's filter stopped is `FILTERED` even where text came before: half an answer is not
    what the model would have said, and a vote on it would rank the filter.
    """

    def __init__(self, max_chars: int) -> None:
        self.has_begun = False
        """The model works, be it that it only reasons yet."""
        self.is_done = False
        """Nothing that follows is of interest."""
        self.finish_reason: FinishReason | None = None
        self._max_chars = max_chars
        self._chars = 0
        self._filter = ReasoningFilter()
        self._usage = Usage()

    def write(self, text: str | None) -> str:
        """Take the model's next text in; returns what of it is certain to belong to the answer."""
        if not text:
            return ""
        self.has_begun = True
        return self._count(self._filter.feed(text))

    def count_tokens(self, input_tokens: int | None, output_tokens: int | None) -> None:
        """Note what the provider counted; `None` leaves what it said before."""
        known = self._usage
        self._usage = Usage(
            known.input_tokens if input_tokens is None else input_tokens,
            known.output_tokens if output_tokens is None else output_tokens,
        )

    def end(self) -> list[Event]:
        """Return the last events of an answer that is known to be whole."""
        reason = self.finish_reason or FinishReason.STOP
        rest = self._filter.finish()
        if self._chars == 0 and not rest.strip():
            kind = "only reasoning" if self.has_begun else "nothing"
            raise BackendError(Failure.EMPTY, f"the model wrote {kind}; its finish reason: {reason}")
        finished = Finished(reason, self._usage)
        return [TextPiece(self._count(rest)), finished] if rest else [finished]

    def _count(self, text: str) -> str:
        self._chars += len(text)
        if self._chars > self._max_chars:
            raise BackendError(Failure.TOO_LONG, f"a reply of more than {self._max_chars} characters")
        return text
