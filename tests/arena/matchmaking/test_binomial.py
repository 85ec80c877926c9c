from __future__ import annotations

from fractions import Fraction
from math import comb, sqrt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arena.matchmaking.fairness import drawn_as_promised, two_sided

# R: binom.test(k, n)$p.value
KNOWN = {
    (0, 0): 1.0,
    (0, 1): 1.0,
    (5, 10): 1.0,
    (1, 10): 0.021484375,
    (0, 10): 0.001953125,
    (40, 100): 0.05688793,
    (61, 100): 0.03520020,
    (499_000, 1_000_000): 0.04560830,
}


@pytest.mark.parametrize(("count", "p"), KNOWN.items())
def test_a_coin_is_tested_exactly(count: tuple[int, int], p: float) -> None:
    assert two_sided(*count) == pytest.approx(p, rel=1e-6)


@given(st.integers(0, 300), st.data(), st.sampled_from([Fraction(1, 2), Fraction(1, 5), Fraction(9, 10)]))
def test_both_tails_are_those_of_the_whole_distribution(
    probes: int, data: st.DataObject, chance: Fraction
) -> None:
    successes = data.draw(st.integers(0, probes))
    chances = [comb(probes, k) * chance**k * (1 - chance) ** (probes - k) for k in range(probes + 1)]
    smaller = min(sum(chances[: successes + 1]), sum(chances[successes:]))

    assert two_sided(successes, probes, float(chance)) == pytest.approx(
        min(1.0, 2 * float(smaller)), rel=1e-9
    )


@given(st.integers(0, 2000), st.data())
def test_sides_are_alike(probes: int, data: st.DataObject) -> None:
    a = data.draw(st.integers(0, probes))

    assert two_sided(a, probes) == pytest.approx(two_sided(probes - a, probes))


def test_a_million_to_none_is_impossible_and_takes_no_time() -> None:
    assert two_sided(0, 1_000_000) == 0.0
    assert two_sided(1_000_000, 1_000_000) == 0.0


def test_draws_of_equal_chance_are_tested_exactly() -> None:
    assert drawn_as_promised(20, 200 * 0.2, 200 * 0.16) == pytest.approx(two_sided(20, 200, 0.2))


def test_what_was_certain_is_as_promised_and_nothing_else_is() -> None:
    assert drawn_as_promised(7, 7.0, 0.0) == 1.0
    assert drawn_as_promised(0, 0.0, 0.0) == 1.0
    assert drawn_as_promised(6, 7.0, 0.0) == 0.0
    assert drawn_as_promised(1, 0.0, 0.0) == 0.0


def test_of_fair_draws_few_seem_unfair_whatever_their_chances() -> None:
    random = Random(6)
    alarms = 0
    for _ in range(2000):
        chances = [random.choice((0.05, 0.2, 0.6)) for _ in range(60)]
        drawn = sum(random.random() < chance for chance in chances)
        alarms += drawn_as_promised(drawn, sum(chances), sum(p * (1 - p) for p in chances)) < 0.05

    # Whole numbers keep the share below 0.05; five standard deviations above it are the limit.
    assert 0.02 < alarms / 2000 < 0.05 + 5 * sqrt(0.05 * 0.95 / 2000)


def test_draws_that_favour_a_model_are_found() -> None:
    assert drawn_as_promised(80, 50.0, 40.0) < 0.0001
    assert drawn_as_promised(20, 50.0, 40.0) < 0.0001
