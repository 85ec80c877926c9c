"""The places of models whose intervals overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.deferred import Deferred

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np

    from bot.arena.ratings.bradley_terry import Rating
    from bot.config import BattleDefaults
else:
    np = Deferred("numpy")


class Ranks(NamedTuple):
    """The best and the worst place that a model may really have."""

    best: int
    worst: int

    def __str__(self) -> str:
        return str(self.best) if self.best == self.worst else f"{self.best}–{self.worst}"


def is_ranked(row: Rating, defaults: BattleDefaults) -> bool:
    """Tell whether a model had enough votes in enough battles; one vote it needs in any case."""
    return row.votes >= max(defaults.min_votes_ranked, 1) and row.battles >= defaults.min_battles_ranked


def ranks(rows: Iterable[Rating]) -> dict[int, Ranks]:
    """Rank models that can be compared.

    At best behind all that are surely better, at worst before all that are surely worse. Surely better: its
    lower bound is above the other's upper bound.
    """
    ranked = list(rows)
    lowest = np.sort([row.lower for row in ranked])
    highest = np.sort([row.upper for row in ranked])
    better = len(ranked) - np.searchsorted(lowest, [row.upper for row in ranked], side="right")
    worse = np.searchsorted(highest, [row.lower for row in ranked], side="left")
    return {
        row.model: Ranks(1 + int(above), len(ranked) - int(below))
        for row, above, below in zip(ranked, better, worse, strict=True)
    }
