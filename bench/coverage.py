"""How often the 95 % intervals hold the truth: `python -m bench.coverage [--repetitions N]`.

Ten models, whose strengths are drawn anew in each repetition, and battles of five votes that go together, as
in `bench.setup.history`. The truth is the rating that the same estimator tends to with ever more votes: the
Bradley-Terry fit of the expected shares of the votes, ties as half wins, each averaged over the battles'
effects. The strengths themselves it is not: that average draws them together.

With few votes the intervals hold more than they promise: the prior draws ratings together, by which they miss
less than intervals know of. So the aim counts from 300 votes up.

The comparison takes every vote for a battle of its own: the same ratings, with intervals that do not know of
battles.

Two further tables hold so many battles of each pair of four models, of so many votes each: votes that go
together, and votes that are each cast for itself. How alike the votes on one battle are can only be told from
several battles, so with few of them intervals are wide, and wider than they need be for votes of the second
kind.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from bench.setup.history import (
    BATTLE_EFFECT,
    STRENGTHS,
    VOTES_A_BATTLE,
    chances,
    draw,
    draw_even,
    sums_of,
)
from bench.setup.table import print_setting, print_table
from bot.arena.ratings.bradley_terry import NORMAL_95, POINTS_PER_LOGIT, fit
from bot.domain.pair_sums import PairSums

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.random import Generator

    from bot.arena.ratings.bradley_terry import Ratings
    from bot.arena.ratings.games import Floats

MODELS = 10
VOTES = (20, 50, 100, 300, 1000, 3000, 10_000)
REPETITIONS = 500
FROM_VOTES = 300
AIM = (0.93, 0.98)
FEW_MODELS = 4
BATTLES_A_PAIR = (1, 2, 3, 5, 10, 50)
VOTES_EACH = (1, 5, 20, 100, 1000)
RANKED_FROM = 3
"""Battles of each pair, from which the aim must be reached."""

NODES = 40
PLENTY = 10**9


@dataclass(frozen=True, slots=True)
class CoveredShares:
    """Of one fit: the shares of ratings and of differences in their intervals, and a half width in points."""

    ratings: float
    differences: float
    half_width: float


def truth(theta: Floats, effect: float = BATTLE_EFFECT) -> Floats:
    """Return the strengths that the estimator tends to, shape (m,), by Gauss-Hermite quadrature."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    d = theta[:, np.newaxis, np.newaxis] - theta[:, np.newaxis] + effect * nodes
    shares = (chances(d) @ (1, 0, 0.5, 0.5)) @ (weights / weights.sum())
    pairs = {
        (i, j): PairSums(votes=PLENTY, weight=PLENTY, weighted=PLENTY * float(shares[i, j]))
        for i, j in combinations(range(len(theta)), 2)
    }
    return fit(range(len(theta)), pairs).theta


def held(ratings: Ratings, true: Floats) -> CoveredShares:
    """Compare a fit with the truth, strengths of mean 0."""
    i, j = np.triu_indices(len(true), 1)
    error, c = ratings.theta - true, ratings.covariance
    variance = c.diagonal()
    apart = variance[i] + variance[j] - 2 * c[i, j]
    return CoveredShares(
        float(np.mean(error**2 <= NORMAL_95**2 * variance)),
        float(np.mean((error[i] - error[j]) ** 2 <= NORMAL_95**2 * apart)),
        float(NORMAL_95 * POINTS_PER_LOGIT * np.sqrt(variance).mean()),
    )


def unclustered(pairs: Mapping[tuple[int, int], PairSums]) -> dict[tuple[int, int], PairSums]:
    """Take every vote for a battle: S_b is 1, ½ or 0, and n_b is 1."""
    return {
        pair: replace(
            sums,
            weight=sums.votes,
            weighted=sums.score,
            squares=sums.wins_i + (sums.ties + sums.both_bad) / 4,
            u=sums.votes,
            battles=sums.votes,
        )
        for pair, sums in pairs.items()
    }


def repeat(random: Generator, votes: int) -> tuple[CoveredShares, CoveredShares]:
    """Hold one history of battles; returns what our intervals held, and the unclustered ones."""
    theta = random.normal(0, STRENGTHS, MODELS)
    pairs, true = sums_of(draw(random, theta, votes // VOTES_A_BATTLE), MODELS), truth(theta)
    return held(fit(range(MODELS), pairs), true), held(fit(range(MODELS), unclustered(pairs)), true)


def cells(found: Sequence[CoveredShares]) -> list[str]:
    """Return both coverages, each with 1.96 standard errors of the simulation, and the mean half width."""
    shares = np.array([(each.ratings, each.differences) for each in found])
    errors = NORMAL_95 * shares.std(axis=0, ddof=1) / len(found) ** 0.5
    texts = [f"{mean:.1%} ± {error:.1%}" for mean, error in zip(shares.mean(axis=0), errors, strict=True)]
    return [*texts, f"{np.mean([each.half_width for each in found]):.0f}"]


def even(random: Generator, battles: int, votes: int, effect: float) -> CoveredShares:
    theta = random.normal(0, STRENGTHS, FEW_MODELS)
    history = draw_even(random, theta, battles, votes, effect)
    return held(fit(range(FEW_MODELS), sums_of(history, FEW_MODELS)), truth(theta, effect))


def compare_few(repetitions: int, effect: float) -> list[float]:
    """Print how often a difference is in its interval; returns the shares from which the aim must hold."""
    rows: list[list[str]] = []
    judged: list[float] = []
    for votes in VOTES_EACH:
        random = np.random.default_rng(votes)
        shares = {
            battles: float(
                np.mean([even(random, battles, votes, effect).differences for _ in range(repetitions)])
            )
            for battles in BATTLES_A_PAIR
        }
        rows.append([f"{votes:,}", *(f"{share:.1%}" for share in shares.values())])
        judged += [share for battles, share in shares.items() if battles >= RANKED_FROM]
    kind = "go together" if effect else "are each cast for itself"
    print(f"\nDifferences in their intervals, by battles a pair and votes a battle that {kind}:")
    print_table(["votes", *(str(battles) for battles in BATTLES_A_PAIR)], rows)
    return judged


def main(repetitions: int) -> None:
    print_setting(
        f"{MODELS} models, battles of {VOTES_A_BATTLE} votes that share an effect of {BATTLE_EFFECT} logits,"
        f" {repetitions} repetitions; half widths in points"
    )
    rows: list[list[str]] = []
    means: list[float] = []
    for votes in VOTES:
        random = np.random.default_rng(votes)
        ours, without = zip(*(repeat(random, votes) for _ in range(repetitions)), strict=True)
        rows.append([f"{votes:,}", *cells(ours), *cells(without)])
        if votes >= FROM_VOTES:
            means += [float(np.mean([each.ratings for each in ours]))]
            means += [float(np.mean([each.differences for each in ours]))]
    head = (
        "votes",
        "ratings",
        "differences",
        "half width",
        "unclustered: ratings",
        "differences",
        "half width",
    )
    print_table(head, rows)
    reached = "reached" if AIM[0] <= min(means) and max(means) <= AIM[1] else "not reached"
    print(
        f"Aim, {AIM[0]:.0%} to {AIM[1]:.0%} from {FROM_VOTES} votes up: {reached},"
        f" {min(means):.1%} to {max(means):.1%}."
    )
    for effect in (BATTLE_EFFECT, 0.0):
        judged = compare_few(repetitions, effect)
        print(f"From {RANKED_FROM} battles a pair up: {min(judged):.1%} to {max(judged):.1%}.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=REPETITIONS)
    main(parser.parse_args().repetitions)
