"""When a season of the leaderboard ends, and for how long its end can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.arena.audit_log import record
from bot.domain.audit import AuditAction, Change
from bot.domain.days import DAY_SECONDS
from bot.domain.pair_sums import FIRST_SEASON
from bot.errors import ArenaError
from bot.i18n import N_
from bot.storage import models, pairs, seasons, voters
from bot.storage.seasons import Season

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.domain.audit import Actor, AuditEntry
    from bot.storage.database import Connection, Database

UNDO_SECONDS = DAY_SECONDS
TOO_LATE = N_("No season ended in the last 24 hours, so there is nothing to take back.")


class Seasons:
    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    async def over(self, guild_id: int) -> list[Season]:
        """Return the seasons that are over, the latest first."""
        async with self._database.read() as connection:
            return await seasons.ended(connection, guild_id)

    async def last(self, guild_id: int) -> Season:
        """Return the season whose end can be taken back; raises `ArenaError` where there is none."""
        async with self._database.read() as connection:
            return await self._undoable(connection, guild_id)

    async def end(self, actor: Actor, name: str) -> AuditEntry:
        """Archive the board so far under a name, and begin a new one."""
        async with self._database.write() as connection:
            await models.ensure_guild(connection, actor.guild_id, self._clock())
            name = checked_name(name, await seasons.ended(connection, actor.guild_id))
            season = Season(await seasons.current(connection, actor.guild_id), name, self._clock())
            await seasons.end(connection, actor.guild_id, season)
            change = Change("season", None, season.name)
            return await record(connection, actor, AuditAction.SEASON, season.ended_at, change)

    async def undo(self, actor: Actor, number: int) -> AuditEntry:
        """Let a season go on, with what was voted since its end; raises `ArenaError` after a day."""
        async with self._database.write() as connection:
            season = await self._undoable(connection, actor.guild_id)
            if season.number != number:
                raise ArenaError(TOO_LATE)
            await seasons.reopen(connection, actor.guild_id, number)
            await pairs.move_season(connection, actor.guild_id, number + 1, number)
            await voters.move_season(connection, actor.guild_id, number + 1, number)
            change = Change("season", season.name, None)
            return await record(connection, actor, AuditAction.SEASON_UNDONE, self._clock(), change)

    async def _undoable(self, connection: Connection, guild_id: int) -> Season:
        latest = next(iter(await seasons.ended(connection, guild_id)), None)
        if latest is None or latest.number < FIRST_SEASON or self._clock() > latest.ended_at + UNDO_SECONDS:
            raise ArenaError(TOO_LATE)
        return latest


def checked_name(name: str, over: Iterable[Season]) -> str:
    """Return a season's name as it is kept; raises `ArenaError` where another one has it, or it has none."""
    name = " ".join(name.split())
    if not name:
        raise ArenaError(N_("A season needs a name."))
    if name.casefold() in {season.name.casefold() for season in over}:
        raise ArenaError(
            N_("Another season has this name already: {name}. Please choose another name."), name=name
        )
    return name
