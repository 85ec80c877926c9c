"""The running sums that ratings are made of."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from operator import add, attrgetter, sub
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.domain.vote import Tally


@dataclass(frozen=True, slots=True)
class PairSums:
    """Running sums over the rated battles b of the models (i, j), n_b votes and score S_b of i in each.

    Every value is a multiple of 1/4, which floats add and subtract exactly up to 2**51; so the sums do not
    depend on the order of battles, and taking a battle out again leaves no trace.
    """

    votes: int = 0  # N = Σ n_b
    score: float = 0.0  # S = Σ S_b
    q: float = 0.0  # Q = Σ S_b²
    r: float = 0.0  # R = Σ S_b·n_b
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
        return cls(
            votes=votes,
            score=score,
            q=score * score,
            r=score * votes,
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
            q=self.u - 2 * self.r + self.q,
            r=self.u - self.r,
            wins_i=self.wins_j,
            wins_j=self.wins_i,
        )


_SUMS = attrgetter(*(column.name for column in fields(PairSums)))
