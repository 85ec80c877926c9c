"""What follows a reveal in its own time: a message that the result is in, and the bot's reactions go."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from bot.arena.battles.retries import Retries
from bot.domain.battle import BattleState
from bot.errors import MessageGoneError, MessageRefusedError, MessageUnavailableError
from bot.storage import battles

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.arena.battles.card import PostedCard
    from bot.arena.battles.deps import BattleDeps
    from bot.domain.battle import Battle
    from bot.domain.pauses import Pauses

NEWS_SECONDS = 3600.0
"""So long after its end a result is news; one whose card can be drawn only later stands on the card alone."""

ANNOUNCING_SECONDS = 120.0
"""So long it is tried: for a few minutes Discord knows a message that it took without our hearing of it."""

LONGEST_SECONDS = 180.0
"""So long after a result all that follows it is done, unless the process has ended: a start looks no further
back from the last result than that, and nothing needs to be stored about it."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


async def is_drawn(tries: Retries, draw: Callable[[], Awaitable[None]], battle_id: int) -> bool:
    """Draw the end of a battle, however long that takes; `False` where its card is lost."""
    try:
        await tries.until_done(draw)
    except (MessageGoneError, MessageRefusedError) as exc:
        _log.info("the card of an ended battle is lost", battle=battle_id, error=str(exc))
        return False
    return True


async def note_drawn(deps: BattleDeps, battle: Battle, message: PostedCard | None) -> None:
    """Record that the card shows the end, or is lost; once, what follows a new result begins."""
    async with deps.database.write() as connection:
        await battles.set_redrawn(connection, battle.battle_id, deps.clock())
    if message and battle.first_drawn_at is None:
        begin_aftermath(deps, battle, message)


def begin_aftermath(deps: BattleDeps, battle: Battle, message: PostedCard) -> None:
    """Do what follows a result that is news, also where an earlier process may have begun with it."""
    is_news = deps.clock() - (battle.closed_at or 0.0) <= NEWS_SECONDS
    if is_news and battle.state is BattleState.CLOSED:
        deps.redraws.begin(battle.battle_id, Aftermath(deps.pauses, message, battle).take_place)


class Aftermath:
    """What is done once for a result that has just come in; where it fails, no figure is wrong."""

    def __init__(self, pauses: Pauses, message: PostedCard, battle: Battle) -> None:
        self._pauses = pauses
        self._message = message
        self._battle = battle

    async def take_place(self) -> None:
        await self._announce()
        await self._take_seeds_away()

    async def _announce(self) -> None:
        if self._battle.rules.result_notice == "silent" or self._battle.match is not None:
            return  # a tournament tells of its matches itself
        tries = Retries(self._pauses.before_redraws, self._battle.battle_id)
        try:
            async with asyncio.timeout(ANNOUNCING_SECONDS):
                await tries.until_done(lambda: self._message.announce(self._battle))
        except (TimeoutError, MessageGoneError, MessageRefusedError) as exc:
            _log.info("a result was not announced", battle=self._battle.battle_id, error=str(exc))

    async def _take_seeds_away(self) -> None:
        """Leave the members' reactions alone under the card, so that they say what it says."""
        try:
            for choice in self._battle.seeds:
                await self._message.unseed(choice)
                await asyncio.sleep(self._pauses.between_seeds)
        except (MessageGoneError, MessageRefusedError, MessageUnavailableError) as exc:
            _log.info("reactions of my own stay", battle=self._battle.battle_id, error=str(exc))
