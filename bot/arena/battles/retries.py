"""What is asked of Discord until it is done, also beside what its battle does."""

from __future__ import annotations

import asyncio
from itertools import chain, repeat
from typing import TYPE_CHECKING, TypeVar

import structlog

from bot.errors import MessageGoneError, MessageRefusedError, MessageUnavailableError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    Drawing = Callable[[], Awaitable[None]]

T = TypeVar("T")

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Retries:
    """The tries of one battle: what Discord cannot do now it is asked again, however often that takes.

    Each try comes after the next of `delays` (seconds), in the end always after the last of them.
    """

    def __init__(self, delays: Sequence[float], battle_id: int) -> None:
        self._delays = delays
        self._battle_id = battle_id
        self._hurries = 0
        self._rests: set[asyncio.Task[None]] = set()

    @property
    def is_waiting(self) -> bool:
        return bool(self._rests)

    def hurry(self) -> None:
        """Try again at once, as something has changed, and after the short delays first."""
        self._hurries += 1
        for rest in self._rests:
            rest.cancel()

    async def until_done(self, attempt: Callable[[], Awaitable[T]]) -> T:
        delays = self._all_delays()
        while True:
            hurries = self._hurries
            try:
                return await attempt()
            except MessageUnavailableError as trouble:
                delay = next(delays)
                _log.warning(
                    "Discord did not take a card", battle=self._battle_id, error=str(trouble), again_in=delay
                )
            if hurries == self._hurries:  # none came while the attempt was under way
                await self._rest(delay)
            if hurries != self._hurries:
                delays = self._all_delays()

    def _all_delays(self) -> chain[float]:
        return chain(self._delays, repeat(self._delays[-1]))

    async def _rest(self, seconds: float) -> None:
        """Wait so long, or until something has changed."""
        rest = asyncio.create_task(asyncio.sleep(seconds))
        self._rests.add(rest)
        try:
            await asyncio.wait([rest])
        finally:
            rest.cancel()
            self._rests.discard(rest)


class Redraws:
    """The tasks that change the cards of battles under way; votes and ends do not wait for them."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, battle_id: int, drawing: Drawing) -> None:
        task = asyncio.create_task(_guard(battle_id, drawing), name=f"card {battle_id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def cancel(self) -> set[asyncio.Task[None]]:
        """Leave the rest to the next start; returns the tasks that are about to end."""
        for task in self._tasks:
            task.cancel()
        return set(self._tasks)


async def _guard(battle_id: int, drawing: Drawing) -> None:
    """Be the task's boundary: the battle goes on, and the next start finds what is left to draw."""
    try:
        await drawing()
    except (MessageGoneError, MessageRefusedError) as exc:
        _log.warning("a card could not be redrawn", battle=battle_id, error=str(exc))
    except Exception:  # noqa: BLE001 - the boundary of the task
        _log.exception("a card could not be redrawn", battle=battle_id)
