"""The account of what models did that no reply of a battle shows: failed attempts, tests and probes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.domain.days import DAY_SECONDS
from bot.errors import StorageError
from bot.storage import models, usage

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.arena.models.prices import Exchange, Prices
    from bot.storage.database import Database

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Spending:
    """Keeps the account for as long as daily limits look at it."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    async def note_question(self, prices: Prices, guild_id: int | None, exchange: Exchange) -> None:
        """Note a question that was asked outside battles; `guild_id`: `None` where no server wanted it."""
        await self._note(usage.Expense(guild_id, None, self._clock(), prices.cost(exchange) or 0.0))

    async def note_failure(self, prices: Prices, guild_id: int, battle_id: int, exchange: Exchange) -> None:
        """Note an attempt at a reply that failed, if it cost anything."""
        if cost := prices.cost(exchange):
            await self._note(usage.Expense(guild_id, battle_id, self._clock(), cost))

    async def _note(self, expense: usage.Expense) -> None:
        # What goes on meanwhile does not end for it: whether the storage works, it soon finds out itself.
        try:
            async with self._database.write() as connection:
                if expense.guild_id is not None:
                    await models.ensure_guild(connection, expense.guild_id, expense.spent_at)
                await usage.forget_before(connection, expense.spent_at - 2 * DAY_SECONDS)
                await usage.add(connection, expense)
        except StorageError as exc:
            _log.warning("what a model cost could not be noted", usd=expense.usd, reason=str(exc))
