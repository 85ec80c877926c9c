"""All votes of a guild that count, as arrays: 14 bytes a vote and 9 a battle."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.deferred import Deferred
from bot.storage import rated_votes
from bot.storage.rated_votes import RatedBattle, RatedVote

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence
    from typing import TypeAlias

    import numpy as np

    from bot.arena.moderation.suspicion import Ints
    from bot.storage.database import Connection

    Rows: TypeAlias = Sequence[Sequence[int]]
    Columns: TypeAlias = tuple[Ints, ...]
else:
    np = Deferred("numpy")


@dataclass(frozen=True, slots=True, eq=False)
class CastVotes:
    """The first four have the shape (votes,), the others (battles,)."""

    user_id: Ints
    battle: Ints
    """Positions among the battles."""
    choice: Ints
    """Positions among `Vote`."""
    is_fast: Ints
    model_a: Ints
    model_b: Ints
    is_timed: Ints


async def read(connection: Connection, guild_id: int) -> CastVotes:
    """Read the battles, then the votes on them; joined, they take longer and far more memory."""
    battles = await _columns(rated_votes.rated_battles(connection, guild_id), _battles, RatedBattle)
    ids, model_a, model_b, is_timed = battles

    def votes(rows: Rows) -> Columns:
        battle_id, user_id, choice, is_fast = _numbers(rows)
        return user_id, _positions(ids, battle_id), choice.astype(np.int8), is_fast.astype(np.int8)

    cast = await _columns(rated_votes.rated_votes(connection, guild_id), votes, RatedVote)
    user_id, battle, choice, is_fast = cast
    return CastVotes(user_id, battle, choice, is_fast, model_a, model_b, is_timed)


def _positions(ids: Ints, battle_id: Ints) -> Ints:
    return np.searchsorted(ids.astype(np.int64), battle_id).astype(np.int32)


def _battles(rows: Rows) -> Columns:
    battle_id, model_a, model_b, is_timed = _numbers(rows)
    return battle_id, model_a.astype(np.int32), model_b.astype(np.int32), is_timed.astype(np.int8)


def _numbers(rows: Rows) -> Ints:
    return np.array([tuple(row) for row in rows], np.int64).T


async def _columns(
    batches: AsyncGenerator[Rows, None],
    narrowed: Callable[[Rows], Columns],
    kind: type[RatedBattle | RatedVote],
) -> Columns:
    none: Columns = tuple(np.empty(0, np.int8) for _ in kind._fields)
    async with aclosing(batches):
        parts = [none, *[await asyncio.to_thread(narrowed, batch) async for batch in batches]]
    return await asyncio.to_thread(lambda: tuple(map(np.concatenate, zip(*parts, strict=True))))
