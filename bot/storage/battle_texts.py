"""Prompts and replies: their deletion, which leaves what was voted on them, and their sizes."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from bot.storage.dialects import note_erasure
from bot.storage.schema import battles, contestants, turns
from bot.storage.votes import HELD_HERE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import ColumnElement

    from bot.storage.connections.awaited import AsyncConnection

BATCH = 200
"""Battles in one statement."""

PART_CHARACTERS = 2_000_000
"""Of the texts that are read at once; five turns of the longest replies have a quarter of that."""

VOTE_CHARACTERS = 200
"""A vote takes about as much memory as so many characters."""


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


def size_of_battle() -> ColumnElement[int]:
    """Return the characters in a battle's texts and votes, as a column of a selection of battles."""
    of_replies = (
        select(func.coalesce(func.sum(func.length(contestants.c.reply)), 0))
        .where(contestants.c.battle_id == battles.c.battle_id)
        .scalar_subquery()
    )
    later = (turns.c.prompt, turns.c.reply_a, turns.c.reply_b)
    of_turns = (
        select(func.coalesce(func.sum(sum(map(func.length, later))), 0))
        .where(turns.c.battle_id == battles.c.battle_id)
        .scalar_subquery()
    )
    of_votes = sum(column for name, column in battles.c.items() if name.startswith("votes_"))
    return func.length(battles.c.prompt) + of_replies + of_turns + of_votes * VOTE_CHARACTERS


def in_parts(sizes: Iterable[Sequence[int]]) -> Iterator[list[int]]:
    """Put battles, given by their ids and sizes, together as long as the sizes allow it."""
    part: list[int] = []
    characters = 0
    for battle_id, size in sizes:
        if part and characters + size > PART_CHARACTERS:
            yield part
            part, characters = [], 0
        part.append(battle_id)
        characters += size
    if part:
        yield part
