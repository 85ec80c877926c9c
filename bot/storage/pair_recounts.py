"""Recounts of the pairs' running sums, for the check that no vote was lost or counted twice."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from operator import add as plus
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

from sqlalchemy import delete, func, select

from bot.domain.days import day_of
from bot.domain.pair_sums import FIRST_SEASON, OVERALL, Key, PairSums, SeasonKey
from bot.domain.vote import Tally
from bot.storage.pairs import SUMS, add
from bot.storage.recounts.decided import decided
from bot.storage.schema import pair_days, pair_sums

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import ColumnElement

    from bot.storage.connections.awaited import AsyncConnection
    from bot.storage.recounts.decided import DecidedBattle

Figures: TypeAlias = tuple[Any, ...]
"""The values of `PairSums`: plain numbers, as millions of objects would take ten times as long."""
DayKey: TypeAlias = tuple[str, int, int, int, int]
"""The values of `Key`."""
PairKey: TypeAlias = tuple[str, int, int, int]
"""The values of `SeasonKey`."""

K = TypeVar("K", DayKey, PairKey)

OF_DAY = tuple(pair_days.c[name] for name in Key._fields)
OF_SEASON = tuple(pair_sums.c[name] for name in SeasonKey._fields)


@dataclass(frozen=True, slots=True)
class Sums:
    """All running sums of a guild's pairs."""

    by_day: Mapping[Key, PairSums]
    by_season: Mapping[SeasonKey, PairSums]


class PairCount:
    """The sums of battles that are added one after the other."""

    def __init__(self) -> None:
        self.by_day: dict[DayKey, Figures] = {}
        self.by_season: dict[PairKey, Figures] = {}

    def add(self, battle: DecidedBattle) -> None:
        row = battle.row
        if not row.is_rated:
            return
        a, b = row.fought_a, row.fought_b
        figures = _figures(*battle.counted[:4], mirrored=a > b)
        if figures is None:
            return
        i, j = (a, b) if a < b else (b, a)
        season, day = row.season, day_of(row.closed_at)
        for category in (OVERALL, *battle.categories):
            if season >= FIRST_SEASON:
                _add(self.by_day, (category, season, day, i, j), figures)
            _add(self.by_season, (category, season, i, j), figures)


def _add(sums: dict[K, Figures], key: K, figures: Figures) -> None:
    known = sums.get(key)
    sums[key] = figures if known is None else tuple(map(plus, known, figures))


@lru_cache(maxsize=10_000)
def _figures(a: int, b: int, tie: int, both_bad: int, *, mirrored: bool) -> Figures | None:
    """Return the values of one battle's sums; `None` where nobody voted."""
    sums = PairSums.of(Tally(a, b, tie, both_bad))
    if not sums.votes:
        return None
    return (sums.mirrored() if mirrored else sums).values()


async def stored_categories(connection: AsyncConnection, guild_id: int) -> list[str]:
    """Return the categories of which days are stored."""
    of_guild = select(pair_days.c.category).where(pair_days.c.guild_id == guild_id).distinct()
    return list(await connection.scalars(of_guild))


async def stored_days(
    connection: AsyncConnection, guild_id: int, categories: Collection[str], *days: ColumnElement[bool]
) -> dict[DayKey, Figures]:
    """Return the sums of some days as they are kept; all categories must be named, as the index asks."""
    rows = await connection.execute(
        select(*OF_DAY, *(pair_days.c[name] for name in SUMS)).where(
            pair_days.c.guild_id == guild_id, pair_days.c.category.in_(categories), *days
        )
    )
    return {cast("DayKey", tuple(row[:5])): tuple(row[5:]) for row in rows.all()}


async def stored_seasons(
    connection: AsyncConnection, guild_id: int, *conditions: ColumnElement[bool]
) -> dict[PairKey, Figures]:
    """Return the sums by season as they are kept."""
    rows = await connection.execute(
        select(*OF_SEASON, *(pair_sums.c[name] for name in SUMS)).where(
            pair_sums.c.guild_id == guild_id, *conditions
        )
    )
    return {cast("PairKey", tuple(row[:4])): tuple(row[4:]) for row in rows.all()}


async def added_days(connection: AsyncConnection, guild_id: int, category: str) -> dict[PairKey, Figures]:
    """Return the sums by season that the days which are kept make."""
    key = tuple(pair_days.c[name] for name in SeasonKey._fields)
    rows = await connection.execute(
        select(*key, *(func.sum(pair_days.c[name]) for name in SUMS))
        .where(pair_days.c.guild_id == guild_id, pair_days.c.category == category)
        .group_by(*key)
    )
    return {cast("PairKey", tuple(row[:4])): tuple(row[4:]) for row in rows.all()}


async def stored(connection: AsyncConnection, guild_id: int) -> Sums:
    """Return the sums as they are kept."""
    categories = await stored_categories(connection, guild_id)
    by_day = await stored_days(connection, guild_id, categories)
    return _sums(by_day, await stored_seasons(connection, guild_id))


async def counted(connection: AsyncConnection, guild_id: int) -> Sums:
    """Return the sums as the votes of the guild's rated battles make them."""
    count = PairCount()
    async for batch in decided(connection, guild_id):
        for battle in batch:
            count.add(battle)
    return _sums(count.by_day, count.by_season)


def _sums(by_day: Mapping[DayKey, Figures], by_season: Mapping[PairKey, Figures]) -> Sums:
    return Sums(
        {Key(*key): PairSums(*figures) for key, figures in by_day.items()},
        {SeasonKey(*key): PairSums(*figures) for key, figures in by_season.items()},
    )


async def replace(connection: AsyncConnection, guild_id: int, sums: Sums) -> None:
    """Keep these sums in place of all that are kept."""
    for table in (pair_days, pair_sums):
        await connection.execute(delete(table).where(table.c.guild_id == guild_id))
    await add(connection, guild_id, sums.by_day)
