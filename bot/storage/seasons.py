"""Seasons: those that are over have a name, the one under way has the next number.

Battles are decided in one, and what has to be known for that is read together with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, delete, exists, func, insert, select, update

from bot.storage.draws import drawing_of
from bot.storage.schema import battle_categories, battles, draws, erasures, excluded_voters, seasons

if TYPE_CHECKING:
    from bot.domain.draws import Drawing
    from bot.storage.connections.awaited import AsyncConnection


class Season(NamedTuple):
    """A season that is over; `ended_at` in Unix seconds."""

    number: int
    name: str
    ended_at: float


class Circumstances(NamedTuple):
    """`has_exclusions` tells of the server, `has_erasures` of the battle."""

    season: int
    has_exclusions: bool
    has_erasures: bool
    categories: tuple[str, ...]
    drawing: Drawing | None


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


async def reopen(connection: AsyncConnection, guild_id: int, number: int) -> None:
    """Let a season go on: what was decided in the next one belongs to it; the sums are not touched."""
    await connection.execute(
        delete(seasons).where(seasons.c.guild_id == guild_id, seasons.c.number == number)
    )
    await connection.execute(
        update(battles)
        .where(battles.c.guild_id == guild_id, battles.c.season == number + 1)
        .values(season=number)
    )


_CIRCUMSTANCES = (
    select(
        select(func.max(seasons.c.number)).where(seasons.c.guild_id == bindparam("guild")).scalar_subquery(),
        exists().where(excluded_voters.c.guild_id == bindparam("guild")),
        exists().where(erasures.c.battle_id == bindparam("battle")),
        battle_categories.c.category,
        draws,
    )
    .select_from(battles)
    .join(draws, draws.c.battle_id == battles.c.battle_id, isouter=True)
    .join(battle_categories, battle_categories.c.battle_id == battles.c.battle_id, isouter=True)
    .where(battles.c.battle_id == bindparam("battle"))
)


async def circumstances(connection: AsyncConnection, guild_id: int, battle_id: int) -> Circumstances:
    rows = await connection.execute(_CIRCUMSTANCES, {"guild": guild_id, "battle": battle_id})
    found = rows.all()
    season, has_exclusions, has_erasures, *_ = found[0]
    categories = tuple(row[3] for row in found if row[3] is not None)
    return Circumstances((season or 0) + 1, has_exclusions, has_erasures, categories, drawing_of(found[0]))
