"""Guilds and the models that were ever drawn in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.storage.dialects import insert_missing
from bot.storage.schema import guilds, models

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.ext.asyncio import AsyncConnection


async def ensure(connection: AsyncConnection, guild_id: int, names: Collection[str], now: float) -> None:
    """See to it that the guild and its models have rows; those that have keep them."""
    await insert_missing(connection, guilds, [{"guild_id": guild_id, "first_seen_at": now}], ["guild_id"])
    rows = [{"guild_id": guild_id, "name": name, "created_at": now} for name in names]
    await insert_missing(connection, models, rows, ["guild_id", "name"])


async def names(connection: AsyncConnection, guild_id: int) -> dict[int, str]:
    """Return the name of every model of the guild, by its id."""
    rows = await connection.execute(
        select(models.c.model_id, models.c.name).where(models.c.guild_id == guild_id).order_by("model_id")
    )
    return {row.model_id: row.name for row in rows}


async def guild_ids(connection: AsyncConnection) -> list[int]:
    return list(await connection.scalars(select(guilds.c.guild_id).order_by("guild_id")))
