"""Votes: one row a member and battle, written in batches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, func, select

from bot.domain.battle import BattleState
from bot.domain.vote import Tally, Uncounted, Vote
from bot.storage.dialects import upsert
from bot.storage.schema import battles, votes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.storage.connections.awaited import AsyncConnection


@dataclass(frozen=True, slots=True)
class StoredVote:
    """A member's vote on a battle, with the encoded choice that it was read from."""

    battle_id: int
    user_id: int
    vote: Vote | None
    unclear: bool
    member_ballot: str
    changed_at: float
    uncounted: Uncounted | None = None


class StoredBallot(NamedTuple):
    """A member's encoded choice, and why it does not count."""

    member_ballot: str
    uncounted: Uncounted | None


class Count(NamedTuple):
    """The count of a ballot: the votes that count, and how many others there are."""

    tally: Tally
    unclear: int
    uncounted: int


COUNTING = (votes.c.vote.is_not(None), votes.c.uncounted.is_(None), votes.c.excluded.is_(False))
"""What is true of a vote that counts; in a battle that is still open, nothing is excluded yet."""

RATED = (battles.c.state == BattleState.CLOSED, battles.c.unrated.is_(None))
"""What is true of a battle whose votes are in the ratings."""

HELD_HERE = battles.c.origin.is_(None)
"""What is true of a battle that was not imported."""


async def save(connection: AsyncConnection, rows: Iterable[StoredVote]) -> None:
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
                "paper": row.member_ballot,
                "changed_at": row.changed_at,
                "uncounted": row.uncounted,
            }
            for row in rows
        ],
    )


async def member_ballots(connection: AsyncConnection, battle_id: int) -> dict[int, StoredBallot]:
    """Return the choice of each member who reacted."""
    rows = await connection.execute(
        select(votes.c.user_id, votes.c.paper, votes.c.uncounted).where(votes.c.battle_id == battle_id)
    )
    return {
        row.user_id: StoredBallot(row.paper, Uncounted(row.uncounted) if row.uncounted else None)
        for row in rows
    }


_IS_OUT = votes.c.uncounted.is_not(None)
_COUNT = (
    select(votes.c.vote, _IS_OUT, func.count())
    .where(
        votes.c.battle_id == bindparam("battle"),
        votes.c.vote.is_not(None) | votes.c.unclear,
        votes.c.excluded.is_(False),
    )
    .group_by(votes.c.vote, _IS_OUT)
)


async def count(connection: AsyncConnection, battle_id: int) -> Count:
    """Count what members voted, what nobody can read, and what the rules leave out; nothing excluded."""
    found = (await connection.execute(_COUNT, {"battle": battle_id})).all()
    return Count(
        Tally(**{vote: number for vote, is_out, number in found if vote and not is_out}),
        unclear=sum(number for vote, is_out, number in found if not vote and not is_out),
        uncounted=sum(number for _vote, is_out, number in found if is_out),
    )
