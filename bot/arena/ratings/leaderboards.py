"""The server's ranking, computed from the running sums."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from bot.arena.ratings.board_filter import BoardFilter, scope_of
from bot.arena.ratings.bradley_terry import Rating, Ratings, fit
from bot.arena.ratings.islands import islands
from bot.arena.ratings.ranks import Ranks, is_ranked, ranks
from bot.domain.days import DAY_SECONDS
from bot.domain.pair_sums import PairSums
from bot.storage import pairs, voters

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from bot.arena.models.roster import GuildRoster, Roster
    from bot.config import BattleDefaults
    from bot.domain.pair_sums import Pair, Pairs
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
    island: int = 0
    """Which of the groups that never met it is ranked in, the largest being 0; 0 while it is provisional."""


@dataclass(frozen=True, slots=True)
class Board:
    """Ranked models first, one island after the other, then provisional ones, each by rating."""

    view: BoardFilter
    standings: tuple[Standing, ...]
    battles: int
    votes: int
    voters: int
    """So many members cast them."""
    since: float | None
    """The day of the first battle that counts, in Unix seconds; `None` where there is none."""
    sums: Mapping[Pair, PairSums]
    """By (lower model id, higher model id)."""

    @property
    def islands(self) -> int:
        """Return how many groups of ranked models never met; 1 where they are one, or none is ranked."""
        return 1 + max((standing.island for standing in self.standings), default=0)

    def between(self, model: int, opponent: int) -> PairSums:
        """Return what the two did against each other, seen from `model`."""
        if model < opponent:
            return self.sums.get((model, opponent), PairSums())
        return self.sums.get((opponent, model), PairSums()).mirrored()


class Leaderboards:
    def __init__(
        self, database: Database, roster: Roster, defaults: BattleDefaults, clock: Callable[[], float]
    ) -> None:
        self._database = database
        self._roster = roster
        self._defaults = defaults
        self._clock = clock

    async def board(self, guild_id: int, view: BoardFilter | None = None) -> Board:
        """Rank the models of a view; raises `ArenaError` where there is no such period.

        The plain view shows every model of this server's own, any other those that had votes there.
        """
        view = view or BoardFilter()
        await self._roster.of(guild_id)
        async with self._database.read() as connection:
            # Of the same moment as the sums: an import adds models meanwhile.
            roster = await self._roster.within(connection, guild_id)
            scope = await scope_of(connection, guild_id, view, self._clock())
            sums = await pairs.load(connection, guild_id, scope)
            days = await pairs.days(connection, guild_id, scope)
            counted = await voters.count(connection, guild_id, scope)
        shown = {model for pair in sums for model in pair}
        if view.is_plain:
            shown |= {entry.model.model_id for entry in roster if not entry.is_imported}
        ratings = await asyncio.to_thread(fit, sorted(shown), sums)
        return Board(
            view,
            standings(ratings, roster, self._defaults),
            battles=sum(row.battles for row in ratings.rows) // 2,
            votes=sum(row.votes for row in ratings.rows) // 2,
            voters=counted,
            since=days[0] * float(DAY_SECONDS) if days else None,
            sums=sums,
        )


@dataclass(frozen=True, slots=True)
class Ranking:
    """A fit in order, each line with the interval that it has among those it can be compared with."""

    islands: tuple[tuple[Rating, ...], ...]
    """The ranked models of each group that met, the largest group first, in each the best first."""
    provisional: tuple[Rating, ...]

    @property
    def ranked(self) -> list[Rating]:
        return list(chain.from_iterable(self.islands))


def ranking(ratings: Ratings, roster: GuildRoster, defaults: BattleDefaults) -> Ranking:
    """Measure each island's intervals by those of its ranked models that go on fighting.

    What met no ranked model is measured by the largest island.
    """
    ranked = {row.model for row in ratings.rows if is_ranked(row, defaults)}
    groups = islands(ratings, ranked)
    lines = {row.model: row for row in ratings.rows}
    for at, group in enumerate(groups):
        fighting = {model for model in group & ranked if not roster[model].is_retired}
        field = next((each for each in (fighting, group & ranked) if len(each) > 1), group)
        measured = ratings.relative_to(field).rows
        lines |= {row.model: row for row in measured if not at or row.model in group}
    return Ranking(
        tuple(_best_first(lines[model] for model in group & ranked) for group in groups),
        _best_first(row for model, row in lines.items() if model not in ranked),
    )


def _best_first(rows: Iterable[Rating]) -> tuple[Rating, ...]:
    return tuple(sorted(rows, key=lambda row: (-row.rating, row.model)))


def standings(ratings: Ratings, roster: GuildRoster, defaults: BattleDefaults) -> tuple[Standing, ...]:
    """Put models in order, those that are provisional behind the ranked ones."""
    found = ranking(ratings, roster, defaults)
    lines = [(at, row, rank) for at, rows in enumerate(found.islands) for row, rank in _with_ranks(rows)]
    lines += [(0, row, None) for row in found.provisional]
    return tuple(
        Standing(rank, entry.model.shown, row, entry.is_retired, entry.price, island)
        for island, row, rank in lines
        for entry in [roster[row.model]]
    )


def _with_ranks(rows: Sequence[Rating]) -> list[tuple[Rating, Ranks | None]]:
    places = ranks(rows)
    return [(row, places[row.model]) for row in rows]


async def rate(connection: Connection, guild_id: int, models: Collection[int]) -> Ratings:
    """Fit the guild's models in the season under way; in a thread, because many take many milliseconds."""
    return await asyncio.to_thread(fit, tuple(models), await season_sums(connection, guild_id))


async def season_sums(connection: Connection, guild_id: int) -> Pairs:
    """Return the sums of all battles of the season under way."""
    return await pairs.load_current(connection, guild_id)
