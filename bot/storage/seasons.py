"""Seasons: those that are over have a name, the one under way has the next number."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, insert, select

from bot.storage.schema import seasons

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


class Season(NamedTuple):
    """A season that is over; `ended_at` in Unix seconds."""

    number: int
    name: str
    ended_at: float


async def current(connection: AsyncConnection, guild_id: int) -> int:
    """Return the number of the season under way; the first is 1."""
    last = await connection.scalar(select(func.max(seasons.c.number)).where(seasons.c.guild_id == guild_id))
    return (last or 0) + 1


async def ended(connection: AsyncConnection, guild_id: int) -> list[Season]:
    """Return the seasons that are over, the latest first."""
    rows = await connection.execute(
        select(seasons.c.number, seasons.c.name, seasons.c.ended_at)
        .where(seasons.c.guild_id == guild_id)
        .order_by(seasons.c.number.desc())
    )
    return [Season(*row) for row in rows]


async def end(connection: AsyncConnection, guild_id: int, season: Season) -> None:
    """Archive a season; the battles closed from now on belong to the next one."""
    await connection.execute(insert(seasons).values(guild_id=guild_id, **season._asdict()))
