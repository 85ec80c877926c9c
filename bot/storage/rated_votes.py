"""All votes of a guild that count, each with what is needed to weigh it, as plain numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import case, select

from bot.domain.battle import BattleState, Side
from bot.domain.vote import Vote
from bot.storage.schema import battles, contestants, votes
from bot.storage.votes import COUNTING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

BATCH_VOTES = 2000


class RatedVote(NamedTuple):
    user_id: int
    battle_id: int
    choice: int
    """The position among `Vote`."""
    model_a: int
    model_b: int
    is_timed: int
    """1 where it is known how long the replies must be read, as of all but old battles."""
    is_fast: int
    """1 where that time had not passed."""


async def rated_votes(
    connection: AsyncConnection, guild_id: int
) -> AsyncGenerator[Sequence[Sequence[int]], None]:
    """Read the votes of rated battles in batches, each with the values of `RatedVote`."""
    a, b = contestants.alias(), contestants.alias()
    rows = await connection.stream(
        select(
            votes.c.user_id,
            votes.c.battle_id,
            case({vote.value: position for position, vote in enumerate(Vote)}, value=votes.c.vote),
            a.c.model_id,
            b.c.model_id,
            case((battles.c.readable_at.is_(None), 0), else_=1),
            case((votes.c.changed_at < battles.c.readable_at, 1), else_=0),
        )
        .select_from(battles)
        .join(a, (a.c.battle_id == battles.c.battle_id) & (a.c.side == Side.A))
        .join(b, (b.c.battle_id == battles.c.battle_id) & (b.c.side == Side.B))
        .join(votes, votes.c.battle_id == battles.c.battle_id)
        .where(
            battles.c.guild_id == guild_id,
            battles.c.state == BattleState.CLOSED,
            battles.c.unrated.is_(None),
            *COUNTING,
        )
    )
    async for batch in rows.partitions(BATCH_VOTES):
        yield batch
