"""Ratings over time: the board as it stood after each of some steps, from the daily sums."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.arena.ratings.board_filter import scope_of
from bot.arena.ratings.bradley_terry import fit
from bot.domain.days import DAY_SECONDS
from bot.domain.pair_sums import PairSums
from bot.storage import pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.arena.ratings.board_filter import BoardFilter
    from bot.domain.pair_sums import Pair, Pairs
    from bot.storage.database import Database

MOST_STEPS = 40


@dataclass(frozen=True, slots=True)
class Trend:
    """`moments` are the days that the steps end with, in Unix seconds; a model's line has one value a step.

    A value is `None` before the model's first vote in the view.
    """

    moments: tuple[float, ...]
    lines: Mapping[int, tuple[float | None, ...]]


class Trends:
    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    async def of(self, guild_id: int, view: BoardFilter) -> Trend:
        """Return the ratings of a view at 40 days at most; raises `ArenaError` as a board does."""
        async with self._database.read() as connection:
            scope = await scope_of(connection, guild_id, view, self._clock())
            days = await pairs.days(connection, guild_id, scope)
            if days is None:
                return Trend((), {})
            first, last = days
            step = -(-(last - first + 1) // MOST_STEPS)
            steps = await pairs.load_steps(
                connection, guild_id, scope, first_day=first, last_day=last, step=step
            )
        ends = [min(first + step * (number + 1) - 1, last) for number in range((last - first) // step + 1)]
        lines = await asyncio.to_thread(trend_lines, [steps.get(number, {}) for number in range(len(ends))])
        return Trend(tuple(float(day * DAY_SECONDS) for day in ends), lines)


def trend_lines(steps: list[Pairs]) -> dict[int, tuple[float | None, ...]]:
    """Return each model's rating after each step, from what every step adds to the sums."""
    so_far: dict[Pair, PairSums] = {}
    thetas: dict[int, float] = {}
    boards: list[dict[int, float]] = []
    for step in steps:
        for pair, sums in step.items():
            so_far[pair] = so_far.get(pair, PairSums()) + sums
        ratings = fit(sorted({model for pair in so_far for model in pair}), so_far, start=thetas)
        thetas = ratings.thetas()
        boards.append({row.model: row.rating for row in ratings.rows})
    return {model: tuple(board.get(model) for board in boards) for model in thetas}
