"""Whether counts are those of a fair draw: exact tests, without a table or a library; pure."""

from __future__ import annotations

from math import ceil, exp, lgamma, log

NEGLIGIBLE = 1e-17
"""Beside the sum that it would be added to."""


def two_sided(successes: int, trials: int, chance: float = 0.5) -> float:
    """Return twice the smaller tail of the binomial distribution, `successes` included, at most 1."""
    if chance in {0.0, 1.0}:
        return 1.0 if successes == trials * chance else 0.0
    lower = _lower_tail(successes, trials, chance)
    upper = _lower_tail(trials - successes, trials, 1 - chance)
    return min(1.0, 2 * min(lower, upper))


def drawn_as_promised(drawn: int, expected: float, variance: float) -> float:
    """Return how likely a count at least as far from `expected` was, two-sided.

    The count is of draws with chances p of their own: `expected` is Σp, `variance` Σp(1 - p). It is compared
    with the binomial distribution of that mean and, but for rounding, that variance, which has
    (Σp)² / Σp² trials. Each draw's chance may depend on the draws before it.
    """
    squares = expected - variance
    if expected <= 0 or squares <= 0:
        return 1.0 if drawn == 0 else 0.0
    trials = max(drawn, ceil(round(expected * expected / squares, 6)))
    return two_sided(drawn, trials, min(1.0, expected / trials))


def _lower_tail(successes: int, trials: int, chance: float) -> float:
    """Add up the chances of `successes` and fewer, from the top; below the mean they shrink one by one."""
    odds = chance / (1 - chance)
    ways = lgamma(trials + 1) - lgamma(successes + 1) - lgamma(trials - successes + 1)
    term = exp(ways + successes * log(chance) + (trials - successes) * log(1 - chance))
    total = term
    for left in range(successes, 0, -1):
        term *= left / ((trials - left + 1) * odds)
        total += term
        if term <= NEGLIGIBLE * total:
            break
    return total
