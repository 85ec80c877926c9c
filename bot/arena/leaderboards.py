"""The server's ranking, computed from the running sums; and the odds of the next draw."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.arena.matchmaking import PairProbabilities, pair_probabilities
from bot.arena.ratings import Ranks, Rating, Ratings, fit, ranks
from bot.domain import PairSums
from bot.storage import pairs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.arena.roster import GuildRoster, Roster
    from bot.config import BattleDefaults
    from bot.storage.database import Connection, Database


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of a board; `rank` is `None` while the model is provisional."""

    rank: Ranks | None
    name: str
    rating: Rating
    retired: bool
    price: float | None
    """US dollars for a million tokens, three of four read; `None` where it is not known or not public."""


@dataclass(frozen=True, slots=True)
class Board:
    """Ranked models first, then provisional ones, each by rating."""

    standings: tuple[Standing, ...]
    battles: int
    votes: int
    sums: Mapping[tuple[int, int], PairSums]
    """By (lower model id, higher model id)."""

    def between(self, model: int, opponent: int) -> PairSums:
        """Return what the two did against each other, seen from `model`."""
        if model < opponent:
            return self.sums.get((model, opponent), PairSums())
        return self.sums.get((opponent, model), PairSums()).mirrored()


@dataclass(frozen=True, slots=True)
class Odds:
    """The server's models, and the chance of each pair that can be drawn; none where there are too few."""

    roster: GuildRoster
    pairs: PairProbabilities


class Leaderboards:
    def __init__(self, database: Database, roster: Roster, defaults: BattleDefaults) -> None:
        self._database = database
        self._roster = roster
        self._defaults = defaults

    async def board(self, guild_id: int) -> Board:
        roster = await self._roster.of(guild_id)
        async with self._database.read() as connection:
            sums = await pairs.load(connection, guild_id)
        ratings = await asyncio.to_thread(fit, tuple(roster.names), sums)
        few = {row.model for row in ratings.rows if row.votes < self._defaults.min_votes_ranked}
        places = ranks(ratings.rows, few)
        standings = [
            Standing(places.get(row.model), entry.model.shown, row, entry.is_retired, entry.price)
            for row in sorted(ratings.rows, key=lambda row: (row.model in few, -row.rating, row.model))
            for entry in [roster[row.model]]
        ]
        return Board(
            tuple(standings),
            battles=sum(row.battles for row in ratings.rows) // 2,
            votes=sum(row.votes for row in ratings.rows) // 2,
            sums=sums,
        )

    async def odds(self, guild_id: int) -> Odds:
        roster = await self._roster.of(guild_id)
        ready = roster.ready()
        if len(ready) < 2:  # noqa: PLR2004 - a pair
            return Odds(roster, {})
        ratings = await self._rated(guild_id, roster)
        newcomer_votes = self._defaults.newcomer_votes
        return Odds(roster, pair_probabilities(sorted(ready), ratings, newcomer_votes=newcomer_votes))

    async def _rated(self, guild_id: int, roster: GuildRoster) -> Ratings:
        async with self._database.read() as connection:
            return await rate(connection, guild_id, roster.names)


async def rate(connection: Connection, guild_id: int, names: dict[int, str]) -> Ratings:
    """Fit the guild's models; in a thread, because many models take many milliseconds."""
    return await asyncio.to_thread(fit, tuple(names), await pairs.load(connection, guild_id))
