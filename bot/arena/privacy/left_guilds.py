"""Servers that the bot left: kept for a while, in case it returns, then deleted whole."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from bot.domain.days import DAY_SECONDS
from bot.storage import left_guilds, models

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from bot.arena.settings.known_settings import KnownSettings
    from bot.storage.database import Database

KEPT_DAYS = 30
KEPT_SECONDS = KEPT_DAYS * DAY_SECONDS

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Departures:
    def __init__(self, database: Database, settings: KnownSettings, clock: Callable[[], float]) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._purging = asyncio.Lock()
        self._left: set[int] = set()

    def is_left(self, guild_id: int) -> bool:
        """Tell whether a server counts as left, as far as this process has looked."""
        return guild_id in self._left

    async def leave(self, guild_id: int) -> None:
        async with self._database.write() as connection:
            await left_guilds.set_left(connection, guild_id, self._clock())
        self._left.add(guild_id)

    async def return_to(self, guild_id: int) -> None:
        """Take a server up again: with all that it had, or afresh where the deletion began already."""
        async with self._purging:
            async with self._database.write() as connection:
                is_whole = await left_guilds.set_returned(connection, guild_id)
            if not is_whole:
                await self._purge(guild_id)
        self._left.discard(guild_id)

    async def compare(self, present: Collection[int], is_concerned: Callable[[int], bool]) -> None:
        """Make good, for the servers concerned, what happened while nobody told us."""
        async with self._database.read() as connection:
            known = await models.guild_ids(connection)
            left = await left_guilds.left(connection)
        self._left |= left.keys()
        for guild_id in filter(is_concerned, known):
            if guild_id in present and guild_id in left:
                await self.return_to(guild_id)
            elif guild_id not in present and guild_id not in left:
                await self.leave(guild_id)

    async def sweep(self, is_absent: Callable[[int], bool]) -> None:
        """Delete the servers that were left long ago and where the bot is not."""
        async with self._database.read() as connection:
            left = await left_guilds.left(connection)
        long_ago = self._clock() - KEPT_SECONDS
        for guild_id, departure in left.items():
            if is_absent(guild_id) and (departure.is_purging or departure.left_at <= long_ago):
                async with self._purging:
                    await self._purge(guild_id)

    async def _purge(self, guild_id: int) -> None:
        """Delete battle by battle, so that others come to write in between, and the rest at once."""
        async with self._database.write() as connection:
            if not await left_guilds.begin_purge(connection, guild_id, self._clock()):
                return
        deleted = 0
        while batch := await self._purge_battles(guild_id):
            deleted += batch
        async with self._database.write() as connection:
            await left_guilds.purge(connection, guild_id)
        self._settings.forget(guild_id)
        _log.info("all that was kept of a server was deleted", guild=guild_id, battles=deleted)

    async def _purge_battles(self, guild_id: int) -> int:
        async with self._database.write() as connection:
            return await left_guilds.purge_battles(connection, guild_id)
