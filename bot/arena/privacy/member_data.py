"""What members can know and decide about their own data."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import structlog

from bot.arena.privacy.retention import days_of
from bot.storage import battles, erasures, members, models, opt_outs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.config import BattleDefaults
    from bot.domain.battle import Battle
    from bot.storage.database import Database
    from bot.storage.erasures import Erased
    from bot.storage.members import Traces

STALE_CARDS = 20
"""Cards that are looked for at a time."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Kept(NamedTuple):
    """What there is of a member in a server, and after how many days texts go; `None`: they stay."""

    traces: Traces
    retention_days: int | None


class Privacy:
    def __init__(self, database: Database, defaults: BattleDefaults, clock: Callable[[], float]) -> None:
        self._database = database
        self._defaults = defaults
        self._clock = clock

    async def kept(self, guild_id: int, user_id: int) -> Kept:
        async with self._database.read() as connection:
            traces = await members.traces(connection, guild_id, user_id)
            return Kept(traces, await days_of(connection, guild_id, self._defaults))

    async def allow_exports(self, guild_id: int, user_id: int) -> None:
        async with self._database.write() as connection:
            await opt_outs.remove(connection, guild_id, user_id)

    async def leave_out_of_exports(self, guild_id: int, user_id: int) -> None:
        """Leave the member's votes, and the battles that they ask for, out of every export from now on."""
        async with self._database.write() as connection:
            await models.ensure_guild(connection, guild_id, self._clock())
            await opt_outs.add(connection, guild_id, user_id)

    async def erase(self, guild_id: int, user_id: int) -> Erased:
        """Forget a member in a server, at once where a battle is decided, and else when it is."""
        async with self._database.write() as connection:
            erased = await erasures.erase(connection, guild_id, user_id, self._clock())
        _log.info("a member was forgotten", guild=guild_id, **erased._asdict())
        return erased

    async def stale_cards(self) -> Sequence[Battle]:
        """Return battles whose cards may still show texts that a member had deleted."""
        async with self._database.read() as connection:
            found = await erasures.stale(connection, STALE_CARDS)
            cards = [await battles.get(connection, guild_id, battle_id) for guild_id, battle_id in found]
        return [battle for battle in cards if battle]

    async def card_is_clean(self, battle: Battle) -> None:
        async with self._database.write() as connection:
            await erasures.set_clean(connection, battle.battle_id)
