"""What is known of a reply so far, whatever the protocol."""

from __future__ import annotations

import re

from bot.backends.base import (
    BackendError,
    Event,
    Failure,
    Finished,
    Retraction,
    TextPiece,
    Usage,
)
from bot.backends.finish_reasons import understand, word_of
from bot.backends.reasoning import HeldTooLongError, ReasoningFilter, ThinkingHabit
from bot.backends.turn_end import TurnEnd
from bot.domain.battle import FinishReason

_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_HALF = re.compile("[\ud800-\udfff]")
_FIRST_HALF = ("\ud800", "\udbff")
_TOO_MUCH_HELD = "more than a million characters of which none is certain to be the answer"


class Transcript:
    """The reply, as far as it came.

    One that the provider's filter stopped is `FILTERED` even where text came before: half an answer is not
    what the model would have said, and a vote on it would rank the filter. A finish reason is believed as
    long as no text follows it: some servers give one with every piece, or beside the reasoning.
    """

    def __init__(self, max_chars: int, habit: ThinkingHabit | None = None) -> None:
        self.life = 0
        """Grows with each piece of text or reasoning."""
        self.is_done = False
        """Nothing that follows is of interest."""
        self.is_refusal = False
        self._reason: FinishReason | None = None
        self._said = ""
        self._has_lied = False
        self._goes_on = False
        self._max_chars = max_chars
        self._chars = 0
        self._has_words = self._has_written = False
        self._ready: list[Event] = []
        self._half = ""
        self._habit = habit or ThinkingHabit()
        self._filter = ReasoningFilter(self._habit)
        self._turn = TurnEnd()
        self.usage = Usage()
        """What the provider has counted so far."""
        self._documents = 0

    @property
    def has_begun(self) -> bool:
        """The model works, be it that it only reasons yet."""
        return self.life > 0

    @property
    def has_written(self) -> bool:
        return self._has_written

    @property
    def is_settled(self) -> bool:
        """The reply is whole, and nothing that still comes can change it; not even trouble."""
        return self.is_done or (self._reason is not None and self._has_words and not self._has_lied)

    def count_documents(self, most: int, more: int = 1) -> None:
        """Bound what is worked through for one reply, whatever it is."""
        self._documents += more
        if self._documents > most:
            raise BackendError(Failure.TOO_LONG, f"an answer of more than {most} pieces")

    def think(self, reasoning: object) -> None:
        """Take a sign of life in; what it says is nobody's business."""
        if reasoning:
            self.life += 1
            self._habit.see_separate_reasoning()

    def write(self, text: str) -> None:
        """Take the model's next text in."""
        if not text:
            return
        self.life += 1
        self._has_written = True
        if self._reason and text.strip():
            self._reason, self._has_lied = None, True
        try:
            self._pass(*self._filter.feed(self._joined(text)))
        except HeldTooLongError as exc:
            raise BackendError(Failure.TOO_LONG, _TOO_MUCH_HELD) from exc

    def see_reason(self, said: object) -> None:
        """Take in what a server says of the end, where it has a field for it, also that there is none yet.

        Raises `BackendError` where the reply was not what stopped.
        """
        reason = understand(said)
        if reason is None:
            self._goes_on = True
        else:
            self._reason, self._said = reason, word_of(said)

    def count_tokens(self, input_tokens: int | None, output_tokens: int | None) -> None:
        """Note what the provider counted; what it did not, or counted as none, leaves what it said before."""
        known = self.usage
        self.usage = Usage(input_tokens or known.input_tokens, output_tokens or known.output_tokens)

    def fetch(self) -> list[Event]:
        """Return what is certain since the last time."""
        ready, self._ready = self._ready, []
        return ready

    def is_whole(self, *, streams: bool) -> bool:
        """Tell whether an answer that came to its end says that it is the whole one.

        Who names a reason in each piece, and none in the last, was interrupted: its `[DONE]` says only that
        the connection is over. Who never does may end with it, or as the only document.
        """
        if self._reason or (self.is_done and not self._has_words):
            return True
        if self.is_done:
            return bool(self._said) or not self._goes_on
        return not streams and not self._goes_on

    def end(self, left_out: tuple[str, ...] = ()) -> list[Event]:
        """Return the last events of an answer that is known to be whole."""
        reason = self._reason or FinishReason.STOP
        if self.is_refusal and reason is FinishReason.STOP:
            reason = FinishReason.REFUSAL
        if self._half:
            self._pass(*self._filter.feed("\ufffd"))
        self._pass(*self._filter.finish(is_whole=reason.is_natural))
        self._count(last := self._turn.finish())
        if not (self._has_words or last.strip()):
            kind = "only reasoning" if self.has_begun else "nothing"
            raise BackendError(Failure.EMPTY, f"the model wrote {kind}; its finish reason: {reason}")
        if last:
            self._ready.append(TextPiece(last))
        return [*self.fetch(), Finished(reason, self.usage, self._said, left_out)]

    def _joined(self, text: str) -> str:
        """Put halves of one character together, which servers cut between two pieces; a lone one is lost."""
        text, self._half = self._half + text, ""
        if text.isascii():
            return text
        if _FIRST_HALF[0] <= text[-1] <= _FIRST_HALF[1]:
            text, self._half = text[:-1], text[-1]
        if _HALF.search(text) is None:
            return text
        text = _PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)
        return _HALF.sub("\ufffd", text)

    def _pass(self, is_retracted: bool, certain: str) -> None:  # noqa: FBT001 - as the filter says it
        if is_retracted:
            self._take_back()
        if text := self._turn.feed(certain):
            self._count(text)
            self._has_words = self._has_words or bool(text.strip())
            self._ready.append(TextPiece(text, is_certain=self._habit.is_known))

    def _take_back(self) -> None:
        self._ready = [Retraction()] if self._chars else []
        self._chars, self._has_words, self._turn = 0, False, TurnEnd()

    def _count(self, text: str) -> None:
        self._chars += len(text)
        if self._chars > self._max_chars:
            raise BackendError(Failure.TOO_LONG, f"a reply of more than {self._max_chars} characters")
