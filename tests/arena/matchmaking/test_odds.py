from __future__ import annotations

from collections import Counter
from itertools import combinations
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arena.matchmaking.odds import Draw, draw, draw_replacement, newcomers, pair_probabilities, unseen
from bot.arena.ratings.bradley_terry import Ratings, fit
from bot.domain.pair_sums import PairSums
from bot.domain.vote import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable

MODELS = list(range(1, 11))


def rated(votes_won: dict[tuple[int, int], int], models: list[int] = MODELS) -> Ratings:
    """Rate models whose pairs met in ten battles, the first of the pair winning some of 10 votes in each."""
    pairs = {
        pair: sum([PairSums.of(Tally(a=won, b=10 - won))] * 10, PairSums()) for pair, won in votes_won.items()
    }
    return fit(models, pairs)


def even(models: list[int]) -> dict[tuple[int, int], int]:
    return dict.fromkeys(combinations(models, 2), 5)


worlds = st.dictionaries(st.sampled_from(list(combinations(MODELS, 2))), st.integers(0, 10)).map(rated)


@given(worlds, st.sets(st.sampled_from(MODELS), min_size=2), st.integers(0, 500))
def test_every_pair_has_a_known_positive_chance(
    ratings: Ratings, models: set[int], newcomer_votes: int
) -> None:
    probabilities = pair_probabilities(list(models), ratings, newcomer_votes=newcomer_votes)

    assert set(probabilities) == set(combinations(sorted(models), 2))
    assert sum(probabilities.values()) == pytest.approx(1)
    assert min(probabilities.values()) >= 0.2 / len(probabilities)


def test_of_two_models_the_pair_is_certain() -> None:
    ratings = rated({(1, 2): 10})

    assert pair_probabilities([2, 1], ratings, newcomer_votes=50) == {(1, 2): pytest.approx(1)}


def test_models_far_apart_and_well_known_do_not_break_the_weights() -> None:
    # 100,000 battles of one vote each, 90 % won: d²/2v is some 20,000.
    sums = PairSums(100_000, 9e4, weight=1e5, weighted=9e4, squares=9e4, u=100_000, battles=100_000)
    ratings = fit([1, 2], {(1, 2): sums})

    probabilities = pair_probabilities([1, 2], ratings, newcomer_votes=0)

    assert probabilities == {(1, 2): pytest.approx(1)}


def test_close_models_meet_more_often_than_those_far_apart() -> None:
    ratings = rated({(1, 2): 5, (1, 3): 9, (2, 3): 9}, models=[1, 2, 3])

    probabilities = pair_probabilities([1, 2, 3], ratings, newcomer_votes=0)

    assert probabilities[1, 2] > 2 * probabilities[1, 3]


def test_equal_models_are_drawn_uniformly() -> None:
    ratings = rated(even(MODELS))

    probabilities = pair_probabilities(MODELS, ratings, newcomer_votes=50)

    assert list(probabilities.values()) == pytest.approx([1 / 45] * 45)


def test_on_a_new_server_nobody_is_a_newcomer() -> None:
    votes = dict.fromkeys(MODELS, 0)

    assert newcomers(MODELS, votes, 50) == frozenset()


@pytest.mark.parametrize(("votes_of_one", "is_newcomer"), [(0, True), (9, True), (10, False), (29, False)])
def test_a_newcomer_has_few_votes_and_few_beside_the_others(*, votes_of_one: int, is_newcomer: bool) -> None:
    votes = dict.fromkeys(MODELS, 30) | {4: votes_of_one}

    assert (4 in newcomers(MODELS, votes, 50)) == is_newcomer


def test_a_model_with_enough_votes_is_no_newcomer_however_many_the_others_have() -> None:
    votes = dict.fromkeys(MODELS, 30_000) | {4: 50}

    assert newcomers(MODELS, votes, 50) == frozenset()


def test_a_newcomer_takes_at_least_three_times_its_uniform_share() -> None:
    ratings = rated(even(MODELS[1:]))
    probabilities = pair_probabilities(MODELS, ratings, newcomer_votes=50)
    random = Random(1)

    drawn = [draw(random, probabilities) for _ in range(4000)]

    share = sum(1 in (pair.a, pair.b) for pair in drawn) / len(drawn)
    assert share >= 3 * 2 / len(MODELS)


def test_half_of_the_draws_by_information_go_to_newcomers() -> None:
    ratings = rated(even(MODELS[1:]))

    def share(newcomer_votes: int) -> float:
        probabilities = pair_probabilities(MODELS, ratings, newcomer_votes=newcomer_votes)
        return sum(chance for pair, chance in probabilities.items() if 1 in pair)

    # Of the other half, and of the uniform fifth, it takes what it takes without a boost.
    assert share(50) == pytest.approx(0.8 / 2 + share(0) / 2 + 0.2 * 0.2 / 2)


def test_pairs_are_drawn_as_often_as_their_probability_says() -> None:
    probabilities = {(1, 2): 0.5, (1, 3): 0.3, (2, 3): 0.2}
    random = Random(2)

    drawn = [draw(random, probabilities) for _ in range(10_000)]

    counts = Counter((min(pair.a, pair.b), max(pair.a, pair.b)) for pair in drawn)
    assert {pair: count / 10_000 for pair, count in counts.items()} == pytest.approx(probabilities, abs=0.015)
    assert all(pair.probability == probabilities[min(pair.a, pair.b), max(pair.a, pair.b)] for pair in drawn)


def test_sides_are_drawn_by_a_fair_coin() -> None:
    random = Random(3)

    drawn = Counter(draw(random, {(1, 2): 1.0}) for _ in range(10_000))

    # Five standard deviations of a fair coin thrown 10,000 times are 250.
    assert drawn[Draw(1, 2, 1.0)] == pytest.approx(5000, abs=250)
    assert drawn.keys() == {Draw(1, 2, 1.0), Draw(2, 1, 1.0)}


def test_a_replacement_is_drawn_in_proportion_to_its_pairs() -> None:
    probabilities = {(1, 2): 0.1, (1, 3): 0.2, (1, 4): 0.4, (2, 3): 0.1, (2, 4): 0.1, (3, 4): 0.1}
    random = Random(4)

    drawn = Counter(draw_replacement(random, probabilities, fixed=3, excluded={4}) for _ in range(9000))

    shares = {found.model: (found.probability, count / 9000) for found, count in drawn.items() if found}
    assert shares == {
        1: (pytest.approx(2 / 3), pytest.approx(2 / 3, abs=0.03)),
        2: (pytest.approx(1 / 3), pytest.approx(1 / 3, abs=0.03)),
    }


def test_without_a_model_left_there_is_no_replacement() -> None:
    probabilities = {(1, 2): 0.5, (1, 3): 0.3, (2, 3): 0.2}

    assert draw_replacement(Random(5), probabilities, fixed=1, excluded={2, 3}) is None


@given(worlds, st.sets(st.sampled_from(MODELS), min_size=2), st.sets(st.sampled_from(MODELS)))
def test_models_that_were_seen_are_drawn_only_where_others_are_too_few(
    ratings: Ratings, models: set[int], seen: set[int]
) -> None:
    probabilities = pair_probabilities(list(models), ratings, newcomer_votes=40)
    left = unseen(probabilities, seen)
    fresh = len(models - seen)

    assert {len(seen.intersection(pair)) for pair in left} == {max(0, 2 - fresh)}
    assert sum(left.values()) == pytest.approx(1)
    assert all(left[pair] >= probabilities[pair] * (1 - 1e-9) for pair in left)


@given(
    st.dictionaries(
        st.sampled_from(list(combinations(MODELS, 2))), st.floats(1e-9, 1), min_size=1, max_size=len(MODELS)
    ),
    st.sets(st.sampled_from(MODELS)),
)
def test_the_pairs_left_are_those_with_as_few_seen_models_as_any(
    probabilities: dict[tuple[int, int], float], seen: set[int]
) -> None:
    def known(pair: tuple[int, int]) -> int:
        return len(seen.intersection(pair))

    left = [pair for pair in probabilities if all(known(pair) <= known(other) for other in probabilities)]

    total = sum(probabilities[pair] for pair in left)
    assert unseen(probabilities, seen) == {pair: probabilities[pair] / total for pair in left}


def test_the_fewest_seen_models_of_a_pair_are_found_once_for_all_pairs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[int] = []

    def counting(values: Iterable[int]) -> int:
        found = list(values)
        compared.append(len(found))
        return min(found)

    monkeypatch.setattr("bot.arena.matchmaking.odds.min", counting, raising=False)
    unseen(dict.fromkeys(combinations(MODELS, 2), 1 / 45), seen={1})

    assert compared == [45]


def test_nobody_seen_leaves_the_chances_as_they_are() -> None:
    probabilities = {(1, 2): 0.5, (1, 3): 0.25, (2, 3): 0.25}

    assert unseen(probabilities, ()) == probabilities


def test_a_replacement_was_seen_before_only_where_no_other_is_left() -> None:
    probabilities = dict.fromkeys(combinations(range(1, 5), 2), 1 / 6)
    drawn = {draw_replacement(Random(seed), probabilities, 1, {4}, seen={2}) for seed in range(20)}
    last = draw_replacement(Random(1), probabilities, 1, {3, 4}, seen={2})

    assert {each.model for each in drawn if each} == {3}
    assert last
    assert last.model == 2
