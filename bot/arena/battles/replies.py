"""Two models answer one prompt at the same moment; a model that fails is replaced."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from bot.arena.battles.card import PartialReply
from bot.backends.base import BackendError, Failure, Finished, Retraction, TextPiece, Usage
from bot.backends.discretion import without_quotations
from bot.domain.battle import Battle, Contestant, FinishReason, Side, VoidReason
from bot.errors import MessageGoneError, MessageUnavailableError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bot.arena.models.roster import Competitor
    from bot.backends.base import ChatMessage
    from bot.domain.rules import Streaming

    Conversation = tuple[ChatMessage, ...]
    Show = Callable[[Mapping[Side, PartialReply]], Awaitable[None]]
    Replace = Callable[[Side], "Competitor | None"]

MAX_REPLACEMENTS = 2
"""Of the models on one side."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class OutOfModelsError(Exception):
    """Fewer than two models were able to answer: the one on `side` failed, and none took its place."""

    def __init__(self, side: Side, failure: Failure) -> None:
        super().__init__(side, failure)
        self.side = side
        self.failure = failure

    @property
    def is_the_prompts_doing(self) -> bool:
        """None was left that can take a prompt of this size."""
        return self.failure is Failure.PROMPT_TOO_LONG

    @property
    def void_reason(self) -> VoidReason:
        return VoidReason.PROMPT_TOO_LONG if self.is_the_prompts_doing else VoidReason.MODELS_FAILED


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
    done: bool = False
    finish: FinishReason = FinishReason.STOP
    asked_at: float = 0.0
    first_token_seconds: float | None = None
    total_seconds: float | None = None
    usage: Usage = field(default_factory=Usage)

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
            cost=self.cost(battle.prompt, images=battle.image is not None),
        )

    def cost(self, asked: str, *, images: bool) -> float | None:
        """Return what the reply has cost so far, in US dollars, where it is known; `asked`: what was read."""
        return self.competitor.prices.cost(self.usage, asked, self.text, images) if self.asked_at else None

    async def listen(self, conversation: Conversation, changed: Callable[[], None]) -> None:
        """Take the model's reply in, from the start; raises `BackendError`."""
        self._begin_anew()
        self.asked_at = time.perf_counter()
        async with aclosing(self.competitor.backend.reply(conversation)) as events:
            async for event in events:
                match event:
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
    ) -> None:
        self._conversations = conversations
        self.replies_in_progress = {
            side: ReplyInProgress(competitor) for side, competitor in competitors.items()
        }
        self._replace = replace
        self._patience = patience
        self._pause = pause
        self._style = style
        self._changed = asyncio.Event()
        self._finished = asyncio.Event()

    async def run(self, show: Show, *, is_announced: bool = True) -> Mapping[Side, ReplyInProgress]:
        """Return both finished replies; raises `OutOfModelsError`, and what `show` says of a lost card.

        `is_announced`: the card says already that they are asked.
        """
        ended_by: Exception | None = None
        try:
            async with asyncio.TaskGroup() as group:
                for side in Side:
                    group.create_task(self._answer(side))
                if not is_announced:
                    group.create_task(self._show_nothing_yet(show))
                if self._style == "lockstep":
                    group.create_task(self._narrate(show))
                elif self._style == "together":
                    group.create_task(self._announce(show))
        except* (OutOfModelsError, MessageGoneError) as failures:
            ended_by = failures.exceptions[0]
        if ended_by:
            raise ended_by
        return self.replies_in_progress

    async def _answer(self, side: Side) -> None:
        replaced = 0
        while True:
            reply_in_progress = self.replies_in_progress[side]
            try:
                return await reply_in_progress.listen(self._conversations[side], self._note)
            except BackendError as failure:
                detail = without_quotations(failure.detail, self._conversations[side], reply_in_progress.text)
                _log.warning(
                    "a model failed",
                    model=reply_in_progress.competitor.name,
                    failure=failure.failure.value,
                    detail=reply_in_progress.competitor.discreet(detail),
                    retry_after=failure.retry_after,
                )
                substitute = self._replace(side) if replaced < MAX_REPLACEMENTS else None
                if substitute is None:
                    await self._wait_for_same(side, failure, replaced)
                # A prompt that is too long is refused at once, so there is time to find who can take it.
                replaced += failure.failure is not Failure.PROMPT_TOO_LONG
                self.replies_in_progress[side] = ReplyInProgress(
                    substitute or reply_in_progress.competitor, beginnings=reply_in_progress.beginnings
                )
                self._note()

    async def _wait_for_same(self, side: Side, failure: BackendError, replaced: int) -> None:
        if (
            failure.failure is Failure.PROMPT_TOO_LONG
            or replaced >= MAX_REPLACEMENTS
            or failure.retry_after is None
            or failure.retry_after > self._patience
        ):
            raise OutOfModelsError(side, failure.failure) from failure
        await asyncio.sleep(failure.retry_after)

    def _note(self) -> None:
        self._changed.set()
        if all(reply_in_progress.done for reply_in_progress in self.replies_in_progress.values()):
            self._finished.set()

    async def _show_nothing_yet(self, show: Show) -> None:
        with suppress(MessageUnavailableError):  # whatever is shown next makes it good
            await show(dict.fromkeys(Side, PartialReply("", 0)))

    async def _announce(self, show: Show) -> None:
        """Give one sign of life, and no word, once both models write."""
        while not self._finished.is_set():
            await self._changed.wait()
            self._changed.clear()
            if (
                all(reply_in_progress.length for reply_in_progress in self.replies_in_progress.values())
                and not self._finished.is_set()
            ):
                with suppress(MessageUnavailableError):
                    await show(dict.fromkeys(Side, PartialReply("", 1)))
                    return

    async def _narrate(self, show: Show) -> None:
        last = ReplyFrame()
        while not self._finished.is_set():
            await self._changed.wait()
            self._changed.clear()
            frame = self._frame()
            if frame == last or self._finished.is_set():
                continue
            last = frame
            with suppress(MessageUnavailableError):  # a frame that got lost is made good by the next
                await show(self._texts(frame))
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause):
                    await self._finished.wait()

    def _frame(self) -> ReplyFrame:
        a, b = self.replies_in_progress[Side.A], self.replies_in_progress[Side.B]
        lengths = shown(a.progress, b.progress)
        if any(lengths):
            return ReplyFrame(lengths, begun=True, beginnings=(a.beginnings, b.beginnings))
        return ReplyFrame(begun=a.length > 0 and b.length > 0)

    def _texts(self, frame: ReplyFrame) -> dict[Side, PartialReply]:
        if not any(frame.lengths):
            return dict.fromkeys(Side, PartialReply("", int(frame.begun)))
        counts = zip(Side, frame.lengths, strict=True)
        return {side: PartialReply(self.replies_in_progress[side].text, count) for side, count in counts}


@dataclass(frozen=True, slots=True)
class ReplyFrame:
    """What a card shows while the models write, by the lengths in characters of both replies.

    Neither may be certain enough to be shown while both have `begun`. The same lengths of other
    `beginnings` are another text.
    """

    lengths: tuple[int, int] = (0, 0)
    begun: bool = False
    beginnings: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one reply has come; `length` in characters."""

    length: int
    done: bool


def shown(a: Progress, b: Progress) -> tuple[int, int]:
    """Say how many characters of each reply to show.

    Both grow by the same count until the shorter one is finished and fully shown; from then on the other
    shows all it has. Nothing is shown while one side has nothing, not even beside an empty finished reply.
    """
    common = min(a.length, b.length)
    if common == 0 and not (a.done and b.done):
        return 0, 0
    return (a.length if b.done else common), (b.length if a.done else common)
