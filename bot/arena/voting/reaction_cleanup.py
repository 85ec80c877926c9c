"""One reaction a member: the earlier ones of those who change their mind are taken off the message."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

import structlog

from bot.domain.vote import Vote
from bot.errors import MessageGoneError, MessageUnavailableError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from bot.arena.voting.ballots import Ballots
    from bot.arena.voting.message import BallotMessage
    from bot.domain.battle import Battle

MOST_WAITING = 100

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class ReactionCleanup:
    """Takes reactions off one message, one request at a time; votes do not wait for it, and never need it.

    Of the members who change their mind faster than Discord lets reactions be removed (about four a second),
    `MOST_WAITING` wait their turn, each once however often they changed it; what others leave is left.
    """

    def __init__(
        self, message: BallotMessage, surpassed: Callable[[int], frozenset[Vote]], pause: float
    ) -> None:
        self._message = message
        self._surpassed = surpassed
        self._pause = pause
        self._waiting: dict[int, float] = {}
        """When each member's turn is, in the loop's time; the earliest first."""

        self._working: asyncio.Task[None] | None = None
        self._has_ended = False

    def notice(self, user_id: int) -> None:
        """Have a member's earlier reactions taken away after a while."""
        self._waiting.pop(user_id, None)
        if self._has_ended or len(self._waiting) >= MOST_WAITING:
            return
        self._waiting[user_id] = asyncio.get_running_loop().time() + self._pause
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work(), name="reaction cleanup")

    async def end(self) -> None:
        """Leave what is left."""
        self._has_ended = True
        if self._working is not None:
            self._working.cancel()
            with suppress(asyncio.CancelledError):
                await self._working

    async def _work(self) -> None:
        """Serve all who wait, unless the message is out of reach."""
        try:
            while self._waiting:
                user_id, due = next(iter(self._waiting.items()))
                if (left := due - asyncio.get_running_loop().time()) > 0:
                    await asyncio.sleep(left)
                else:
                    del self._waiting[user_id]
                    await self._clean(user_id)
        except MessageGoneError as lost:
            self._has_ended = True
            _log.info("earlier reactions stay", reason=lost.reason.value)
        except Exception:  # noqa: BLE001 - the boundary of the task: a battle does not fail of this
            self._has_ended = True
            _log.exception("earlier reactions stay")

    async def _clean(self, user_id: int) -> None:
        try:
            for vote in Vote:
                if vote in self._surpassed(user_id):
                    await self._message.remove(vote, user_id)
        except MessageUnavailableError as trouble:
            _log.info("an earlier reaction stays", error=str(trouble))


@asynccontextmanager
async def cleaned_up(
    ballots: Ballots, battle: Battle, message: BallotMessage, pause: float
) -> AsyncGenerator[None]:
    """Clean up in the background where the battle's rules want it, each time after a pause in seconds."""
    message_id, rules = battle.message_id, battle.rules
    if message_id is None or rules.ballot == "secret" or not rules.single_reaction:
        yield
        return
    cleanup = ReactionCleanup(message, partial(ballots.surpassed, message_id), pause)
    ballots.call_on_change(message_id, cleanup.notice)
    try:
        yield
    finally:
        await cleanup.end()
