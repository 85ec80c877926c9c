"""Battles drawn at random as arrays, for the benchmarks of the ratings: votes on a battle go together.

A battle has an effect of its own on the difference of strengths d, so its votes resemble each other; each
vote then follows Davidson (1970): with w = exp(d/2), i wins with chance w/(w + 1/w + ν), the tie has
ν/(w + 1/w + ν), of which half are both-bad.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.domain.pair_sums import PairSums

if TYPE_CHECKING:
    from numpy.random import Generator

    from bot.arena.ratings.games import Floats

Ints = NDArray[np.int64]

VOTES_A_BATTLE = 5
STRENGTHS = 0.8
"""Standard deviation of the models' true strengths, in logits."""

BATTLE_EFFECT = 1.0
"""Standard deviation of what a battle adds to its difference of strengths, in logits."""

TIES = 0.5
"""Davidson's ν: at d = 0 a fifth of the votes are ties or both-bad."""


@dataclass(frozen=True, slots=True, eq=False)
class VoteArrays:
    """G battles: positions of the models, (G,), and `tallies`, (G, 4): votes for a, b, tie and both-bad."""

    a: Ints
    b: Ints
    tallies: Ints


def draw(random: Generator, theta: Floats, battles: int) -> VoteArrays:
    """Hold battles between models of strengths `theta`, every pair and side as likely as any other."""
    a = random.integers(len(theta), size=battles)
    b = (a + random.integers(1, len(theta), size=battles)) % len(theta)
    d = theta[a] - theta[b] + random.normal(0, BATTLE_EFFECT, battles)
    return VoteArrays(a, b, random.multinomial(VOTES_A_BATTLE, chances(d)))


def draw_even(
    random: Generator, theta: Floats, battles: int, votes: int, effect: float = BATTLE_EFFECT
) -> VoteArrays:
    """Hold so many battles of each pair, of so many votes; `effect` as `BATTLE_EFFECT`."""
    first, second = np.triu_indices(len(theta), 1)
    a, b = np.repeat(first, battles), np.repeat(second, battles)
    d = theta[a] - theta[b] + random.normal(0, effect, len(a))
    return VoteArrays(a, b, random.multinomial(votes, chances(d)))


def chances(d: Floats) -> Floats:
    """Return the chances of a, b, tie and both-bad at the differences `d`, shape (*d.shape, 4)."""
    w = np.exp(d / 2)
    parts = np.stack((w, 1 / w, np.full_like(w, TIES / 2), np.full_like(w, TIES / 2)), axis=-1)
    return parts / parts.sum(axis=-1, keepdims=True)


def sums_of(history: VoteArrays, models: int) -> dict[tuple[int, int], PairSums]:
    """Add up each pair that met, seen from the model of the lower position."""
    won, lost, tied, bad = history.tallies.T
    turned = history.a > history.b
    wins_i, wins_j = np.where(turned, (lost, won), (won, lost))
    n, s = won + lost + tied + bad, wins_i + (tied + bad) / 2
    pair = np.minimum(history.a, history.b) * models + np.maximum(history.a, history.b)
    # A battle without votes weighs nothing.
    root = np.sqrt(np.maximum(n, 1))
    weights = (np.sqrt(n), s / root, s * s / root**2)
    columns = (n, s, *weights, n * n, wins_i, wins_j, tied, bad, np.ones_like(n))
    totals = [np.bincount(pair, column, models * models) for column in columns]
    met = np.flatnonzero(totals[-1])
    kinds = (int, float, float, float, float, int, int, int, int, int, int)
    values = (map(kind, total[met].tolist()) for kind, total in zip(kinds, totals, strict=True))
    return {divmod(at, models): PairSums(*each) for at, *each in zip(met.tolist(), *values, strict=True)}


def gathered(battle: Ints, a: Ints, b: Ints, vote: Ints) -> VoteArrays:
    """Count the votes of each battle; all have shape (votes,), `vote` is 0 to 3 for a, b, tie, both-bad."""
    battles = int(battle.max()) + 1
    tallies = np.bincount(battle * 4 + vote, minlength=4 * battles).reshape(battles, 4)
    seats = np.zeros((2, battles), np.int64)
    seats[:, battle] = a, b
    return VoteArrays(*seats, tallies=tallies)
