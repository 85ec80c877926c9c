"""A history of battles in plain Python, and what it makes of ratings: a computation from scratch.

It takes the battles one by one, where the product adds them up.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from math import log
from typing import TYPE_CHECKING

import numpy as np
from evalica import Winner, bradley_terry

from bot.domain.vote import Vote

if TYPE_CHECKING:
    from collections.abc import Sequence

POINTS = 400 / log(10)
WORTH = {Vote.A: 1.0, Vote.B: 0.0, Vote.TIE: 0.5, Vote.BOTH_BAD: 0.5}
WINNER = {Vote.A: Winner.X, Vote.B: Winner.Y, Vote.TIE: Winner.Draw, Vote.BOTH_BAD: Winner.Draw}


@dataclass(slots=True, eq=False)
class RememberedBattle:
    """A battle as it is remembered; `a` and `b` are the ids of its models, `votes` is by member."""

    battle_id: int
    a: int
    b: int
    categories: frozenset[str] = frozenset()
    unrated: bool = False
    votes: dict[int, Vote] = field(default_factory=dict[int, Vote])
    day: int | None = None
    season: int | None = None
    voided: bool = False

    @property
    def pair(self) -> tuple[int, int]:
        return self.a, self.b

    @property
    def counts(self) -> bool:
        return self.day is not None and not self.voided and not self.unrated and bool(self.votes)

    @property
    def score(self) -> float:
        """The votes that A won."""
        return sum(WORTH[vote] for vote in self.votes.values())


def from_scratch(
    models: Sequence[int], battles: Sequence[RememberedBattle]
) -> dict[int, tuple[float, float]]:
    """Return each model's rating and the half width of its interval, by formula from the single battles."""
    if not models:
        return {}
    contrasts = [_contrast(models, battle) for battle in battles]
    counts = [len(battle.votes) for battle in battles]
    weights = [n**-0.5 for n in counts]
    theta = np.zeros(len(models))
    prior = np.eye(len(models))
    bread = prior
    for _ in range(200):
        chances = [1 / (1 + np.exp(-e @ theta)) for e in contrasts]
        bread = prior.copy()
        slope = -theta
        for e, n, w, p, battle in zip(contrasts, counts, weights, chances, battles, strict=True):
            bread += w * n * p * (1 - p) * np.outer(e, e)
            slope = slope + w * (battle.score - n * p) * e
        step = np.linalg.solve(bread, slope)
        theta = theta + step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < 1e-14:
            break
    inverse = np.linalg.inv(bread)
    votes, roots = Counter[frozenset[int]](), defaultdict[frozenset[int], float](float)
    for n, battle in zip(counts, battles, strict=True):
        votes[frozenset(battle.pair)] += n
        roots[frozenset(battle.pair)] += n**0.5
    meat = prior.copy()
    for e, n, w, battle in zip(contrasts, counts, weights, battles, strict=True):
        p, pair = 1 / (1 + np.exp(-e @ theta)), frozenset(battle.pair)
        leverage = votes[pair] / roots[pair] * p * (1 - p) * (e @ inverse @ e)
        meat += (w * (battle.score - n * p) / (1 - min(leverage, 0.9))) ** 2 * np.outer(e, e)
    centre = np.eye(len(models)) - 1 / len(models)
    variances = np.diag(centre @ inverse @ meat @ inverse @ centre)
    return {
        model: (1000 + POINTS * (theta[at] - theta.mean()), 1.96 * POINTS * variances[at] ** 0.5)
        for at, model in enumerate(models)
    }


def by_evalica(models: Sequence[int], battles: Sequence[RememberedBattle]) -> list[float]:
    """Return the ratings without a prior; the battles must connect all models both ways."""
    votes = [
        (battle.a, battle.b, WINNER[vote], len(battle.votes) ** -0.5)
        for battle in battles
        for vote in battle.votes.values()
    ]
    xs, ys, winners, weights = zip(*votes, strict=True)
    scores = bradley_terry(xs, ys, winners, weights=list(weights), tolerance=1e-12, limit=100_000).scores
    theirs = 400 * np.log10(np.asarray(scores[list(models)], dtype=np.float64))
    return list(1000 + theirs - theirs.mean())


def _contrast(
    models: Sequence[int], battle: RememberedBattle
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    e = np.zeros(len(models))
    e[models.index(battle.a)], e[models.index(battle.b)] = 1, -1
    return e
