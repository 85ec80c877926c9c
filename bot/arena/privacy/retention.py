"""How long prompts and replies are kept: what is older is deleted once a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.arena.settings import guild_settings
from bot.domain.days import DAY_SECONDS
from bot.storage import battle_texts, models

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.config import BattleDefaults
    from bot.storage.database import Connection, Database

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Retention:
    def __init__(self, database: Database, defaults: BattleDefaults, clock: Callable[[], float]) -> None:
        self._database = database
        self._defaults = defaults
        self._clock = clock

    async def sweep(self) -> None:
        """Delete the texts that are too old, in every server; votes, tallies and ratings stay."""
        async with self._database.read() as connection:
            guild_ids = await models.guild_ids(connection)
        for guild_id in guild_ids:
            removed = await self._sweep(guild_id)
            if removed:
                _log.info("old prompts and replies were deleted", guild=guild_id, battles=removed)

    async def _sweep(self, guild_id: int) -> int:
        """Return in how many battles; between two batches others come to write."""
        removed = 0
        while old := await self._too_old(guild_id):
            async with self._database.write() as connection:
                await battle_texts.remove(connection, old, self._clock())
            removed += len(old)
        return removed

    async def _too_old(self, guild_id: int) -> Sequence[int]:
        async with self._database.read() as connection:
            days = await days_of(connection, guild_id, self._defaults)
            if days is None:
                return ()
            return await battle_texts.older_than(connection, guild_id, self._clock() - days * DAY_SECONDS)


async def days_of(connection: Connection, guild_id: int, defaults: BattleDefaults) -> int | None:
    """Return after how many days a server's texts are deleted; `None` where they are kept."""
    own = (await guild_settings.read(connection, guild_id)).retention_days
    return (defaults.retention_days if own is None else own) or None
