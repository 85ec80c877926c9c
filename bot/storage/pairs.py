"""Running sums of each pair of models (ratings.md), which a leaderboard is computed from.

They are kept twice, by season and by day: a season's board reads one row a pair, and what is about weeks
reads one row a pair and day. Both change in the transaction that closes a battle. What was imported is no
part of this server's days.
"""

from __future__ import annotations

import asyncio
from dataclasses import fields
from functools import cache, partial
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import bindparam, delete, func, select

from bot.domain.pair_sums import FIRST_SEASON, Key, PairSums, Scope, SeasonKey
from bot.storage.dialects import accumulate
from bot.storage.schema import pair_days, pair_sums, seasons

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence, Sized

    from sqlalchemy import ColumnElement, Delete, Row, Table

    from bot.domain.pair_sums import Pair
    from bot.storage.connections.awaited import AsyncConnection

BATCH_SUMS = 100
BATCH_ROWS = 1000
FEW_SUMS = 100
"""Are worked through within a millisecond; 200 models have 19,900 pairs."""

SUMS = tuple(column.name for column in fields(PairSums))

K = TypeVar("K", Key, SeasonKey)
S = TypeVar("S", bound="Sized")
T = TypeVar("T")


async def load(connection: AsyncConnection, guild_id: int, scope: Scope) -> dict[Pair, PairSums]:
    """Return the sums of the scope by (lower model id, higher model id)."""
    table = pair_sums if scope.since_day is None else pair_days
    pair = (table.c.model_i, table.c.model_j)
    if scope.season is not None and scope.since_day is None:
        statement = select(*pair, *(table.c[name] for name in SUMS))
    else:
        statement = select(*pair, *_added(table)).group_by(*pair)
    rows = await connection.execute(statement.where(*_within(table, guild_id, scope)))
    return await _off_the_loop(_by_pair, rows.all())


async def load_current(connection: AsyncConnection, guild_id: int) -> dict[Pair, PairSums]:
    """Return the sums of all battles of the season under way."""
    last = select(func.max(seasons.c.number)).where(seasons.c.guild_id == guild_id).scalar_subquery()
    pair = (pair_sums.c.model_i, pair_sums.c.model_j)
    rows = await connection.execute(
        select(*pair, *(pair_sums.c[name] for name in SUMS)).where(
            *_within(pair_sums, guild_id, Scope()), pair_sums.c.season == func.coalesce(last, 0) + 1
        )
    )
    return await _off_the_loop(_by_pair, rows.all())


async def load_around(
    connection: AsyncConnection, guild_id: int, season: int, *, first_day: int, last_day: int
) -> tuple[dict[Pair, PairSums], dict[Pair, PairSums]]:
    """Return what a season had before `first_day`, and with all battles until `last_day`.

    That is all that it has without what came since: a season has one row a pair, and many more by day.
    """
    everything = await load(connection, guild_id, Scope(season=season))
    since = await load(connection, guild_id, Scope(season=season, since_day=first_day))
    later = await load(connection, guild_id, Scope(season=season, since_day=last_day + 1))
    return await _off_the_loop(_without(since), everything), await _off_the_loop(_without(later), everything)


def _without(left_out: Mapping[Pair, PairSums]) -> Callable[[dict[Pair, PairSums]], dict[Pair, PairSums]]:
    def subtract(sums: dict[Pair, PairSums]) -> dict[Pair, PairSums]:
        left = {pair: sums[pair] - left_out.get(pair, PairSums()) for pair in sums}
        return {pair: of_pair for pair, of_pair in left.items() if of_pair.battles}

    return subtract


async def load_steps(
    connection: AsyncConnection, guild_id: int, scope: Scope, *, first_day: int, last_day: int, step: int
) -> dict[int, dict[Pair, PairSums]]:
    """Return the sums of each `step` days from `first_day` to `last_day`, by the number of the step."""
    number = ((pair_days.c.day - first_day) // step).label("step")
    keys = (number, pair_days.c.model_i, pair_days.c.model_j)
    found = (
        select(*keys, *_added(pair_days))
        .where(*_within(pair_days, guild_id, scope), pair_days.c.day.between(first_day, last_day))
        .group_by(*keys)
    )
    steps: dict[int, dict[Pair, PairSums]] = {}
    async for batch in connection.batches(found, BATCH_ROWS):
        await _off_the_loop(partial(_add_to_steps, steps), batch)
    return steps


def _add_to_steps(steps: dict[int, dict[Pair, PairSums]], rows: Sequence[Row[*tuple[Any, ...]]]) -> None:
    for row in rows:
        steps.setdefault(row.step, {})[row.model_i, row.model_j] = PairSums(*row[3:])


async def days(connection: AsyncConnection, guild_id: int, scope: Scope) -> tuple[int, int] | None:
    """Return the first and the last day with a rated battle, or `None` where there is none."""
    found = select(pair_days.c.day).where(*_within(pair_days, guild_id, scope)).limit(1)
    first = await connection.scalar(found.order_by(pair_days.c.day))
    last = await connection.scalar(found.order_by(pair_days.c.day.desc()))
    return None if first is None or last is None else (first, last)


async def categories(connection: AsyncConnection, guild_id: int) -> dict[str, int]:
    """Return the categories that have a board, with the number of their battles."""
    battles = func.sum(pair_sums.c.battles)
    rows = await connection.execute(
        select(pair_sums.c.category, battles)
        .where(pair_sums.c.guild_id == guild_id)
        .group_by(pair_sums.c.category)
    )
    return {row[0]: row[1] for row in rows}


async def add(connection: AsyncConnection, guild_id: int, changes: Mapping[Key, PairSums]) -> None:
    """Add to the sums by day and by season; where no battle is left, no row is either."""
    by_season = await _off_the_loop(_by_season, changes)
    by_day = {key: sums for key, sums in changes.items() if key.season >= FIRST_SEASON}
    await _accumulate(connection, guild_id, pair_days, by_day)
    await _accumulate(connection, guild_id, pair_sums, by_season)


async def move_season(connection: AsyncConnection, guild_id: int, source: int, target: int) -> None:
    """Add all sums of one season to those of another."""
    key = [pair_days.c[name] for name in Key._fields]
    rows = await connection.execute(
        select(*key, *(pair_days.c[name] for name in SUMS)).where(
            pair_days.c.guild_id == guild_id, pair_days.c.season == source
        )
    )
    moved = {Key(*row[: len(key)]): PairSums(*row[len(key) :]) for row in rows}
    gone = {key: PairSums() - sums for key, sums in moved.items()}
    come = {key._replace(season=target): sums for key, sums in moved.items()}
    await add(connection, guild_id, gone | come)


async def _off_the_loop(work: Callable[[S], T], sums: S) -> T:
    """Do it in a thread, unless the way there takes longer than the work."""
    return work(sums) if len(sums) <= FEW_SUMS else await asyncio.to_thread(work, sums)


def _by_season(changes: Mapping[Key, PairSums]) -> dict[SeasonKey, PairSums]:
    by_season: dict[SeasonKey, PairSums] = {}
    for key, sums in changes.items():
        scope = SeasonKey(key.category, key.season, key.model_i, key.model_j)
        by_season[scope] = by_season.get(scope, PairSums()) + sums
    return by_season


async def _accumulate(
    connection: AsyncConnection, guild_id: int, table: Table, changes: Mapping[K, PairSums]
) -> None:
    """Write in batches, between which the event loop does other work."""
    items = iter(changes.items())
    while batch := list(islice(items, BATCH_SUMS)):
        rows = [
            {"guild_id": guild_id, **key._asdict(), **dict(zip(SUMS, sums.values(), strict=True))}
            for key, sums in batch
        ]
        await accumulate(connection, table, rows)
        fewer = [_bound(guild_id, key) for key, sums in batch if sums.battles < 0]
        if fewer:
            await connection.execute(_emptied(table), fewer)


def _bound(guild_id: int, key: Key | SeasonKey) -> dict[str, str | int]:
    return {f"of_{name}": value for name, value in {"guild_id": guild_id, **key._asdict()}.items()}


@cache
def _emptied(table: Table) -> Delete:
    """Delete a row where no battle is left; the whole key leads there, however many rows a guild has."""
    key = [column == bindparam(f"of_{column.name}") for column in table.primary_key]
    return delete(table).where(*key, table.c.battles == 0)


def _by_pair(rows: Sequence[Row[tuple[object, ...]]]) -> dict[Pair, PairSums]:
    return {(row.model_i, row.model_j): PairSums(*row[2:]) for row in rows}


def _added(table: Table) -> list[ColumnElement[float]]:
    return [func.sum(table.c[name]) for name in SUMS]


def _within(table: Table, guild_id: int, scope: Scope) -> list[ColumnElement[bool]]:
    conditions = [table.c.guild_id == guild_id, table.c.category == scope.category]
    if scope.season is not None:
        conditions.append(table.c.season == scope.season)
    elif scope.held_here:
        conditions.append(table.c.season >= FIRST_SEASON)
    if scope.since_day is not None:
        conditions.append(table.c.day >= scope.since_day)
    return conditions
