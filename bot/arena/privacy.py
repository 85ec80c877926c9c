"""What members decide about their own data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.storage import models, opt_outs

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.storage.database import Database


class Privacy:
    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    async def allow_exports(self, guild_id: int, user_id: int) -> None:
        async with self._database.write() as connection:
            await opt_outs.remove(connection, guild_id, user_id)

    async def leave_out_of_exports(self, guild_id: int, user_id: int) -> None:
        """Leave the member's votes, and the battles that they ask for, out of every export from now on."""
        async with self._database.write() as connection:
            await models.ensure_guild(connection, guild_id, self._clock())
            await opt_outs.add(connection, guild_id, user_id)
