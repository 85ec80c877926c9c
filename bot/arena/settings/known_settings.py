"""The settings of all servers, in memory, so that nothing has to be read before a member is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.arena.settings import guild_settings
from bot.arena.settings.guild_settings import GuildSettings

if TYPE_CHECKING:
    from bot.storage.database import Database


class KnownSettings:
    """What each server decided, as it was committed last; `weekly_posted` alone may be older.

    The process that has the database is the only one that changes them.
    """

    def __init__(self) -> None:
        self._known: dict[int, GuildSettings] = {}

    async def load(self, database: Database) -> None:
        async with database.read() as connection:
            self._known = await guild_settings.of_all(connection)

    def of(self, guild_id: int) -> GuildSettings:
        return self._known.get(guild_id) or GuildSettings()

    def keep(self, guild_id: int, settings: GuildSettings) -> None:
        """Take over what was committed."""
        self._known[guild_id] = settings

    def forget(self, guild_id: int) -> None:
        self._known.pop(guild_id, None)
