"""Exclusions of members, whose votes then do not count, and the marks on these votes.

A vote is marked once its battle is decided, in the transaction that decides it or in the one that excludes
the member: so the marks always fit the tally that the battle keeps.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete, exists, func, insert, select, update

from bot.domain.battle import BattleState, Side, VoidReason
from bot.domain.pair_sums import RatedResult
from bot.domain.vote import Exclusion, Tally, Vote
from bot.storage import battle_categories
from bot.storage.dialects import without_index
from bot.storage.rated_votes import VoteOutcome
from bot.storage.schema import battles, contestants, draws, excluded_voters, votes
from bot.storage.votes import RATED

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from sqlalchemy import ColumnElement, Row, Select

    from bot.storage.connections.awaited import AsyncConnection

BATCH_BATTLES = 500
_IS_OUT = votes.c.uncounted.is_not(None)
_COUNTS = {
    Vote.A: battles.c.votes_a,
    Vote.B: battles.c.votes_b,
    Vote.TIE: battles.c.votes_tie,
    Vote.BOTH_BAD: battles.c.votes_both_bad,
}
_OTHER_COUNTS = (
    (votes.c.unclear & ~_IS_OUT, battles.c.votes_unclear),
    ((votes.c.vote.is_not(None) | votes.c.unclear) & _IS_OUT, battles.c.votes_uncounted),
)


class ExcludedVote(NamedTuple):
    """A member's vote in a rated battle that was closed, with its result as it is now."""

    vote: Vote
    result: RatedResult
    categories: tuple[str, ...]


async def add(connection: AsyncConnection, guild_id: int, exclusion: Exclusion) -> None:
    await connection.execute(insert(excluded_voters).values(guild_id=guild_id, **asdict(exclusion)))


async def remove(connection: AsyncConnection, guild_id: int, user_id: int) -> None:
    await connection.execute(
        delete(excluded_voters).where(
            excluded_voters.c.guild_id == guild_id, excluded_voters.c.user_id == user_id
        )
    )


async def of_guild(connection: AsyncConnection, guild_id: int) -> list[Exclusion]:
    """Return the exclusions, the latest first."""
    rows = await connection.execute(
        select(excluded_voters)
        .where(excluded_voters.c.guild_id == guild_id)
        .order_by(excluded_voters.c.excluded_at.desc(), excluded_voters.c.user_id)
    )
    return [Exclusion(row.user_id, row.excluded_at, row.actor_id, row.reason) for row in rows]


async def is_excluded(connection: AsyncConnection, guild_id: int, user_id: int) -> bool:
    found = select(excluded_voters.c.user_id).where(
        excluded_voters.c.guild_id == guild_id, excluded_voters.c.user_id == user_id
    )
    return await connection.scalar(found) is not None


async def mark_battle(connection: AsyncConnection, guild_id: int, battle_id: int) -> None:
    """Mark the votes of excluded members in a battle that is about to be decided."""
    outcasts = select(excluded_voters.c.user_id).where(excluded_voters.c.guild_id == guild_id)
    await connection.execute(
        update(votes)
        .where(votes.c.battle_id == battle_id, votes.c.user_id.in_(outcasts))
        .values(excluded=True)
    )


async def mark_votes(connection: AsyncConnection, guild_id: int, user_id: int, *, excluded: bool) -> int:
    """Mark a member's votes in all decided battles, or unmark them, and correct the battles' tallies.

    Returns how many votes count no longer, or again.
    """
    own = select(votes.c.battle_id).where(votes.c.user_id == user_id, votes.c.excluded.is_(not excluded))
    step = -1 if excluded else 1
    corrected = 0
    for vote, column in _COUNTS.items():
        chosen = own.where(votes.c.vote == vote, ~_IS_OUT)
        corrected += await _correct(connection, guild_id, chosen, column, step)
    for is_such, column in _OTHER_COUNTS:
        await _correct(connection, guild_id, own.where(is_such), column, step)
    here = exists().where(battles.c.battle_id == votes.c.battle_id, *_decided(guild_id))
    await connection.execute(
        update(votes)
        .where(votes.c.user_id == user_id, votes.c.excluded.is_(not excluded), here)
        .values(excluded=excluded)
    )
    return corrected


async def drawn_outcomes(
    connection: AsyncConnection, guild_id: int, user_id: int, *, excluded: bool
) -> list[VoteOutcome]:
    """Return a member's votes in the decided battles whose models were drawn, rated or not.

    They are those that are marked, or those that are not, each with the tally as it is now.
    """
    rows = await connection.execute(
        select(votes.c.vote, *_COUNTS.values(), func.count().label("battles"))
        .select_from(votes)
        .join(battles, battles.c.battle_id == votes.c.battle_id)
        .join(draws, draws.c.battle_id == votes.c.battle_id)
        .where(
            votes.c.user_id == user_id,
            votes.c.vote.is_not(None),
            ~_IS_OUT,
            votes.c.excluded.is_(excluded),
            *_decided(guild_id),
        )
        .group_by(votes.c.vote, *_COUNTS.values())
    )
    return [VoteOutcome(Vote(row.vote), Tally(*row[1:5]), row.battles) for row in rows]


async def rated_votes(
    connection: AsyncConnection, guild_id: int, user_id: int, *, excluded: bool
) -> AsyncGenerator[list[ExcludedVote], None]:
    """Read a member's votes in batches, those that are marked or those that are not."""
    last = 0
    while rows := await _after(connection, guild_id, user_id, last, excluded=excluded):
        last = rows[-1].battle_id
        found = battles.c.battle_id.in_([row.battle_id for row in rows])
        categories = await battle_categories.of_battles(connection, found)
        yield [ExcludedVote(Vote(row.vote), _result(row), tuple(categories[row.battle_id])) for row in rows]


def _result(row: Row[tuple[object, ...]]) -> RatedResult:
    tally = Tally(row.votes_a, row.votes_b, row.votes_tie, row.votes_both_bad)
    return RatedResult(row.model_a, row.model_b, row.season, row.closed_at, tally)


async def _correct(
    connection: AsyncConnection,
    guild_id: int,
    chosen: Select[tuple[int]],
    column: ColumnElement[int],
    step: int,
) -> int:
    done = await connection.execute(
        update(battles)
        .where(battles.c.battle_id.in_(chosen), *_decided(guild_id))
        .values({column: column + step})
    )
    return done.rowcount


def _decided(guild_id: int) -> tuple[ColumnElement[bool], ...]:
    """Return what is true of battles whose tally is fixed; those that moderators took out can come back."""
    return (
        without_index(battles.c.guild_id) == guild_id,
        (battles.c.state == BattleState.CLOSED) | (battles.c.voided == VoidReason.MODERATOR),
    )


async def _after(
    connection: AsyncConnection, guild_id: int, user_id: int, last: int, *, excluded: bool
) -> Sequence[Row[tuple[object, ...]]]:
    a, b = contestants.alias(), contestants.alias()
    rows = await connection.execute(
        select(
            votes.c.battle_id,
            votes.c.vote,
            a.c.model_id.label("model_a"),
            b.c.model_id.label("model_b"),
            battles.c.season,
            battles.c.closed_at,
            *_COUNTS.values(),
        )
        .select_from(votes)
        .join(battles, battles.c.battle_id == votes.c.battle_id)
        .join(a, (a.c.battle_id == votes.c.battle_id) & (a.c.side == Side.A))
        .join(b, (b.c.battle_id == votes.c.battle_id) & (b.c.side == Side.B))
        .where(
            votes.c.user_id == user_id,
            votes.c.battle_id > last,
            votes.c.vote.is_not(None),
            ~_IS_OUT,
            votes.c.excluded.is_(excluded),
            without_index(battles.c.guild_id) == guild_id,
            *RATED,
        )
        .order_by(votes.c.battle_id)
        .limit(BATCH_BATTLES)
    )
    return rows.all()
