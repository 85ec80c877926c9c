"""What the weight of a battle does to error and coverage: `python -m bench.weights [--repetitions N]`.

Ten models, whose strengths are drawn anew in each repetition. Ordinary battles have three to seven votes, a
few popular ones a hundred or more. The votes on one battle go together as in `bench.setup.history`, or a
little, or not at all. Each server's votes are fitted three times: a battle weighs its votes n, so that every
vote counts alike; or √n; or n, but at most the 90th percentile of the server's battles.

The fit and its intervals are those of `bot.arena.ratings.bradley_terry` with any weights, from the single
battles: a cap that moves with the server could not be kept in sums. The error is the root mean square of how
far differences of ratings are from the truth, in points; the coverage is the share of them in their 95 %
intervals. The truth is that of `bench.coverage`, and the same for all three.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bench.coverage import truth
from bench.setup.history import BATTLE_EFFECT, STRENGTHS, VoteArrays, chances
from bench.setup.table import print_setting, print_table
from bot.arena.ratings.bradley_terry import NORMAL_95, POINTS_PER_LOGIT, student
from bot.arena.ratings.games import laplacian

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator

    from bot.arena.ratings.games import Floats

MODELS = 10
REPETITIONS = 300
ORDINARY = (3, 8)
EFFECTS = {BATTLE_EFFECT: "together", BATTLE_EFFECT / 2: "somewhat", 0.0: "each for itself"}
STEPS = 50
USUAL_LIKENESS, FEW_BATTLES, MOST_LEVERAGE = 0.2, 0.5, 0.9


class Server(NamedTuple):
    """So many battles, of which a share is popular, with so many votes each."""

    battles: int
    popular: float
    votes: int


SERVERS = (
    Server(60, 0.05, 100),
    Server(200, 0.05, 100),
    Server(1000, 0.01, 100),
    Server(1000, 0.05, 100),
    Server(1000, 0.15, 100),
    Server(200, 0.02, 500),
    Server(1000, 0.0, 0),
)
WEIGHTS: dict[str, Callable[[Floats], Floats]] = {
    "n": lambda n: n,
    "√n": np.sqrt,
    "cap": lambda n: np.minimum(n, np.quantile(n, 0.9)),
}
"""What a battle of n votes weighs."""


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    theta: Floats
    covariance: Floats


class PairTotals:
    """Adds up what battles say of their pairs, seen from the lower position: (m, m), above the diagonal."""

    def __init__(self, history: VoteArrays) -> None:
        low, high = np.minimum(history.a, history.b), np.maximum(history.a, history.b)
        won, lost, tied, bad = history.tallies.T
        self._at = low * MODELS + high
        self.n = (won + lost + tied + bad).astype(np.float64)
        self.s: Floats = np.where(history.a > history.b, lost, won) + (tied + bad) / 2

    def of(self, values: Floats) -> Floats:
        return np.bincount(self._at, values, MODELS**2).astype(np.float64).reshape(MODELS, MODELS)


def fit(history: VoteArrays, weigh: Callable[[Floats], Floats]) -> Fitted:
    """Fit with the weights given; the variance of a battle's score is p(1-p)(n + ρ(n² - n))."""
    totals = PairTotals(history)
    n, s = totals.n, totals.s
    each = weigh(n) / n
    games, score = totals.of(each * n), totals.of(each * s)
    score += np.tril((games - score).T)
    games += games.T
    ridge: Floats = np.eye(MODELS) + float(games.sum()) / 2 / MODELS**2
    theta = maximise(games, score, ridge)
    p = even(theta)
    inverse = inverted(laplacian(games * p * (1 - p)) + ridge)
    spread = inverse.diagonal()[:, np.newaxis] + inverse.diagonal() - 2 * inverse
    alone, squares = totals.of(each**2 * n), totals.of(each**2 * n**2)
    variance = alone + likeness(totals, each, p, spread) * (squares - alone)
    meat = laplacian(p * (1 - p) * (variance + variance.T)) + ridge
    return Fitted(theta - theta.mean(), inverse @ meat @ inverse)


def maximise(games: Floats, score: Floats, ridge: Floats) -> Floats:
    theta: Floats = np.zeros(MODELS)
    for _ in range(STEPS):
        theta = climbed(theta, games, score, ridge)
    return theta


def climbed(theta: Floats, games: Floats, score: Floats, ridge: Floats) -> Floats:
    p = even(theta)
    slope = (score - games * p).sum(axis=1) - ridge @ theta
    return theta + inverted(laplacian(games * p * (1 - p)) + ridge) @ slope


def inverted(matrix: Floats) -> Floats:
    return np.linalg.inv(matrix).astype(np.float64)


def even(theta: Floats) -> Floats:
    return 1 / (1 + np.exp(theta - theta[:, np.newaxis]))


def likeness(totals: PairTotals, each: Floats, p: Floats, spread: Floats) -> float:
    """Tell ρ from the weighted squares of all battles together."""
    n, s = totals.n, totals.s
    weight, alone, square = totals.of(each * n), totals.of(each**2 * n), totals.of(each**2 * n**2)
    some = square > 0
    p, spread, weight, alone, square = p[some], spread[some], weight[some], alone[some], square[some]
    missed = totals.of(each**2 * s**2)[some] - 2 * p * totals.of(each**2 * s * n)[some] + p * p * square
    left = 1 - np.minimum(square / weight * p * (1 - p) * spread, MOST_LEVERAGE)
    battles = weight**2 / square
    freedom = float((battles * (1 - alone / square) * left).sum())
    excess = float((battles * (missed / (p * (1 - p)) - alone * left) / square).sum())
    found = (FEW_BATTLES * USUAL_LIKENESS + max(excess, 0.0)) / (FEW_BATTLES + freedom)
    return min(found * (student(freedom + FEW_BATTLES) / NORMAL_95) ** 2, 1.0)


def draw(random: Generator, theta: Floats, server: Server, effect: float) -> VoteArrays:
    a = random.integers(MODELS, size=server.battles)
    b = (a + random.integers(1, MODELS, size=server.battles)) % MODELS
    votes = random.integers(*ORDINARY, size=server.battles)
    votes[random.random(server.battles) < server.popular] = server.votes
    d = theta[a] - theta[b] + random.normal(0, effect, server.battles)
    return VoteArrays(a, b, random.multinomial(votes, chances(d)))


def judge(fitted: Fitted, true: Floats) -> tuple[float, float]:
    """Return the mean squared error of the differences, in logits², and the share in their intervals."""
    i, j = np.triu_indices(MODELS, 1)
    error = (fitted.theta - true)[i] - (fitted.theta - true)[j]
    c = fitted.covariance
    variance = c[i, i] + c[j, j] - 2 * c[i, j]
    return float(np.mean(error**2)), float(np.mean(error**2 <= NORMAL_95**2 * variance))


def compare(server: Server, effect: float, repetitions: int) -> list[str]:
    """Return error and coverage for each of the weights, on the same votes."""
    random = np.random.default_rng(1)
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in WEIGHTS}
    for _ in range(repetitions):
        theta = random.normal(0, STRENGTHS, MODELS)
        history, true = draw(random, theta, server, effect), truth(theta, effect)
        for name, weigh in WEIGHTS.items():
            found[name].append(judge(fit(history, weigh), true))
    cells: list[str] = []
    for each in found.values():
        error, coverage = np.mean(each, axis=0).tolist()
        cells += [f"{POINTS_PER_LOGIT * error**0.5:.1f}", f"{coverage:.1%}"]
    return cells


def main(repetitions: int) -> None:
    print_setting(
        f"{MODELS} models, ordinary battles of {ORDINARY[0]} to {ORDINARY[1] - 1} votes, {repetitions}"
        " repetitions; errors in points"
    )
    rows: list[list[str]] = []
    for server in SERVERS:
        popular = f"{server.popular:.0%} of {server.votes}" if server.popular else "none"
        for effect, kind in EFFECTS.items():
            rows.append([f"{server.battles:,}", popular, kind, *compare(server, effect, repetitions)])
    head = [text for name in WEIGHTS for text in (f"{name}: error", "coverage")]
    print_table(["battles", "popular", "votes", *head], rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=REPETITIONS)
    main(parser.parse_args().repetitions)
