"""The server's ranking, computed from the running sums; and the odds of the next draw."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.arena.matchmaking import PairProbabilities, pair_probabilities
from bot.arena.ratings import Rating, Ratings, fit, ranks
from bot.storage import models, pairs

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.arena.roster import Roster
    from bot.config import BattleDefaults
    from bot.storage.database import Connection, Database


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of a board; `rank` is `None` while the model is provisional."""

    rank: int | None
    name: str
    rating: Rating
    retired: bool


@dataclass(frozen=True, slots=True)
class Board:
    """Ranked models first, then provisional ones, each by rating."""

    standings: tuple[Standing, ...]
    battles: int
    votes: int


@dataclass(frozen=True, slots=True)
class Odds:
    """The models that can be drawn now, by id, and each pair's chance; no pairs where there are too few."""

    names: dict[int, str]
    pairs: PairProbabilities


class Leaderboards:
    def __init__(
        self, database: Database, roster: Roster, defaults: BattleDefaults, clock: Callable[[], float]
    ) -> None:
        self._database = database
        self._roster = roster
        self._defaults = defaults
        self._clock = clock

    async def board(self, guild_id: int) -> Board:
        names, ratings = await self._rated(guild_id)
        few = {row.model for row in ratings.rows if row.votes < self._defaults.min_votes_ranked}
        places = ranks(ratings.rows, few)
        offered = self._roster.names()
        standings = [
            Standing(places.get(row.model), names[row.model], row, names[row.model] not in offered)
            for row in sorted(ratings.rows, key=lambda row: (row.model in few, -row.rating, row.model))
        ]
        return Board(
            tuple(standings),
            battles=sum(row.battles for row in ratings.rows) // 2,
            votes=sum(row.votes for row in ratings.rows) // 2,
        )

    async def odds(self, guild_id: int) -> Odds:
        ready = self._roster.ready()
        names, ratings = await self._rated(guild_id)
        drawable = {model: name for model, name in names.items() if name in ready}
        if len(drawable) < 2:  # noqa: PLR2004 - a pair
            return Odds(drawable, {})
        newcomer_votes = self._defaults.newcomer_votes
        return Odds(drawable, pair_probabilities(list(drawable), ratings, newcomer_votes=newcomer_votes))

    async def _rated(self, guild_id: int) -> tuple[dict[int, str], Ratings]:
        async with self._database.read() as connection:
            names = await models.names(connection, guild_id)
        if missing := set(self._roster.names()).difference(names.values()):
            async with self._database.write() as connection:
                await models.ensure(connection, guild_id, sorted(missing), self._clock())
                names = await models.names(connection, guild_id)
        async with self._database.read() as connection:
            return names, await rate(connection, guild_id, names)


async def rate(connection: Connection, guild_id: int, names: dict[int, str]) -> Ratings:
    """Fit the guild's models; in a thread, because many models take many milliseconds."""
    return await asyncio.to_thread(fit, tuple(names), await pairs.load(connection, guild_id))
