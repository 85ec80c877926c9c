"""Running sums of pairs of models, which ratings are computed from."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import lru_cache
from math import sqrt
from operator import add, attrgetter, sub
from typing import TYPE_CHECKING, NamedTuple

from bot.domain.days import day_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.domain.vote import Tally

    Pair = tuple[int, int]
    Pairs = Mapping[Pair, "PairSums"]
    """By (lower model id, higher model id)."""

_GRID = 2.0**20

FIRST_SEASON = 1
"""Of a server's own; imported ones count down from 0."""

OVERALL = "all"
"""The category that every rated battle belongs to."""


@dataclass(frozen=True, slots=True)
class PairSums:
    """Running sums over the rated battles b of the models (i, j), n_b votes and score S_b of i in each.

    Every value is a multiple of 2**-21, which floats add and subtract exactly up to 2**32; so the sums do not
    depend on the order of battles, and taking a battle out again leaves no trace. Roots are rounded to that.
    """

    votes: int = 0  # N = Σ n_b
    score: float = 0.0  # S = Σ S_b
    weight: float = 0.0  # W = Σ √n_b
    weighted: float = 0.0  # X = Σ S_b/√n_b
    squares: float = 0.0  # Y = Σ S_b²/n_b
    u: int = 0  # U = Σ n_b²
    wins_i: int = 0
    wins_j: int = 0
    ties: int = 0
    both_bad: int = 0
    battles: int = 0

    @classmethod
    def of(cls, tally: Tally) -> PairSums:
        """Return the sums of one battle as seen from the model on side A."""
        votes, score = tally.votes, tally.score_a
        weight, weighted, squares = of_one(votes, score)
        return cls(
            votes=votes,
            score=score,
            weight=weight,
            weighted=weighted,
            squares=squares,
            u=votes * votes,
            wins_i=tally.a,
            wins_j=tally.b,
            ties=tally.tie,
            both_bad=tally.both_bad,
            battles=1,
        )

    def __add__(self, other: PairSums) -> PairSums:
        return PairSums(*map(add, _SUMS(self), _SUMS(other)))

    def __sub__(self, other: PairSums) -> PairSums:
        return PairSums(*map(sub, _SUMS(self), _SUMS(other)))

    def values(self) -> tuple[float, ...]:
        """Return the sums in the order of the fields."""
        return _SUMS(self)

    def mirrored(self) -> PairSums:
        """Return the same battles seen from model j."""
        return replace(
            self,
            score=self.votes - self.score,
            weighted=self.weight - self.weighted,
            squares=self.votes - 2 * self.score + self.squares,
            wins_i=self.wins_j,
            wins_j=self.wins_i,
        )


_SUMS = attrgetter(*(column.name for column in fields(PairSums)))


@dataclass(frozen=True, slots=True)
class Scope:
    """A choice of a guild's rated battles: of one season or (`None`) of all, and since which day."""

    category: str = OVERALL
    season: int | None = None
    since_day: int | None = None
    held_here: bool = False
    """Of all seasons, those alone that were not imported."""


class Key(NamedTuple):
    """Key of one row of the daily sums; the day is UTC, in days since 1970."""

    category: str
    season: int
    day: int
    model_i: int
    model_j: int


class SeasonKey(NamedTuple):
    """Key of one row of a season's sums."""

    category: str
    season: int
    model_i: int
    model_j: int


class RatedResult(NamedTuple):
    """Result of a rated battle, and when it was closed, in Unix seconds."""

    model_a: int
    model_b: int
    season: int
    closed_at: float
    tally: Tally


@lru_cache(maxsize=4096)
def of_one(votes: int, score: float) -> tuple[float, float, float]:
    """Return √n, S/√n and S²/n of a battle, rounded so that those of its two sides fit together exactly."""
    if not votes:
        return 0.0, 0.0, 0.0
    root = sqrt(votes)
    weight, less = _rounded(root), min(score, votes - score)
    weighted, squares = _rounded(less / root), _rounded(less * less / votes)
    if 2 * score == votes:
        return weight, weight / 2, votes / 4
    if score == less:
        return weight, weighted, squares
    return weight, weight - weighted, votes - 2 * less + squares


def _rounded(value: float) -> float:
    return round(value * _GRID) / _GRID


def in_order(model_a: int, model_b: int, tally: Tally) -> tuple[Pair, PairSums]:
    """Return a battle's pair with the lower id first, and its sums as seen from there."""
    seen_from_a = PairSums.of(tally)
    if model_a < model_b:
        return (model_a, model_b), seen_from_a
    return (model_b, model_a), seen_from_a.mirrored()


def sums_of(result: RatedResult, categories: Collection[str]) -> dict[Key, PairSums]:
    """Return what a rated battle adds to the sums: nothing where nobody voted."""
    if not result.tally.votes:
        return {}
    (i, j), sums = in_order(result.model_a, result.model_b, result.tally)
    day = day_of(result.closed_at)
    return {Key(category, result.season, day, i, j): sums for category in (OVERALL, *categories)}
