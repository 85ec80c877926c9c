"""Seasons: those that are over have a name, the one under way has the next number.

Imported ones have numbers below 1, and the first of them 0: the next number is the same with and without.

Battles are decided in one, and what has to be known for that is read together with it.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import String, bindparam, cast, delete, exists, func, insert, select, update

from bot.domain.pair_sums import FIRST_SEASON
from bot.storage.draws import drawing_of
from bot.storage.schema import (
    battle_categories,
    battles,
    draws,
    erasures,
    excluded_voters,
    imported_seasons,
    models,
    seasons,
)

if TYPE_CHECKING:
    from bot.domain.draws import Drawing
    from bot.storage.connections.awaited import AsyncConnection


class Season(NamedTuple):
    """A season that is over; `ended_at` in Unix seconds."""

    number: int
    name: str
    ended_at: float


class ImportedSeason(NamedTuple):
    """A season that was held elsewhere.

    `voter_key` is what those who asked and voted are hashed with: the same in all files of the season.
    """

    guild_id: int
    number: int
    voter_key: bytes


class Circumstances(NamedTuple):
    """`has_exclusions` tells of the server, as do `models`, which are ids; `has_erasures` of the battle."""

    season: int
    has_exclusions: bool
    has_erasures: bool
    models: tuple[int, ...]
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


async def has_ended(connection: AsyncConnection, guild_id: int, number: int) -> bool:
    """Tell whether a season has this number and is over."""
    found = select(seasons.c.number).where(seasons.c.guild_id == guild_id, seasons.c.number == number)
    return await connection.scalar(found) is not None


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


async def imported(connection: AsyncConnection, guild_id: int, name: str) -> ImportedSeason | None:
    """Return the imported season of this name; `None` where there is none."""
    rows = await connection.execute(
        select(imported_seasons)
        .join(
            seasons,
            (seasons.c.guild_id == imported_seasons.c.guild_id)
            & (seasons.c.number == imported_seasons.c.number),
        )
        .where(seasons.c.guild_id == guild_id, seasons.c.name == name)
    )
    row = rows.one_or_none()
    return None if row is None else ImportedSeason(row.guild_id, row.number, bytes.fromhex(row.voter_key))


async def add_imported(connection: AsyncConnection, guild_id: int, name: str, now: float) -> ImportedSeason:
    """Add a season that is over, before all that are there."""
    found = select(func.min(seasons.c.number)).where(seasons.c.guild_id == guild_id)
    lowest = await connection.scalar(found)
    number = min(FIRST_SEASON if lowest is None else lowest, FIRST_SEASON) - 1
    await end(connection, guild_id, Season(number, name, now))
    key = secrets.token_bytes(32)
    row = {"guild_id": guild_id, "number": number, "voter_key": key.hex()}
    await connection.execute(insert(imported_seasons).values(row))
    return ImportedSeason(guild_id, number, key)


_MODELS = (
    select(func.aggregate_strings(cast(models.c.model_id, String), ","))
    .where(models.c.guild_id == bindparam("guild"))
    .scalar_subquery()
)
_CIRCUMSTANCES = (
    select(
        select(func.max(seasons.c.number)).where(seasons.c.guild_id == bindparam("guild")).scalar_subquery(),
        exists().where(excluded_voters.c.guild_id == bindparam("guild")),
        exists().where(erasures.c.battle_id == bindparam("battle")),
        _MODELS,
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
    season, has_exclusions, has_erasures, ids, *_ = found[0]
    known = tuple(sorted(map(int, ids.split(",")))) if ids else ()
    categories = tuple(row.category for row in found if row.category is not None)
    drawing = drawing_of(found[0])
    return Circumstances((season or 0) + 1, has_exclusions, has_erasures, known, categories, drawing)
