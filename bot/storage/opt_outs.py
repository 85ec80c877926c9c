"""Members who are left out of a guild's exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, select

from bot.storage.dialects import insert_missing
from bot.storage.schema import export_opt_outs

if TYPE_CHECKING:
    from bot.storage.connections.awaited import AsyncConnection


async def add(connection: AsyncConnection, guild_id: int, user_id: int) -> None:
    row = {"guild_id": guild_id, "user_id": user_id}
    await insert_missing(connection, export_opt_outs, [row], list(row))


async def holds(connection: AsyncConnection, guild_id: int, user_id: int) -> bool:
    """Tell whether the member is left out."""
    opted_out = exists().where(export_opt_outs.c.guild_id == guild_id, export_opt_outs.c.user_id == user_id)
    return bool(await connection.scalar(select(opted_out)))


async def remove(connection: AsyncConnection, guild_id: int, user_id: int) -> None:
    await connection.execute(
        delete(export_opt_outs).where(
            export_opt_outs.c.guild_id == guild_id, export_opt_outs.c.user_id == user_id
        )
    )
