"""Deletion of prompts and replies; what was voted on them stays."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from bot.storage.dialects import note_erasure
from bot.storage.schema import battles, contestants, turns
from bot.storage.votes import HELD_HERE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.storage.connections.awaited import AsyncConnection

BATCH = 200
"""Battles in one statement."""


async def remove(connection: AsyncConnection, battle_ids: Iterable[int], now: float) -> None:
    """Empty the prompt and both replies of each battle, and drop its later turns.

    What a reply gave its model away with is a quotation of it, so that goes too; why a battle is not rated
    stays, as do tokens, times and costs.
    """
    await note_erasure(connection)
    for batch in _batches(battle_ids):
        await connection.execute(
            update(battles).where(battles.c.battle_id.in_(batch)).values(prompt="", texts_removed_at=now)
        )
        await connection.execute(
            update(contestants).where(contestants.c.battle_id.in_(batch)).values(reply="", leak=None)
        )
        await connection.execute(delete(turns).where(turns.c.battle_id.in_(batch)))


async def older_than(connection: AsyncConnection, guild_id: int, moment: float) -> Sequence[int]:
    """Return a batch of the oldest battles held here that were over then and still have their texts."""
    found = await connection.scalars(
        select(battles.c.battle_id)
        .where(
            battles.c.guild_id == guild_id,
            HELD_HERE,
            battles.c.texts_removed_at.is_(None),
            battles.c.closed_at < moment,
        )
        .order_by(battles.c.closed_at)
        .limit(BATCH)
    )
    return found.all()


def _batches(battle_ids: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(battle_ids)
    while batch := list(islice(rest, BATCH)):
        yield batch
