"""Votes: one row a member and battle, written in batches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.domain import Tally, Vote
from bot.storage.dialects import upsert
from bot.storage.schema import votes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.ext.asyncio import AsyncConnection


COUNTING = (votes.c.vote.is_not(None), votes.c.excluded.is_(False))
"""What is true of a vote that counts; in a battle that is still open, nothing is excluded yet."""


@dataclass(frozen=True, slots=True)
class VoteRow:
    battle_id: int
    user_id: int
    vote: Vote | None
    unclear: bool
    paper: str
    changed_at: float


async def save(connection: AsyncConnection, rows: Iterable[VoteRow]) -> None:
    """Write each member's present state, whatever it was before."""
    await upsert(
        connection,
        votes,
        [
            {
                "battle_id": row.battle_id,
                "user_id": row.user_id,
                "vote": row.vote,
                "unclear": row.unclear,
                "paper": row.paper,
                "changed_at": row.changed_at,
            }
            for row in rows
        ],
    )


async def papers(connection: AsyncConnection, battle_id: int) -> dict[int, str]:
    """Return the encoded paper of each member who reacted."""
    rows = await connection.execute(
        select(votes.c.user_id, votes.c.paper).where(votes.c.battle_id == battle_id)
    )
    return {row.user_id: row.paper for row in rows}


async def tally(connection: AsyncConnection, battle_id: int) -> Tally:
    rows = await connection.execute(
        select(votes.c.vote, func.count().label("number"))
        .where(votes.c.battle_id == battle_id, *COUNTING)
        .group_by(votes.c.vote)
    )
    return Tally(**{row.vote: row.number for row in rows})


async def unclear(connection: AsyncConnection, battle_id: int) -> int:
    """Return how many members voted in a way that nobody can read."""
    statement = select(func.count()).where(
        votes.c.battle_id == battle_id, votes.c.unclear, votes.c.excluded.is_(False)
    )
    return await connection.scalar(statement) or 0
