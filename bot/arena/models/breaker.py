"""Models that fail again and again sit out, and are asked in the background whether they are back."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from bot.arena.models.prices import unpaid
from bot.arena.models.probe import WORDS, probe
from bot.backends.base import BackendError, Failure, Finished

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from bot.arena.models.prices import Spend
    from bot.backends.base import Backend, ChatMessage, Event

FIRST_PAUSE_SECONDS = 60.0
LONGEST_PAUSE_SECONDS = 3600.0
BLAMELESS = frozenset(
    {
        *(Failure.FILTERED, Failure.TOO_LONG, Failure.PROMPT_TOO_LONG, Failure.NO_IMAGES, Failure.EMPTY),
        Failure.CROWDED,
    }
)
"""What may be the prompt's doing, or that of others who ask, and says nothing of the next one."""
SHORT_CHARS = 500
"""The smallest contexts hold 512 tokens, and hardly a script takes more than a token a character."""
LENGTH_KNOWN_SECONDS = 3600.0
"""Then a longer prompt is tried again: who runs the server may have given the model a larger context."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Outage:
    """Why a model sits out, since when, and until when (both Unix seconds) it is left in peace."""

    failure: Failure
    since: float
    until: float
    pause: float


@dataclass(frozen=True, slots=True)
class Health:
    """What is wrong with a model, and the longest conversation that its server's refusals taught."""

    outage: Outage | None = None
    rests_until: float | None = None
    max_prompt_chars: int | None = None

    @property
    def is_well(self) -> bool:
        return self.outage is None and self.rests_until is None

    @property
    def outage_reason(self) -> str | None:
        """Why it sits out, as a message of the catalogue."""
        return WORDS[self.outage.failure] if self.outage else None


class CircuitBreaker:
    """A backend whose successes and failures are counted, whoever asks it.

    After `bench_after` failures in a row it is out. When its pause is over it is asked one short question:
    an answer brings it back, another failure doubles the pause. No battle waits for it meanwhile. One that
    only asked for a rest (`Retry-After`) comes back by itself.
    """

    def __init__(
        self, backend: Backend, called: str, bench_after: int, clock: Callable[[], float], spend: Spend
    ) -> None:
        """Take the name for the log too, and what keeps the account of its own questions."""
        self.outage: Outage | None = None
        self._backend = backend
        self._called = called
        self._bench_after = bench_after
        self._clock = clock
        self._spend = spend
        self._failures = 0
        self._rests_until = 0.0
        self._rests_since = 0.0
        self._too_many_chars: int | None = None
        self._length_known_until = 0.0
        self._refused_at = 0.0
        self._probing: asyncio.Task[None] | None = None

    @property
    def rests_until(self) -> float | None:
        """Until when it asked to be left alone (Unix seconds), if that lies ahead."""
        return self._rests_until if self._rests_until > self._clock() else None

    def seen_before(self, moment: float) -> Health:
        """Return what was wrong with it already at a moment."""
        outage = self.outage if self.outage and self.outage.since < moment else None
        rests_until = self.rests_until if self._rests_since < moment else None
        return Health(outage, rests_until, self.max_prompt_chars if self._refused_at < moment else None)

    @property
    def is_spotless(self) -> bool:
        """There is nothing to tell of it."""
        return self.is_ready and self.max_prompt_chars is None

    @property
    def is_ready(self) -> bool:
        return self.outage is None and self.rests_until is None

    @property
    def max_prompt_chars(self) -> int | None:
        """The longest conversation that it may be able to take, as its server's refusals taught of late."""
        if self._too_many_chars is None or self._clock() >= self._length_known_until:
            return None
        return self._too_many_chars - 1

    async def reply(
        self, conversation: tuple[ChatMessage, ...], guild_id: int = 0
    ) -> AsyncGenerator[Event, None]:
        """Stream the reply; a server that calls a short conversation too long has failed."""
        try:
            async with aclosing(self._backend.reply(conversation, guild_id)) as events:
                async for event in events:
                    # Before it is passed on: who has the last event may well ask for no more.
                    if isinstance(event, Finished):
                        self._succeed()
                        self._unlearn_length(conversation)
                    yield event
        except BackendError as said:
            error = _judged(said, conversation)
            self._learn_length(error, conversation)
            self._fail(error)
            raise error from said.__cause__

    async def forgive(self) -> None:
        """Forget its failures, and ask it nothing: it is not to fight at present."""
        await self.close()
        self.outage, self._failures = None, 0

    async def close(self) -> None:
        """Probe no more."""
        if self._probing:
            self._probing.cancel()
            with suppress(asyncio.CancelledError):
                await self._probing

    def _succeed(self) -> None:
        self._failures, self._rests_until = 0, 0.0
        if self.outage:
            self.outage = None
            _log.info("a model is back", model=self._called)

    def _learn_length(self, error: BackendError, conversation: tuple[ChatMessage, ...]) -> None:
        if error.failure is Failure.PROMPT_TOO_LONG and not _has_image(conversation):
            most = self.max_prompt_chars
            chars = _chars(conversation)
            if most is None or chars <= most:
                self._refused_at = self._clock()
            self._too_many_chars = chars if most is None else min(chars, most + 1)
            self._length_known_until = self._clock() + LENGTH_KNOWN_SECONDS

    def _unlearn_length(self, conversation: tuple[ChatMessage, ...]) -> None:
        """Believe the answer to a longer conversation more than what was refused before."""
        if self._too_many_chars is not None and _chars(conversation) >= self._too_many_chars:
            self._too_many_chars = None

    def _fail(self, error: BackendError) -> None:
        if error.retry_after is not None:
            if self.rests_until is None:
                self._rests_since = self._clock()
            self._rests_until = self._clock() + min(error.retry_after, LONGEST_PAUSE_SECONDS)
        if error.failure in BLAMELESS:
            return
        self._failures += 1
        if self._failures >= self._bench_after and self.outage is None:
            self._sit_out(error, FIRST_PAUSE_SECONDS)
            if self._probing is None or self._probing.done():
                self._probing = asyncio.create_task(self._probe(), name=f"probing {self._called}")

    async def _probe(self) -> None:
        while outage := self.outage:
            await asyncio.sleep(outage.until - self._clock())
            try:
                await probe(self._backend, self._spend)
            except BackendError as error:
                if error.failure is Failure.CROWDED:
                    error, pause = BackendError(outage.failure, error.detail), outage.pause
                else:
                    pause = max(2 * outage.pause, error.retry_after or 0.0)
                self._sit_out(error, pause)
            except Exception:  # noqa: BLE001 - the task ends here, and the model would be out for ever
                _log.exception("a probe failed inside the bot", model=self._called)
                self._sit_out(BackendError(outage.failure, ""), 2 * outage.pause)
            else:
                self._succeed()

    def _sit_out(self, error: BackendError, seconds: float) -> None:
        pause = min(seconds, LONGEST_PAUSE_SECONDS)
        now = self._clock()
        self.outage = Outage(error.failure, self.outage.since if self.outage else now, now + pause, pause)
        _log.warning("a model is benched", model=self._called, failure=error.failure.value, seconds=pause)


def _judged(error: BackendError, conversation: tuple[ChatMessage, ...]) -> BackendError:
    """Return what a failure is taken for: a short conversation is too long for no model."""
    chars = _chars(conversation)
    if error.failure is not Failure.PROMPT_TOO_LONG or chars >= SHORT_CHARS or _has_image(conversation):
        return error
    detail = f"{error.detail} (the prompt has {chars} characters)"
    judged = BackendError(Failure.OVERLOADED, detail, retry_after=error.retry_after)
    judged.usage = error.usage
    return judged


def _has_image(conversation: tuple[ChatMessage, ...]) -> bool:
    # It may be what was too large.
    return any(message.image for message in conversation)


def _chars(conversation: tuple[ChatMessage, ...]) -> int:
    return sum(len(message.content) for message in conversation)


class CircuitBreakers:
    """Where the players of the process are known, so that no probe outlives it."""

    def __init__(self, bench_after: int, clock: Callable[[], float]) -> None:
        self._bench_after = bench_after
        self._clock = clock
        self._breakers: list[CircuitBreaker] = []

    def watch(self, backend: Backend, called: str, spend: Spend = unpaid) -> CircuitBreaker:
        breaker = CircuitBreaker(backend, called, self._bench_after, self._clock, spend)
        self._breakers.append(breaker)
        return breaker

    async def dismiss(self, breaker: CircuitBreaker) -> None:
        """Forget a player that is replaced."""
        self._breakers.remove(breaker)
        await breaker.close()

    async def close(self) -> None:
        for breaker in self._breakers:
            await breaker.close()
