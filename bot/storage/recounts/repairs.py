"""Repairs of stored sums, each of a part that takes moments, so that whoever else writes need not wait long.

What is repaired is counted once more first, as it may have changed since it was compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, update

from bot.domain.days import DAY_SECONDS
from bot.domain.pair_sums import Key, SeasonKey
from bot.storage import pair_recounts
from bot.storage.pair_recounts import PairCount
from bot.storage.pairs import SUMS
from bot.storage.recounts.decided import HELD_ELSEWHERE, HELD_HERE, TALLY, decided
from bot.storage.schema import battles, pair_days, pair_sums

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Table

    from bot.storage.connections.awaited import AsyncConnection
    from bot.storage.pair_recounts import DayKey, Figures, PairKey


async def repair_tallies(connection: AsyncConnection, guild_id: int, ids: Collection[int]) -> None:
    """Store the counts of votes on these battles."""
    async for batch in decided(connection, guild_id, battles.c.battle_id.in_(ids)):
        await connection.execute(
            update(battles).where(battles.c.battle_id == bindparam("of")),
            [
                {"of": battle.row.battle_id, **dict(zip(map(str, _TALLY), battle.counted, strict=True))}
                for battle in batch
            ],
        )


_TALLY = tuple(column.name for column in TALLY)


async def repair_day(connection: AsyncConnection, guild_id: int, day: int) -> None:
    """Store the pairs' sums of a day."""
    first, next_first = day * DAY_SECONDS, (day + 1) * DAY_SECONDS
    count = PairCount()
    async for batch in decided(
        connection, guild_id, HELD_HERE, battles.c.closed_at >= first, battles.c.closed_at < next_first
    ):
        for battle in batch:
            count.add(battle)
    categories = await pair_recounts.stored_categories(connection, guild_id)
    await connection.execute(
        delete(pair_days).where(
            pair_days.c.guild_id == guild_id, pair_days.c.category.in_(categories), pair_days.c.day == day
        )
    )
    await _insert(connection, guild_id, pair_days, Key._fields, count.by_day)


async def repair_seasons(connection: AsyncConnection, guild_id: int, category: str) -> None:
    """Store the pairs' sums of all seasons of a category as its days, which must be right, add up to.

    Those of imported seasons, of which no days are kept, are counted.
    """
    right = await pair_recounts.added_days(connection, guild_id, category)
    imported = PairCount()
    async for batch in decided(connection, guild_id, HELD_ELSEWHERE):
        for battle in batch:
            imported.add(battle)
    right |= {key: figures for key, figures in imported.by_season.items() if key[0] == category}
    await connection.execute(
        delete(pair_sums).where(pair_sums.c.guild_id == guild_id, pair_sums.c.category == category)
    )
    await _insert(connection, guild_id, pair_sums, SeasonKey._fields, right)


async def _insert(
    connection: AsyncConnection,
    guild_id: int,
    table: Table,
    names: tuple[str, ...],
    sums: Mapping[DayKey, Figures] | Mapping[PairKey, Figures],
) -> None:
    rows = [
        {"guild_id": guild_id, **dict(zip((*names, *SUMS), (*key, *figures), strict=True))}
        for key, figures in sums.items()
    ]
    if rows:
        await connection.execute(insert(table), rows)
