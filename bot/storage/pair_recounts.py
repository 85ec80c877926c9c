"""Recounts of the pairs' running sums, for the check that no vote was lost or counted twice."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from bot.domain.battle import Side
from bot.domain.days import day_of
from bot.domain.pair_sums import OVERALL, Key, PairSums, SeasonKey, in_order
from bot.domain.vote import Tally, Vote
from bot.storage import battle_categories
from bot.storage.pairs import SUMS, add
from bot.storage.schema import battles, contestants, pair_days, pair_sums, votes
from bot.storage.votes import COUNTING, RATED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Row, Select

    from bot.storage.connections.awaited import AsyncConnection


@dataclass(frozen=True, slots=True)
class Sums:
    """All running sums of a guild's pairs."""

    by_day: Mapping[Key, PairSums]
    by_season: Mapping[SeasonKey, PairSums]


async def stored(connection: AsyncConnection, guild_id: int) -> Sums:
    """Return the sums as they are kept."""
    days, seasons = pair_days.c, pair_sums.c
    day_key = (days.category, days.season, days.day, days.model_i, days.model_j)
    season_key = (seasons.category, seasons.season, seasons.model_i, seasons.model_j)
    by_day = await connection.execute(
        select(*day_key, *(days[name] for name in SUMS)).where(days.guild_id == guild_id)
    )
    by_season = await connection.execute(
        select(*season_key, *(seasons[name] for name in SUMS)).where(seasons.guild_id == guild_id)
    )
    return Sums(
        {Key(each.category, each.season, each.day, *_pair(each)): PairSums(*each[5:]) for each in by_day},
        {SeasonKey(each.category, each.season, *_pair(each)): PairSums(*each[4:]) for each in by_season},
    )


def _pair(row: Row[tuple[object, ...]]) -> tuple[int, int]:
    return row.model_i, row.model_j


async def counted(connection: AsyncConnection, guild_id: int) -> Sums:
    """Return the sums as the votes of the guild's rated battles make them."""
    categories = await battle_categories.of_battles(connection, battles.c.guild_id == guild_id)
    by_day: defaultdict[Key, PairSums] = defaultdict(PairSums)
    by_season: defaultdict[SeasonKey, PairSums] = defaultdict(PairSums)
    for row in await connection.execute(_tallies(guild_id)):
        tally = Tally(a=row.a, b=row.b, tie=row.tie, both_bad=row.both_bad)
        (i, j), sums = in_order(row.model_a, row.model_b, tally)
        for category in (OVERALL, *categories[row.battle_id]):
            by_day[Key(category, row.season, day_of(row.closed_at), i, j)] += sums
            by_season[SeasonKey(category, row.season, i, j)] += sums
    return Sums(dict(by_day), dict(by_season))


async def replace(connection: AsyncConnection, guild_id: int, sums: Sums) -> None:
    """Keep these sums in place of all that are kept."""
    for table in (pair_days, pair_sums):
        await connection.execute(delete(table).where(table.c.guild_id == guild_id))
    await add(connection, guild_id, sums.by_day)


def _tallies(guild_id: int) -> Select[tuple[int, float, int, int, int, int]]:
    a, b = contestants.alias(), contestants.alias()
    seats = (battles.c.battle_id, a.c.model_id.label("model_a"), b.c.model_id.label("model_b"))
    counts = [func.count().filter(votes.c.vote == vote).label(vote.value) for vote in Vote]
    return (
        select(*seats, battles.c.closed_at, battles.c.season, *counts)
        .select_from(battles)
        .join(a, (a.c.battle_id == battles.c.battle_id) & (a.c.side == Side.A))
        .join(b, (b.c.battle_id == battles.c.battle_id) & (b.c.side == Side.B))
        .join(votes, votes.c.battle_id == battles.c.battle_id)
        .where(
            battles.c.guild_id == guild_id,
            *RATED,
            *COUNTING,
        )
        .group_by(*seats, battles.c.closed_at, battles.c.season)
    )
