"""The decision of a battle: tally, running sums and ratings, in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.arena.leaderboards import rate
from bot.domain import Battle, PairSums, Side
from bot.storage import battles, models, pairs, votes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.storage.database import Connection, Database


async def decide(database: Database, battle: Battle, now: float) -> Battle | None:
    """Close the battle and return it with its tally; `None` where it was decided before."""
    async with database.write() as connection:
        tally = await votes.tally(connection, battle.battle_id)
        unclear = await votes.unclear(connection, battle.battle_id)
        if not await battles.close(connection, battle.battle_id, now=now, tally=tally, unclear=unclear):
            return None
        names = await models.names(connection, battle.guild_id)
        before = await _ratings(connection, battle, names)
        if battle.unrated is None and tally.votes:
            pair, sums = pairs.in_order(battle.a.model_id, battle.b.model_id, tally)
            known = (await pairs.load(connection, battle.guild_id)).get(pair, PairSums())
            await pairs.save(connection, battle.guild_id, pair, known + sums)
        after = await _ratings(connection, battle, names)
        moves = {side: (before[side], after[side]) for side in Side}
        await battles.set_ratings(connection, battle.battle_id, moves)
        return await battles.get(connection, battle.guild_id, battle.battle_id)


async def _ratings(connection: Connection, battle: Battle, names: dict[int, str]) -> Mapping[Side, float]:
    ratings = {row.model: row.rating for row in (await rate(connection, battle.guild_id, names)).rows}
    return {side: ratings[battle.contestant(side).model_id] for side in Side}
