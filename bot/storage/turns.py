"""Turns of a battle after its first prompt."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, update

from bot.domain.battle import Answer, Battle, BattleState, FinishReason, Side, Turn
from bot.errors import OvertakenError
from bot.storage import battle_categories
from bot.storage.schema import battles, contestants, turns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Row

    from bot.storage.connections.awaited import AsyncConnection


async def add(
    connection: AsyncConnection, battle: Battle, costs: Mapping[Side, float | None], category: str
) -> None:
    """Store the battle's last turn and what it changed; raises `OvertakenError`.

    Each side's `costs` are those of this turn.
    """
    turn = battle.turns[-1]
    extended = await connection.execute(
        update(battles)
        .where(battles.c.battle_id == battle.battle_id, battles.c.state == BattleState.VOTING)
        .values(closes_at=battle.closes_at, unrated=battle.unrated)
    )
    if not extended.rowcount:
        raise OvertakenError
    await connection.execute(
        insert(turns).values(
            battle_id=battle.battle_id,
            number=turn.number,
            prompt=turn.prompt,
            **{f"{name}_{side}": value for side in Side for name, value in asdict(turn.answer(side)).items()},
        )
    )
    for side in Side:
        await connection.execute(
            update(contestants)
            .where(contestants.c.battle_id == battle.battle_id, contestants.c.side == side)
            .values(leak=battle.contestant(side).leak)
        )
    await add_costs(connection, battle.battle_id, costs)
    await battle_categories.add(connection, battle.battle_id, [category])


async def add_costs(connection: AsyncConnection, battle_id: int, costs: Mapping[Side, float | None]) -> None:
    """Count what replies cost, kept or not, towards their battle's."""
    for side, cost in costs.items():
        if cost is not None:
            await connection.execute(
                update(contestants)
                .where(contestants.c.battle_id == battle_id, contestants.c.side == side)
                .values(cost=func.coalesce(contestants.c.cost, 0.0) + cost)
            )


async def set_closes_at(connection: AsyncConnection, battle_id: int, closes_at: float | None) -> None:
    """Let the vote last until another moment, if it is still open; `None` until its ballot is drawn."""
    await connection.execute(
        update(battles)
        .where(battles.c.battle_id == battle_id, battles.c.state == BattleState.VOTING)
        .values(closes_at=closes_at)
    )


async def of_battles(
    connection: AsyncConnection, condition: ColumnElement[bool]
) -> defaultdict[int, list[Turn]]:
    """Return the later turns of the battles that a condition on them selects, in order, by battle."""
    rows = await connection.execute(
        select(turns)
        .join(battles, battles.c.battle_id == turns.c.battle_id)
        .where(condition)
        .order_by(turns.c.battle_id, turns.c.number)
    )
    found: defaultdict[int, list[Turn]] = defaultdict(list)
    for row in rows:
        found[row.battle_id].append(Turn(row.number, row.prompt, _answer(row, Side.A), _answer(row, Side.B)))
    return found


def _answer(row: Row[tuple[object, ...]], side: Side) -> Answer:
    reply, finish, *tokens = (getattr(row, f"{column.name}_{side}") for column in fields(Answer))
    return Answer(reply, FinishReason(finish), *tokens)
