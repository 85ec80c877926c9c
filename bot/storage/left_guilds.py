"""Guilds that the bot is no member of any more, and the deletion of all that was kept of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete, or_, select, update

from bot.storage.dialects import note_erasure
from bot.storage.schema import battles, guilds, metadata

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Column, ColumnElement, Table

    from bot.storage.connections.awaited import AsyncConnection

BATCH = 200
"""Battles that go in one transaction."""


class Departure(NamedTuple):
    """The time since when a guild is left; `is_purging`: its rows are being deleted, and all will be."""

    left_at: float
    is_purging: bool


async def left(connection: AsyncConnection) -> dict[int, Departure]:
    rows = await connection.execute(
        select(guilds.c.guild_id, guilds.c.left_at, guilds.c.purged_at).where(guilds.c.left_at.is_not(None))
    )
    return {row.guild_id: Departure(row.left_at, row.purged_at is not None) for row in rows}


async def staying(connection: AsyncConnection) -> list[int]:
    """Return the guilds whose rows are not being deleted."""
    kept = select(guilds.c.guild_id).where(guilds.c.purged_at.is_(None))
    return list(await connection.scalars(kept.order_by(guilds.c.guild_id)))


async def set_left(connection: AsyncConnection, guild_id: int, now: float) -> None:
    """Note when the guild was left; the first time counts."""
    await connection.execute(
        update(guilds).where(guilds.c.guild_id == guild_id, guilds.c.left_at.is_(None)).values(left_at=now)
    )


async def set_returned(connection: AsyncConnection, guild_id: int) -> bool:
    """Take the note back; `False` where the deletion began already."""
    await connection.execute(
        update(guilds).where(guilds.c.guild_id == guild_id, guilds.c.purged_at.is_(None)).values(left_at=None)
    )
    purged_at = await connection.scalar(select(guilds.c.purged_at).where(guilds.c.guild_id == guild_id))
    return purged_at is None


async def begin_purge(connection: AsyncConnection, guild_id: int, now: float) -> bool:
    """Note that there is no way back; `False` where the bot is back already."""
    done = await connection.execute(
        update(guilds)
        .where(guilds.c.guild_id == guild_id, guilds.c.left_at.is_not(None))
        .values(purged_at=now)
    )
    return done.rowcount == 1


async def purge_battles(connection: AsyncConnection, guild_id: int) -> int:
    """Delete the guild's latest battles with all that belongs to them; returns how many those were."""
    of_guild = select(battles.c.battle_id).where(battles.c.guild_id == guild_id)
    batch = (await connection.scalars(of_guild.order_by(battles.c.battle_id.desc()).limit(BATCH))).all()
    if batch:
        await _delete(connection, battles.c.battle_id, batch)
    return len(batch)


async def purge(connection: AsyncConnection, guild_id: int) -> None:
    """Delete every row of the guild in every table, and its own."""
    await _delete(connection, guilds.c.guild_id, [guild_id])


async def _delete(connection: AsyncConnection, key: Column[int], values: Collection[int]) -> None:
    """Delete the rows with this key, after those that refer to them."""
    await note_erasure(connection)
    for table in reversed(metadata.sorted_tables):
        condition = belonging(table, key, values)
        if condition is not None:
            await connection.execute(delete(table).where(condition))


def belonging(table: Table, key: Column[int], values: Collection[int]) -> ColumnElement[bool] | None:
    """Say which rows of a table belong to the rows with this key, as foreign keys tell; `None`: none can."""
    if table is key.table:
        return key.in_(values)
    parents = [reference for reference in table.foreign_keys if reference.column.table is not table]
    for reference in parents:
        if reference.column is key:
            return reference.parent.in_(values)
    conditions = [
        reference.parent.in_(select(reference.column).where(condition))
        for reference in parents
        if (condition := belonging(reference.column.table, key, values)) is not None
    ]
    return or_(*conditions) if conditions else None
