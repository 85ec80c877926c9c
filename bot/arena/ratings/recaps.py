"""A week in a server: who leads, who climbed, which battles were close, and how much there was of it all."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bot.arena.ratings.bradley_terry import fit
from bot.arena.ratings.leaderboards import ranking
from bot.arena.ratings.ranks import ranks
from bot.domain.pair_sums import FIRST_SEASON
from bot.storage import battles, pairs, recaps, seasons
from bot.storage.recaps import Period, RecapFigures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.arena.models.roster import Roster
    from bot.arena.ratings.bradley_terry import Rating
    from bot.arena.ratings.weeks import Week
    from bot.config import BattleDefaults
    from bot.domain.battle import Battle
    from bot.domain.pair_sums import Pairs
    from bot.storage.database import Connection, Database

MOST_MOVERS = 8
MOST_CATEGORIES = 3


class Champion(NamedTuple):
    """The first of the board at the end of the week, by its public name."""

    name: str
    rating: Rating


class Move(NamedTuple):
    """What a week did to a model's rating."""

    name: str
    before: float
    after: float

    @property
    def change(self) -> float:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Recap:
    """`movers` are in the order of the board; what there was none of is `None`."""

    week: Week
    figures: RecapFigures
    categories: tuple[tuple[str, int], ...] = ()
    champion: Champion | None = None
    climber: Move | None = None
    movers: tuple[Move, ...] = ()
    closest: Battle | None = None
    argued: Battle | None = None
    locale: str | None = None
    """The language in which most of its battles were held."""

    @property
    def is_empty(self) -> bool:
        return not self.figures.battles


class Recaps:
    def __init__(self, database: Database, roster: Roster, defaults: BattleDefaults) -> None:
        self._database = database
        self._roster = roster
        self._defaults = defaults

    async def of(self, guild_id: int, week: Week) -> Recap:
        """Sum a week up; the ratings are those of the season that was under way at its end."""
        roster = await self._roster.of(guild_id)
        names = roster.names
        period = Period(guild_id, week.since, week.until)
        async with self._database.read() as connection:
            figures = await recaps.figures(connection, period)
            if not figures.battles:
                return Recap(week, figures)
            categories = await recaps.categories(connection, period, MOST_CATEGORIES)
            closest = await _battle(connection, guild_id, await recaps.closest(connection, period))
            argued = await _battle(connection, guild_id, await recaps.most_argued(connection, period))
            locale = await recaps.locale(connection, period)
            earlier, by_its_end = await _season_sums(connection, guild_id, week)
        before = await asyncio.to_thread(fit, tuple(names), earlier)
        after = await asyncio.to_thread(fit, tuple(names), by_its_end, start=before.thetas())
        found = ranking(after, roster, self._defaults)
        board = found.ranked
        moves = moves_of(before.rows, board, names)
        return Recap(
            week,
            figures,
            tuple(categories),
            champion_of(found.islands[0] if found.islands else (), names),
            climber_of(moves),
            movers_of(moves),
            closest,
            argued,
            locale,
        )


async def _battle(connection: Connection, guild_id: int, battle_id: int | None) -> Battle | None:
    return None if battle_id is None else await battles.get(connection, guild_id, battle_id)


async def _season_sums(connection: Connection, guild_id: int, week: Week) -> tuple[Pairs, Pairs]:
    """Return what the season had before the week, and at its end."""
    over = [
        season
        for season in await seasons.ended(connection, guild_id)
        if season.number >= FIRST_SEASON and season.ended_at < week.until
    ]
    return await pairs.load_around(
        connection, guild_id, len(over) + 1, first_day=week.first_day, last_day=week.last_day
    )


def champion_of(board: Sequence[Rating], names: Mapping[int, str]) -> Champion | None:
    """Return the first of those that met, if the votes tell it apart from all others."""
    if len(board) <= 1 or ranks(board)[board[0].model].worst > 1:
        return None
    return Champion(names[board[0].model], board[0])


def moves_of(before: Sequence[Rating], board: Sequence[Rating], names: Mapping[int, str]) -> list[Move]:
    """Return how the models of the board moved, those left out that had no rating of their own before."""
    known = {row.model: row.rating for row in before if row.votes}
    return [Move(names[row.model], known[row.model], row.rating) for row in board if row.model in known]


def climber_of(moves: Sequence[Move]) -> Move | None:
    """Return the model that rose most, if one rose by a point that can be seen."""
    risen = [move for move in moves if round(move.after) > round(move.before)]
    return max(risen, key=lambda move: move.change, default=None)


def movers_of(moves: Sequence[Move]) -> tuple[Move, ...]:
    """Return those of the models that moved most, in the order of the board."""
    most = sorted(moves, key=lambda move: -abs(move.change))[:MOST_MOVERS]
    return tuple(move for move in moves if move in most)
