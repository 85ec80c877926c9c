"""One member as a voter: how often they agree with the others, and which models they like."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from bot.arena.ratings.bradley_terry import fit
from bot.arena.ratings.leaderboards import standings
from bot.domain.pair_sums import PairSums
from bot.domain.vote import Tally, Vote, without
from bot.storage import exclusions, rated_votes

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Sequence

    from bot.arena.models.roster import GuildRoster, Roster
    from bot.arena.ratings.leaderboards import Standing
    from bot.config import BattleDefaults
    from bot.domain.pair_sums import Pairs
    from bot.storage.database import Database
    from bot.storage.rated_votes import OwnVotes, VoteOutcome


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Agreement:
    """In `agreed` of the `comparable` battles, those where others voted too, the member chose as most did."""

    agreed: int
    comparable: int


@dataclass(frozen=True, slots=True)
class Voter:
    """Made of rated votes alone."""

    tally: Tally
    """The member's own votes, by what they chose."""
    agreement: Agreement
    standings: tuple[Standing, ...]
    """The models that the member voted on, as the board would be without everyone else."""
    is_excluded: bool
    """Moderators took the member's votes out, so that none counts."""


class Voters:
    def __init__(self, database: Database, roster: Roster, defaults: BattleDefaults) -> None:
        self._database = database
        self._roster = roster
        self._defaults = defaults

    async def of(self, guild_id: int, user_id: int) -> Voter:
        roster = await self._roster.of(guild_id)
        async with self._database.read() as connection:
            own = await _all_of(rated_votes.own_votes(connection, guild_id, user_id))
            outcomes = await _all_of(rated_votes.outcomes(connection, guild_id, user_id))
            is_excluded = await exclusions.is_excluded(connection, guild_id, user_id)
        # In a thread, because the votes of one member can be on all pairs of the models.
        tally, own_standings = await asyncio.to_thread(self._judged, own, roster)
        return Voter(tally, await asyncio.to_thread(agreement, outcomes), own_standings, is_excluded)

    def _judged(self, own: Sequence[OwnVotes], roster: GuildRoster) -> tuple[Tally, tuple[Standing, ...]]:
        sums = own_sums(own)
        ratings = fit(sorted({model for pair in sums for model in pair}), sums)
        tally = Tally(**{vote.value: sum(each.tally.count(vote) for each in own) for vote in Vote})
        return tally, standings(ratings, roster, self._defaults)


async def _all_of(batches: AsyncGenerator[list[T], None]) -> list[T]:
    async with aclosing(batches):
        return [each async for batch in batches for each in batch]


def agreement(outcomes: Iterable[VoteOutcome]) -> Agreement:
    """Compare each vote with the choice of the others; where there were none, there is nothing to compare."""
    agreed = comparable = 0
    for vote, tally, battles in outcomes:
        if choice := without(tally, vote).winner:
            comparable += battles
            agreed += battles if vote is choice else 0
    return Agreement(agreed, comparable)


def own_sums(own: Iterable[OwnVotes]) -> Pairs:
    """Return the sums of battles with one vote each, by (lower model id, higher model id)."""
    sums: defaultdict[tuple[int, int], PairSums] = defaultdict(PairSums)
    for a, b, tally in own:
        seen_from_a = one_by_one(tally)
        sums[min(a, b), max(a, b)] += seen_from_a if a < b else seen_from_a.mirrored()
    return dict(sums)


def one_by_one(tally: Tally) -> PairSums:
    """Return the sums of as many battles as there are votes: each n_b is 1, and S_b is 0, ½ or 1."""
    return PairSums(
        votes=tally.votes,
        score=tally.score_a,
        weight=tally.votes,
        weighted=tally.score_a,
        squares=tally.a + (tally.tie + tally.both_bad) / 4,
        u=tally.votes,
        wins_i=tally.a,
        wins_j=tally.b,
        ties=tally.tie,
        both_bad=tally.both_bad,
        battles=tally.votes,
    )
