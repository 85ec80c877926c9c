"""Votes that count in rated battles: all of a guild as plain numbers, and a member's own added up."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import case, exists, func, select

from bot.domain.battle import Side
from bot.domain.days import DAY_SECONDS
from bot.domain.pair_sums import OVERALL
from bot.domain.vote import LOWEST_NOBODY, Tally, Vote
from bot.storage.dialects import without_index
from bot.storage.schema import battle_categories, battles, contestants, votes
from bot.storage.votes import COUNTING, HELD_HERE, RATED

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from sqlalchemy import ColumnElement

    from bot.domain.pair_sums import Scope
    from bot.storage.connections.awaited import AsyncConnection

BATCH_VOTES = 2000


class RatedVote(NamedTuple):
    """A vote that counts, with what is needed to weigh it."""

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
    chosen = (
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
        .where(battles.c.guild_id == guild_id, HELD_HERE, *RATED, *COUNTING)
    )
    async for batch in connection.batches(chosen, BATCH_VOTES):
        yield batch


async def count_voters(connection: AsyncConnection, guild_id: int, scope: Scope) -> int:
    """Count the members whose votes are in the sums of a scope; all who were forgotten count as one."""
    member = case((votes.c.user_id.between(LOWEST_NOBODY, -1), -1), else_=votes.c.user_id)
    conditions = [battles.c.season == scope.season] if scope.season is not None else []
    if scope.since_day is not None:
        conditions += [HELD_HERE, battles.c.closed_at >= scope.since_day * DAY_SECONDS]
    if scope.category != OVERALL:
        conditions.append(
            exists().where(
                battle_categories.c.battle_id == battles.c.battle_id,
                battle_categories.c.category == scope.category,
            )
        )
    return (
        await connection.scalar(
            select(func.count(member.distinct()))
            .select_from(battles)
            .join(votes, votes.c.battle_id == battles.c.battle_id)
            .where(battles.c.guild_id == guild_id, *RATED, *COUNTING, *conditions)
        )
        or 0
    )


class OwnVotes(NamedTuple):
    """A member's votes where these two models stood on these sides, a vote a battle."""

    model_a: int
    model_b: int
    tally: Tally


class VoteOutcome(NamedTuple):
    """The number of battles in which a member voted so and the whole tally, that vote included, was this."""

    vote: Vote
    tally: Tally
    battles: int


async def own_votes(connection: AsyncConnection, guild_id: int, user_id: int) -> list[OwnVotes]:
    a, b = contestants.alias(), contestants.alias()
    sides = (a.c.model_id.label("model_a"), b.c.model_id.label("model_b"))
    counts = [func.count().filter(votes.c.vote == vote).label(vote.value) for vote in Vote]
    rows = await connection.execute(
        select(*sides, *counts)
        .select_from(votes)
        .join(battles, battles.c.battle_id == votes.c.battle_id)
        .join(a, (a.c.battle_id == votes.c.battle_id) & (a.c.side == Side.A))
        .join(b, (b.c.battle_id == votes.c.battle_id) & (b.c.side == Side.B))
        .where(*_counting(guild_id, user_id))
        .group_by(*sides)
    )
    return [
        OwnVotes(row.model_a, row.model_b, Tally(a=row.a, b=row.b, tie=row.tie, both_bad=row.both_bad))
        for row in rows
    ]


async def outcomes(connection: AsyncConnection, guild_id: int, user_id: int) -> list[VoteOutcome]:
    """Return each kind of vote and tally once: there are few of them, however many the battles."""
    tally = (battles.c.votes_a, battles.c.votes_b, battles.c.votes_tie, battles.c.votes_both_bad)
    rows = await connection.execute(
        select(votes.c.vote, *tally, func.count().label("battles"))
        .select_from(votes)
        .join(battles, battles.c.battle_id == votes.c.battle_id)
        .where(*_counting(guild_id, user_id))
        .group_by(votes.c.vote, *tally)
    )
    return [VoteOutcome(Vote(row.vote), Tally(*row[1:5]), row.battles) for row in rows]


def _counting(guild_id: int, user_id: int) -> list[ColumnElement[bool]]:
    return [
        votes.c.user_id == user_id,
        *COUNTING,
        without_index(battles.c.guild_id) == guild_id,
        *RATED,
    ]
