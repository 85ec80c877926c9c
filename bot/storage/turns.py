"""The turns of a battle after its first prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, insert, update

from bot.domain import Battle, BattleState, Side
from bot.storage.dialects import insert_missing
from bot.storage.schema import battle_categories, battles, contestants, turns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.ext.asyncio import AsyncConnection


async def add(
    connection: AsyncConnection, battle: Battle, costs: Mapping[Side, float | None], category: str
) -> None:
    """Store the battle's last turn and what it changed; each side's `costs` are those of this turn."""
    turn = battle.turns[-1]
    await connection.execute(
        update(battles)
        .where(battles.c.battle_id == battle.battle_id)
        .values(closes_at=battle.closes_at, unrated=battle.unrated)
    )
    await connection.execute(
        insert(turns).values(
            battle_id=battle.battle_id,
            number=turn.number,
            prompt=turn.prompt,
            reply_a=turn.a,
            reply_b=turn.b,
            cut_off_a=turn.cut_off_a,
            cut_off_b=turn.cut_off_b,
        )
    )
    for side in Side:
        total = func.coalesce(contestants.c.cost, 0.0) + (costs[side] or 0.0)
        await connection.execute(
            update(contestants)
            .where(contestants.c.battle_id == battle.battle_id, contestants.c.side == side)
            .values(
                leak=battle.contestant(side).leak,
                cost=contestants.c.cost if costs[side] is None else total,
            )
        )
    row = {"battle_id": battle.battle_id, "category": category}
    await insert_missing(connection, battle_categories, [row], ["battle_id", "category"])


async def set_closes_at(connection: AsyncConnection, battle_id: int, closes_at: float) -> None:
    """Let the vote last until another moment, if it is still open."""
    await connection.execute(
        update(battles)
        .where(battles.c.battle_id == battle_id, battles.c.state == BattleState.VOTING)
        .values(closes_at=closes_at)
    )
