"""Settings of a guild, as one JSON document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.storage.dialects import upsert
from bot.storage.schema import guild_settings

if TYPE_CHECKING:
    from bot.storage.connections.awaited import AsyncConnection


async def load(connection: AsyncConnection, guild_id: int) -> str:
    """Return the document; an empty one where the guild set nothing."""
    statement = select(guild_settings.c.document).where(guild_settings.c.guild_id == guild_id)
    return await connection.scalar(statement) or "{}"


async def load_all(connection: AsyncConnection) -> dict[int, str]:
    rows = await connection.execute(select(guild_settings.c.guild_id, guild_settings.c.document))
    return {row.guild_id: row.document for row in rows}


async def save(connection: AsyncConnection, guild_id: int, document: str) -> None:
    await upsert(connection, guild_settings, [{"guild_id": guild_id, "document": document}])


async def holding(connection: AsyncConnection, key: str) -> dict[int, str]:
    """Return the documents of the guilds that set something."""
    rows = await connection.execute(
        select(guild_settings.c.guild_id, guild_settings.c.document)
        .where(guild_settings.c.document.contains(f'"{key}":', autoescape=True))
        .order_by(guild_settings.c.guild_id)
    )
    return {row.guild_id: row.document for row in rows}
