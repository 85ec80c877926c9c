"""The running sums of each pair of models (ratings.md): what a leaderboard is computed from."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from bot.domain import BattleState, PairSums, Side, Tally, Vote
from bot.storage.dialects import upsert
from bot.storage.schema import battles, contestants, pair_sums, votes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.ext.asyncio import AsyncConnection

    Pairs = Mapping[tuple[int, int], PairSums]

OVERALL = "all"
"""The category that every rated battle belongs to."""

_SUMS = tuple(column.name for column in fields(PairSums))


async def load(
    connection: AsyncConnection, guild_id: int, category: str = OVERALL
) -> dict[tuple[int, int], PairSums]:
    """Return the sums by (lower model id, higher model id)."""
    rows = await connection.execute(
        select(pair_sums).where(pair_sums.c.guild_id == guild_id, pair_sums.c.category == category)
    )
    return {
        (row.model_i, row.model_j): PairSums(**{name: getattr(row, name) for name in _SUMS}) for row in rows
    }


async def save(
    connection: AsyncConnection, guild_id: int, pair: tuple[int, int], sums: PairSums, category: str = OVERALL
) -> None:
    key = {"guild_id": guild_id, "category": category, "model_i": pair[0], "model_j": pair[1]}
    await upsert(connection, pair_sums, [key | {name: getattr(sums, name) for name in _SUMS}])


async def remove(
    connection: AsyncConnection, guild_id: int, pair: tuple[int, int], category: str = OVERALL
) -> None:
    await connection.execute(
        delete(pair_sums).where(
            pair_sums.c.guild_id == guild_id,
            pair_sums.c.category == category,
            pair_sums.c.model_i == pair[0],
            pair_sums.c.model_j == pair[1],
        )
    )


async def recount(connection: AsyncConnection, guild_id: int) -> dict[tuple[int, int], PairSums]:
    """Compute the sums anew from the votes of the guild's rated battles; must equal `load`."""
    a, b = contestants.alias(), contestants.alias()
    counts = [func.count().filter(votes.c.vote == vote).label(vote.value) for vote in Vote]
    rows = await connection.execute(
        select(a.c.model_id.label("model_a"), b.c.model_id.label("model_b"), *counts)
        .select_from(battles)
        .join(a, (a.c.battle_id == battles.c.battle_id) & (a.c.side == Side.A))
        .join(b, (b.c.battle_id == battles.c.battle_id) & (b.c.side == Side.B))
        .join(votes, votes.c.battle_id == battles.c.battle_id)
        .where(
            battles.c.guild_id == guild_id,
            battles.c.state == BattleState.CLOSED,
            battles.c.unrated.is_(None),
            votes.c.vote.is_not(None),
        )
        .group_by(battles.c.battle_id, a.c.model_id, b.c.model_id)
    )
    sums: dict[tuple[int, int], PairSums] = {}
    for row in rows:
        tally = Tally(a=row.a, b=row.b, tie=row.tie, both_bad=row.both_bad)
        pair, seen = in_order(row.model_a, row.model_b, tally)
        sums[pair] = sums.get(pair, PairSums()) + seen
    return sums


def in_order(model_a: int, model_b: int, tally: Tally) -> tuple[tuple[int, int], PairSums]:
    """Return a battle's pair with the lower id first, and its sums as seen from there."""
    seen_from_a = PairSums.of(tally)
    if model_a < model_b:
        return (model_a, model_b), seen_from_a
    return (model_b, model_a), seen_from_a.mirrored()
