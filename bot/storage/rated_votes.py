"""Votes that count in rated battles: all of a guild as plain numbers, and a member's own added up."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import case, func, select

from bot.domain.battle import Side
from bot.domain.vote import Tally, Vote
from bot.storage.dialects import without_index
from bot.storage.schema import battles, contestants, votes
from bot.storage.votes import COUNTING, HELD_HERE, RATED

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from sqlalchemy import ColumnElement, Row

    from bot.storage.connections.awaited import AsyncConnection

BATCH_ROWS = 1000
"""As many as come in one trip (`OneTripConnection`): worked through within a few milliseconds."""


class RatedBattle(NamedTuple):
    """A rated battle of a guild, with what votes on it are weighed by."""

    battle_id: int
    model_a: int
    model_b: int
    is_timed: int
    """1 where it is known how long the replies must be read, as of all but old battles."""


class RatedVote(NamedTuple):
    """A vote that counts, on a rated battle."""

    battle_id: int
    user_id: int
    choice: int
    """The position among `Vote`."""
    is_fast: int
    """1 where the time that the replies take to read had not passed."""


async def rated_battles(
    connection: AsyncConnection, guild_id: int
) -> AsyncGenerator[Sequence[Sequence[int]], None]:
    """Read the battles in the order of their ids, in batches of the values of `RatedBattle`."""
    a, b = contestants.alias(), contestants.alias()
    found = (
        select(
            battles.c.battle_id,
            a.c.model_id,
            b.c.model_id,
            case((battles.c.readable_at.is_(None), 0), else_=1),
        )
        .join(a, (a.c.battle_id == battles.c.battle_id) & (a.c.side == Side.A))
        .join(b, (b.c.battle_id == battles.c.battle_id) & (b.c.side == Side.B))
        .where(battles.c.guild_id == guild_id, HELD_HERE, *RATED)
        .order_by(battles.c.battle_id)
    )
    async for batch in connection.batches(found, BATCH_ROWS):
        yield batch


async def rated_votes(
    connection: AsyncConnection, guild_id: int
) -> AsyncGenerator[Sequence[Sequence[int]], None]:
    """Read the votes on rated battles in batches, each with the values of `RatedVote`."""
    chosen = (
        select(
            votes.c.battle_id,
            votes.c.user_id,
            case({vote.value: position for position, vote in enumerate(Vote)}, value=votes.c.vote),
            case((votes.c.changed_at < battles.c.readable_at, 1), else_=0),
        )
        .select_from(battles)
        .join(votes, votes.c.battle_id == battles.c.battle_id)
        .where(battles.c.guild_id == guild_id, HELD_HERE, *RATED, *COUNTING)
    )
    async for batch in connection.batches(chosen, BATCH_ROWS):
        yield batch


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


async def own_votes(
    connection: AsyncConnection, guild_id: int, user_id: int
) -> AsyncGenerator[list[OwnVotes], None]:
    """Read the member's votes in batches; two models come once for each order of their sides."""
    a, b = contestants.alias(), contestants.alias()
    sides = (a.c.model_id.label("model_a"), b.c.model_id.label("model_b"))
    counts = [func.count().filter(votes.c.vote == vote).label(vote.value) for vote in Vote]
    found = (
        select(*sides, *counts)
        .select_from(votes)
        .join(battles, battles.c.battle_id == votes.c.battle_id)
        .join(a, (a.c.battle_id == votes.c.battle_id) & (a.c.side == Side.A))
        .join(b, (b.c.battle_id == votes.c.battle_id) & (b.c.side == Side.B))
        .where(*_counting(guild_id, user_id))
        .group_by(*sides)
    )
    async for batch in connection.batches(found, BATCH_ROWS):
        yield await asyncio.to_thread(_own, batch)


def _own(rows: Sequence[Row[*tuple[Any, ...]]]) -> list[OwnVotes]:
    return [
        OwnVotes(row.model_a, row.model_b, Tally(a=row.a, b=row.b, tie=row.tie, both_bad=row.both_bad))
        for row in rows
    ]


async def outcomes(
    connection: AsyncConnection, guild_id: int, user_id: int
) -> AsyncGenerator[list[VoteOutcome], None]:
    """Read each kind of vote and tally once, in batches; most battles share theirs with others."""
    tally = (battles.c.votes_a, battles.c.votes_b, battles.c.votes_tie, battles.c.votes_both_bad)
    found = (
        select(votes.c.vote, *tally, func.count().label("battles"))
        .select_from(votes)
        .join(battles, battles.c.battle_id == votes.c.battle_id)
        .where(*_counting(guild_id, user_id))
        .group_by(votes.c.vote, *tally)
    )
    async for batch in connection.batches(found, BATCH_ROWS):
        yield await asyncio.to_thread(_outcomes, batch)


def _outcomes(rows: Sequence[Row[*tuple[Any, ...]]]) -> list[VoteOutcome]:
    return [VoteOutcome(Vote(row.vote), Tally(*row[1:5]), row.battles) for row in rows]


def _counting(guild_id: int, user_id: int) -> list[ColumnElement[bool]]:
    return [
        votes.c.user_id == user_id,
        *COUNTING,
        without_index(battles.c.guild_id) == guild_id,
        *RATED,
    ]
