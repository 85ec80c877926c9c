"""The categories that battles belong to beside the overall one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.storage.dialects import insert_missing
from bot.storage.schema import battle_categories, battles

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement

    from bot.storage.connections.awaited import AsyncConnection


async def add(connection: AsyncConnection, battle_id: int, categories: Collection[str]) -> None:
    """Let a battle belong to categories, to some of which it may belong already."""
    rows = [{"battle_id": battle_id, "category": category} for category in sorted(categories)]
    await insert_missing(connection, battle_categories, rows, ["battle_id", "category"])


async def of_battle(connection: AsyncConnection, battle_id: int) -> list[str]:
    return list(
        await connection.scalars(
            select(battle_categories.c.category).where(battle_categories.c.battle_id == battle_id)
        )
    )


async def of_battles(
    connection: AsyncConnection, condition: ColumnElement[bool]
) -> defaultdict[int, list[str]]:
    """Return the categories of the battles that a condition on them selects, in order, by battle."""
    rows = await connection.execute(
        select(battle_categories.c.battle_id, battle_categories.c.category)
        .join(battles, battles.c.battle_id == battle_categories.c.battle_id)
        .where(condition)
        .order_by(battle_categories.c.battle_id, battle_categories.c.category)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for row in rows:
        found[row.battle_id].append(row.category)
    return found
