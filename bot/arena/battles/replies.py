"""Two models answer one prompt at the same moment; a model that fails is replaced."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import structlog

from bot.arena.battles.card import PartialReply, Progress, ReplyFrame, shown
from bot.arena.battles.closing import OutOfModelsError
from bot.arena.models.prices import Exchange
from bot.backends.base import BackendError, Failure, Finished, Retraction, TextPiece, Usage, Waiting
from bot.backends.discretion import without_quotations
from bot.domain.battle import Battle, Contestant, FinishReason, Side
from bot.errors import MessageGoneError, MessageUnavailableError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bot.arena.models.roster import Competitor
    from bot.backends.base import ChatMessage
    from bot.domain.rules import Streaming

    Conversation = tuple[ChatMessage, ...]
    Show = Callable[[Mapping[Side, PartialReply]], Awaitable[None]]
    Replace = Callable[[Side], "Competitor | None"]
    NoteFailure = Callable[[Side, "ReplyInProgress", BackendError], Awaitable[None]]
    """Keeps the account of an attempt that failed."""

MAX_REPLACEMENTS = 2
"""Of the models on one side."""
PAUSES_IN_QUEUE = 10
"""Between two places that a card shows: all that wait move up at once, and others want to edit cards too."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(slots=True)
class ReplyInProgress:
    """A side while its model writes; times are seconds since that model was asked."""

    competitor: Competitor
    pieces: list[str] = field(default_factory=list[str])
    length: int = 0
    certain: int = 0
    """So many of its characters are sure to be no reasoning."""
    beginnings: int = 0
    """How often the side's text began anew."""
    place: int = 0
    """In the queue for its model."""
    done: bool = False
    finish: FinishReason = FinishReason.STOP
    asked_at: float = 0.0
    first_token_seconds: float | None = None
    total_seconds: float | None = None
    usage: Usage = field(default_factory=Usage)
    has_failed: bool = False

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    @property
    def progress(self) -> Progress:
        return Progress(self.certain, self.done)

    def contestant(self, side: Side, model_id: int, battle: Battle) -> Contestant:
        """Return what is kept of a finished reply."""
        return Contestant(
            side=side,
            model_id=model_id,
            model=self.competitor.name,
            reply=self.text,
            finish=self.finish,
            first_token_seconds=self.first_token_seconds,
            total_seconds=self.total_seconds,
            input_tokens=self.usage.input_tokens,
            output_tokens=self.usage.output_tokens,
            cost=self.cost(self.exchange(battle.prompt, battle)),
        )

    def exchange(self, prompt: str, battle: Battle) -> Exchange:
        """Return what a provider charges for, where `prompt` is all that the model had to read."""
        return Exchange(prompt, int(battle.image is not None), self.text, self.usage)

    def cost(self, exchange: Exchange) -> float | None:
        """Return what the reply has cost so far, in US dollars; `None`: not known, or on another account."""
        if not self.asked_at or self.has_failed:
            return None
        return self.competitor.prices.cost(exchange)

    async def listen(
        self, conversation: Conversation, changed: Callable[[], None], guild_id: int = 0
    ) -> None:
        """Take the model's reply in, from the start; raises `BackendError`."""
        self._begin_anew()
        self.asked_at = time.perf_counter()
        async with aclosing(self.competitor.backend.reply(conversation, guild_id)) as events:
            async for event in events:
                match event:
                    case Waiting():
                        self._queue(event.place)
                    case TextPiece():
                        self._take(event)
                    case Retraction():
                        self._begin_anew()
                    case Finished():
                        self.certain = self.length
                        self.finish = event.reason
                        self.usage = event.usage
                changed()
        self.total_seconds = time.perf_counter() - self.asked_at
        self.done = True
        changed()

    def _queue(self, place: int) -> None:
        self.place = place
        self.asked_at = 0.0 if place else time.perf_counter()

    def _begin_anew(self) -> None:
        self.pieces, self.length, self.certain = [], 0, 0
        self.first_token_seconds = None
        self.beginnings += 1

    def _take(self, piece: TextPiece) -> None:
        if self.first_token_seconds is None:
            self.first_token_seconds = time.perf_counter() - self.asked_at
        self.pieces.append(piece.text)
        self.length += len(piece.text)
        if piece.is_certain:
            self.certain = self.length


async def unnoted(_side: Side, _failed: ReplyInProgress, _error: BackendError) -> None:
    """Keep no account of failed attempts."""


class ReplyStream:
    """One run of two models, each over its own conversation.

    `replace` names the model that takes the side of one that failed, or `None`; `patience` is the
    longest wait, in seconds, that a rate-limited model is granted when there is no other. `pause` is the
    time in seconds between two of what is shown. `style` says how much is shown while they write: both in
    step, that they write, or nothing.
    """

    def __init__(
        self,
        conversations: Mapping[Side, Conversation],
        competitors: Mapping[Side, Competitor],
        replace: Replace,
        patience: float,
        pause: float,
        style: Streaming = "lockstep",
        guild_id: int = 0,
        note_failure: NoteFailure = unnoted,
    ) -> None:
        self._conversations = conversations
        self.replies_in_progress = {
            side: ReplyInProgress(competitor) for side, competitor in competitors.items()
        }
        self._replace = replace
        self._patience = patience
        self._pause = pause
        self._style = style
        self._guild_id = guild_id
        self._note_failure = note_failure
        self._have_begun = False
        self._shown = ReplyFrame()
        self._drawing: asyncio.Task[None] | None = None
        self._is_pausing = False

    async def run(self, show: Show, *, is_announced: bool = True) -> Mapping[Side, ReplyInProgress]:
        """Return both finished replies; raises `OutOfModelsError`, and what `show` says of a lost card.

        `is_announced`: the card says already that they are asked.
        """
        ended_by: Exception | None = None
        try:
            async with asyncio.TaskGroup() as group:
                changed = partial(self._note, group, show)
                for side in Side:
                    group.create_task(self._answer(side, changed))
                if not is_announced:
                    group.create_task(self._show_nothing_yet(show))
        except* (OutOfModelsError, MessageGoneError) as failures:
            ended_by = failures.exceptions[0]
        if ended_by:
            raise ended_by
        return self.replies_in_progress

    async def _answer(self, side: Side, changed: Callable[[], None]) -> None:
        replaced = 0
        while True:
            reply_in_progress = self.replies_in_progress[side]
            try:
                return await reply_in_progress.listen(self._conversations[side], changed, self._guild_id)
            except BackendError as failure:
                detail = without_quotations(failure.detail, self._conversations[side], reply_in_progress.text)
                _log.warning(
                    "a model failed",
                    model=reply_in_progress.competitor.name,
                    failure=failure.failure.value,
                    detail=reply_in_progress.competitor.discreet(detail),
                    retry_after=failure.retry_after,
                )
                reply_in_progress.has_failed = True
                await self._note_failure(side, reply_in_progress, failure)
                if failure.failure is Failure.CROWDED:
                    raise OutOfModelsError(side, failure.failure) from failure
                substitute = self._replace(side) if replaced < MAX_REPLACEMENTS else None
                if substitute is None:
                    await self._wait_for_same(side, failure, replaced)
                # A prompt that is too long is refused at once, so there is time to find who can take it.
                replaced += failure.failure is not Failure.PROMPT_TOO_LONG
                self.replies_in_progress[side] = ReplyInProgress(
                    substitute or reply_in_progress.competitor, beginnings=reply_in_progress.beginnings
                )
                changed()

    async def _wait_for_same(self, side: Side, failure: BackendError, replaced: int) -> None:
        if (
            failure.failure is Failure.PROMPT_TOO_LONG
            or replaced >= MAX_REPLACEMENTS
            or failure.retry_after is None
            or failure.retry_after > self._patience
        ):
            raise OutOfModelsError(side, failure.failure) from failure
        await asyncio.sleep(failure.retry_after)

    @property
    def _is_finished(self) -> bool:
        a, b = self.replies_in_progress.values()
        return a.done and b.done

    @property
    def _has_news(self) -> bool:
        return not self._is_finished and self._frame() != self._shown

    def _note(self, group: asyncio.TaskGroup, show: Show) -> None:
        """Take notice that a reply changed; a task draws as long as there is something new to be shown."""
        has_begun = bool(self._shown.place) and not self._place
        if self._drawing and self._is_pausing and (self._is_finished or has_begun):
            self._drawing.cancel()
            self._drawing, self._is_pausing = None, False
        if (self._drawing is None or self._drawing.done()) and self._has_news:
            self._drawing = group.create_task(self._draw(show))

    async def _show_nothing_yet(self, show: Show) -> None:
        with suppress(MessageUnavailableError):  # whatever is shown next makes it good
            await show(dict.fromkeys(Side, PartialReply("", 0)))

    async def _draw(self, show: Show) -> None:
        while self._has_news:
            frame = self._frame()
            with suppress(MessageUnavailableError):  # a frame that got lost is made good by the next
                await show(self._texts(frame))
                self._shown = frame
            if not self._is_finished:
                self._is_pausing = True
                await asyncio.sleep(self._pause * (PAUSES_IN_QUEUE if self._place else 1))
                self._is_pausing = False

    @property
    def _place(self) -> int:
        return max(reply_in_progress.place for reply_in_progress in self.replies_in_progress.values())

    def _frame(self) -> ReplyFrame:
        a, b = self.replies_in_progress[Side.A], self.replies_in_progress[Side.B]
        if self._place:
            return ReplyFrame(place=self._place)
        if self._style == "off":
            return ReplyFrame()
        both_write = a.length > 0 and b.length > 0
        if self._style == "together":
            # One sign of life, which is not taken back.
            self._have_begun |= both_write
            return ReplyFrame(begun=self._have_begun)
        lengths = shown(a.progress, b.progress)
        if any(lengths):
            return ReplyFrame(lengths, begun=True, beginnings=(a.beginnings, b.beginnings))
        return ReplyFrame(begun=both_write)

    def _texts(self, frame: ReplyFrame) -> dict[Side, PartialReply]:
        if not any(frame.lengths):
            return dict.fromkeys(Side, PartialReply("", int(frame.begun), frame.place))
        counts = zip(Side, frame.lengths, strict=True)
        return {side: PartialReply(self.replies_in_progress[side].text, count) for side, count in counts}
