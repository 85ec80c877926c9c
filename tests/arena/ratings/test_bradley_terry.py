from __future__ import annotations

from dataclasses import astuple, fields
from itertools import combinations, pairwise
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
import pytest
from evalica import Winner, bradley_terry
from hypothesis import given
from hypothesis import strategies as st

from bot.arena.ratings.bradley_terry import Rating, Ratings, fit, student
from bot.arena.ratings.ranks import ranks
from bot.domain.pair_sums import PairSums
from bot.domain.vote import Tally

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

Battle = tuple[int, int, Tally]

MODELS = [3, 5, 7, 11, 13]
PAIRS = list(combinations(MODELS, 2))


def tallies(most: int) -> st.SearchStrategy[Tally]:
    counts = st.integers(min_value=0, max_value=most)
    return st.builds(Tally, counts, counts, counts, counts)


def battles_of(models: Sequence[int], most: int = 6) -> st.SearchStrategy[list[Battle]]:
    sides = st.sampled_from([(i, j) for i in models for j in models if i != j])
    return st.lists(st.tuples(sides, tallies(most)).map(lambda drawn: (*drawn[0], drawn[1])), max_size=20)


battles = battles_of(MODELS)
pair_sums = st.lists(tallies(9)).map(lambda drawn: sum(map(PairSums.of, drawn), PairSums()))


def running_sums(battles: Sequence[Battle]) -> dict[tuple[int, int], PairSums]:
    pairs: dict[tuple[int, int], PairSums] = {}
    for a, b, tally in battles:
        pair, sums = ((a, b), PairSums.of(tally)) if a < b else ((b, a), PairSums.of(tally).mirrored())
        pairs[pair] = pairs.get(pair, PairSums()) + sums
    return pairs


def votes_of(battle: Battle) -> list[tuple[int, int, Winner]]:
    a, b, tally = battle
    won = [(a, b, Winner.X)] * tally.a + [(a, b, Winner.Y)] * tally.b
    return won + [(a, b, Winner.Draw)] * (tally.tie + tally.both_bad)


def assert_sound(ratings: Ratings) -> None:
    for row in ratings.rows:
        assert isfinite(row.rating)
        assert isfinite(row.half_width)
        assert row.half_width > 0


@given(battles, st.randoms(use_true_random=False))
def test_the_order_of_battles_does_not_matter(battles: list[Battle], random: Random) -> None:
    shuffled = list(battles)
    random.shuffle(shuffled)

    one, other = fit(MODELS, running_sums(battles)), fit(MODELS, running_sums(shuffled))

    assert running_sums(battles) == running_sums(shuffled)
    for mine, theirs in zip(one.rows, other.rows, strict=True):
        assert mine.rating == pytest.approx(theirs.rating, abs=1e-9)
        assert mine.half_width == pytest.approx(theirs.half_width, abs=1e-9)


@given(battles, st.sampled_from(PAIRS), tallies(9))
def test_voiding_a_battle_returns_to_the_ratings_before_it(
    battles: list[Battle], pair: tuple[int, int], tally: Tally
) -> None:
    pairs = running_sums(battles)
    before = fit(MODELS, pairs)

    added = pairs | {pair: pairs.get(pair, PairSums()) + PairSums.of(tally)}
    during = fit(MODELS, added, start=before.thetas())
    after = fit(MODELS, added | {pair: added[pair] - PairSums.of(tally)}, start=during.thetas())

    for row, again in zip(before.rows, after.rows, strict=True):
        assert again.rating == pytest.approx(row.rating, abs=1e-9)
        assert again.half_width == pytest.approx(row.half_width, abs=1e-9)


@given(battles)
def test_the_ratings_do_not_depend_on_where_the_fit_starts(battles: list[Battle]) -> None:
    pairs = running_sums(battles)
    far_off = {3: 9.0, 5: -9.0, 11: 4.0, 13: -2.5}

    cold, warm = fit(MODELS, pairs), fit(MODELS, pairs, start=far_off)

    assert np.abs(cold.theta - warm.theta).max() < 1e-11


def test_newton_does_not_swing_for_ever_where_its_steps_overshoot() -> None:
    pairs = {(1, 2): PairSums.of(Tally(a=5000, b=5000))}

    ratings = fit([1, 2], pairs, start={1: 1.25, 2: -1.25})

    assert ratings.theta == pytest.approx([0, 0], abs=1e-9)


@given(battles)
def test_an_independent_implementation_agrees_on_connected_data(battles: list[Battle]) -> None:
    ring = [(a, b, Tally(a=1, b=1)) for a, b in pairwise(MODELS)]
    connected = ring + battles
    voted = [(*vote, battle[2].votes ** -0.5) for battle in connected for vote in votes_of(battle)]
    xs, ys, winners, weights = zip(*voted, strict=True)

    scores = bradley_terry(xs, ys, winners, weights=list(weights), tolerance=1e-12, limit=100_000).scores
    ratings = fit(MODELS, running_sums(connected), prior=1e-9)

    theirs = 400 * np.log10(np.asarray(scores[MODELS], dtype=np.float64))
    ours = [row.rating for row in ratings.rows]
    assert ours == pytest.approx(1000 + theirs - theirs.mean(), abs=0.01)


@given(battles)
def test_running_sums_equal_those_from_the_raw_votes(battles: list[Battle]) -> None:
    raw = {pair: [0.0] * len(fields(PairSums)) for pair in PAIRS}
    for a, b, tally in battles:
        i, j = sorted((a, b))
        wins_i, wins_j = (tally.a, tally.b) if a == i else (tally.b, tally.a)
        score = wins_i + (tally.tie + tally.both_bad) / 2
        n = tally.a + tally.b + tally.tie + tally.both_bad
        root = max(n, 1) ** 0.5
        weights = (n**0.5, score / root, score * score / max(n, 1))
        counts = (wins_i, wins_j, tally.tie, tally.both_bad, 1)
        for column, value in enumerate((n, score, *weights, n**2, *counts)):
            raw[i, j][column] += value

    running = {pair: PairSums() for pair in PAIRS} | running_sums(battles)

    for pair, sums in running.items():
        assert list(astuple(sums)) == pytest.approx(raw[pair], abs=1e-4)


@given(st.lists(tallies(1_000_000), max_size=20), st.randoms(use_true_random=False))
def test_sums_are_exact_in_any_order_and_from_either_side(drawn: list[Tally], random: Random) -> None:
    shuffled = list(drawn)
    random.shuffle(shuffled)
    total = sum(map(PairSums.of, drawn), PairSums())

    assert sum(map(PairSums.of, shuffled), PairSums()) == total
    assert (
        sum((PairSums.of(Tally(t.b, t.a, t.tie, t.both_bad)) for t in drawn), PairSums()) == total.mirrored()
    )
    for tally in drawn:
        total -= PairSums.of(tally)
    assert total == PairSums()


@given(pair_sums, pair_sums)
def test_mirroring_is_its_own_inverse_and_adds_up(one: PairSums, other: PairSums) -> None:
    both = one + other

    assert one.mirrored().mirrored() == one
    assert both.mirrored() == one.mirrored() + other.mirrored()
    assert both - other == one


@given(tallies(9))
def test_the_mirror_of_a_battle_is_the_battle_with_its_sides_exchanged(tally: Tally) -> None:
    exchanged = Tally(tally.b, tally.a, tally.tie, tally.both_bad)

    assert PairSums.of(tally).mirrored() == PairSums.of(exchanged)


@given(pair_sums)
def test_naming_the_models_the_other_way_round_mirrors_their_ratings(sums: PairSums) -> None:
    straight = fit([1, 2], {(1, 2): sums})
    mirrored = fit([1, 2], {(1, 2): sums.mirrored()})

    assert straight.theta == pytest.approx(mirrored.theta[::-1], abs=1e-9)
    assert straight.covariance == pytest.approx(mirrored.covariance[::-1, ::-1], abs=1e-9)


@given(battles_of(MODELS, most=1_000_000))
def test_any_votes_give_finite_ratings_with_some_uncertainty(battles: list[Battle]) -> None:
    ratings = fit(MODELS, running_sums(battles))

    assert_sound(ratings)
    assert sum(row.rating for row in ratings.rows) == pytest.approx(1000 * len(MODELS))


@pytest.mark.parametrize(
    ("models", "battles"),
    [
        pytest.param([], [], id="no models"),
        pytest.param([1], [], id="one model"),
        pytest.param([1, 2, 3], [], id="no votes"),
        pytest.param([1, 2], [(1, 2, Tally())], id="a battle without votes"),
        pytest.param([1, 2], [(1, 2, Tally(a=1))], id="one vote"),
        pytest.param([1, 2], [(1, 2, Tally(a=100_000))], id="only wins"),
        pytest.param([1, 2], [(1, 2, Tally(tie=1_000_000))], id="only ties"),
        pytest.param([1, 2, 3], [(1, 2, Tally(both_bad=5))], id="only both-bad, and a model without votes"),
        pytest.param([1, 2, 3, 4], [(1, 2, Tally(a=9)), (3, 4, Tally(b=9))], id="disconnected groups"),
    ],
)
def test_a_degenerate_input_is_an_ordinary_one(models: list[int], battles: list[Battle]) -> None:
    ratings = fit(models, running_sums(battles))

    assert_sound(ratings)
    assert [row.model for row in ratings.rows] == models


def test_one_vote_moves_two_models_by_what_the_formula_says() -> None:
    # d = θ_1 - θ_2 maximises ln σ(d) - d²/4 (λ = 1), so 1 - σ(d) = d/2, by hand d = 0.6748.
    expected = 400 / np.log(10) * 0.67483 / 2

    better, worse = fit([1, 2], {(1, 2): PairSums.of(Tally(a=1))}).rows

    assert better.rating == pytest.approx(1000 + expected, abs=0.01)
    assert worse.rating == pytest.approx(1000 - expected, abs=0.01)


def test_the_interval_of_two_even_models_is_what_the_formula_says() -> None:
    # θ = 0, e is an eigenvector: with W = 4, H = 2·W/4 + 1 = 3 along it. The votes on a battle are wholly
    # alike, ρ = 1, so that v = N/4 = 2, and M + λI = 2·v + 1 along e.
    variance = (2 * 2 + 1) / 3**2 / 2
    pair = PairSums.of(Tally(a=4)) + PairSums.of(Tally(b=4))

    row, _ = fit([1, 2], {(1, 2): pair}).rows

    assert row.half_width == pytest.approx(1.96 * 400 / np.log(10) * variance**0.5)


def test_votes_that_are_hardly_alike_count_nearly_one_by_one() -> None:
    # Twenty battles of 3 to 1: N = 80, W = 40, q = Σ(S_b - 2)²/4 = 5, H = 21 along e, h = 1/21, 1 - h = l.
    # Degrees of freedom 20·(3/4)·l = 14.29; ρ = (0.5·0.2 + 20·(5/(80/4) - l/4))/(0.5 + 14.29) = 0.0229,
    # times (t/1.96)² with t = 2.134 of Student's t for 14.79.
    left = 1 - 1 / 21
    alike = (0.1 + 20 * (0.25 - left / 4)) / (0.5 + 15 * left) * (2.134 / 1.96) ** 2
    variance = (2 * (20 + alike * 60) / 4 + 1) / 21**2 / 2
    pair = sum((PairSums.of(Tally(a=each, b=4 - each)) for each in (3, 1) * 10), PairSums())

    row, _ = fit([1, 2], {(1, 2): pair}).rows

    assert row.half_width == pytest.approx(1.96 * 400 / np.log(10) * variance**0.5, rel=1e-4)


@pytest.mark.parametrize("votes", [20, 100, 1000, 100_000])
def test_one_big_battle_does_not_pass_for_many(votes: int) -> None:
    one = {(1, 2): PairSums.of(Tally(a=votes * 6 // 10, b=votes * 4 // 10))}

    assert fit([1, 2], one).rows[0].half_width > 150


def test_the_expansion_is_nearstudent_s_quantiles() -> None:
    quantiles = {2: 4.303, 3: 3.182, 5: 2.571, 10: 2.228, 30: 2.042, 1000: 1.962}

    assert {f: student(f) for f in quantiles} == pytest.approx(quantiles, rel=0.04)


def test_a_battle_weighs_the_root_of_its_votes() -> None:
    popular = {(1, 2): sum([PairSums.of(Tally(a=1))] * 10 + [PairSums.of(Tally(b=100))], PairSums())}
    even = {(1, 2): sum([PairSums.of(Tally(a=1)), PairSums.of(Tally(b=1))] * 10, PairSums())}

    assert fit([1, 2], popular).theta == pytest.approx(fit([1, 2], even).theta, abs=1e-9)


def test_five_votes_on_one_battle_say_less_than_five_battles() -> None:
    together = {(1, 2): PairSums.of(Tally(a=5)) + PairSums.of(Tally(b=5))}
    apart = {(1, 2): sum((PairSums.of(Tally(a=i < 5, b=i >= 5)) for i in range(10)), PairSums())}

    clustered, independent = fit([1, 2], together).rows[0], fit([1, 2], apart).rows[0]

    assert clustered.rating == pytest.approx(independent.rating)
    assert clustered.half_width > 1.5 * independent.half_width


@given(battles, st.lists(st.integers(1, 40), min_size=1, max_size=9), st.sampled_from(MODELS))
def test_both_bad_makes_nobody_surer_than_ties_of_which_each_battle_has_a_binomial_share(
    others: list[Battle], sizes: list[int], opponent: int
) -> None:
    every = running_sums(others)
    bad = sum((PairSums.of(Tally(both_bad=n)) for n in sizes), PairSums())
    votes, squares = sum(sizes), sum(n * n for n in sizes)
    binomial = PairSums(
        votes=votes,
        score=votes / 2,
        weight=bad.weight,
        weighted=bad.weight / 2,
        squares=(votes + len(sizes)) / 4,
        u=squares,
        ties=votes,
        battles=len(sizes),
    )

    found = fit([*MODELS, 99], every | {(opponent, 99): bad}).rows[-1]
    tied = fit([*MODELS, 99], every | {(opponent, 99): binomial}).rows[-1]

    assert found.is_mostly_bad
    assert not tied.is_mostly_bad
    assert found.rating == pytest.approx(tied.rating)
    assert found.half_width >= tied.half_width * (1 - 1e-9)


def test_half_of_the_votes_are_not_most() -> None:
    half = fit([1, 2], {(1, 2): PairSums.of(Tally(a=2, b=1, both_bad=3))})
    more = fit([1, 2], {(1, 2): PairSums.of(Tally(a=2, b=1, both_bad=4))})

    assert [row.is_mostly_bad for row in (*half.rows, *more.rows)] == [False, False, True, True]
    assert not fit([1], {}).rows[0].is_mostly_bad


def test_a_row_counts_what_its_model_met() -> None:
    pairs = running_sums([(1, 2, Tally(a=3, b=1, tie=2)), (3, 1, Tally(a=1, b=4, both_bad=2))])

    row = fit([1, 2, 3], pairs).rows[0]

    assert (row.votes, row.battles, row.wins, row.losses, row.ties, row.both_bad) == (13, 2, 7, 2, 2, 2)
    assert row.score == 9
    assert row.win_rate == 9 / 13


def test_a_model_without_votes_has_no_win_rate() -> None:
    row = fit([1], {}).rows[0]

    assert row.win_rate is None
    assert row.rating == 1000


def test_a_pair_with_an_unknown_model_is_refused() -> None:
    with pytest.raises(KeyError):
        fit([1, 2], {(1, 3): PairSums()})


def test_a_rank_counts_the_models_that_are_surely_better() -> None:
    rows = [Rating(1, 1100, 20), Rating(2, 1070, 20), Rating(3, 1030, 30), Rating(4, 900, 10)]

    assert ranks(rows) == {1: (1, 2), 2: (1, 3), 3: (2, 3), 4: (4, 4)}
    assert [str(each) for each in ranks(rows).values()] == ["1–2", "1–3", "2–3", "4"]


def test_intervals_that_just_touch_share_a_rank() -> None:
    rows = [Rating(1, 1050, 25), Rating(2, 1000, 25)]

    assert ranks(rows) == {1: (1, 2), 2: (1, 2)}


@given(battles)
def test_ranks_follow_their_definition(battles: list[Battle]) -> None:
    rows = fit(MODELS, running_sums(battles)).rows

    assert ranks([]) == {}
    assert ranks(rows) == {
        row.model: (
            1 + sum(other.lower > row.upper for other in rows),
            len(rows) - sum(other.upper < row.lower for other in rows),
        )
        for row in rows
    }


@given(battles)
def test_models_without_votes_change_nobody_elses_line(battles: list[Battle]) -> None:
    pairs = running_sums(battles)
    met = sorted({model for pair, sums in pairs.items() if sums.votes for model in pair})

    alone = fit(met, {pair: sums for pair, sums in pairs.items() if sums.votes})
    among = fit([*MODELS, *range(100, 110)], pairs)

    found = {row.model: row for row in among.rows}
    for row in alone.rows:
        assert found[row.model].rating == pytest.approx(row.rating, abs=1e-6)
        assert found[row.model].half_width == pytest.approx(row.half_width, abs=1e-6)


def test_newcomers_with_few_votes_blur_no_interval_among_the_others() -> None:
    known = [(i, j, Tally(a=12, b=9)) for i, j in PAIRS for _ in range(10)]
    newcomers = range(100, 105)
    more = known + [(3, each, Tally(a=1)) for each in newcomers]

    before = fit(MODELS, running_sums(known))
    after = fit([*MODELS, *newcomers], running_sums(more)).relative_to(MODELS)

    widths = [row.half_width for row in after.rows[: len(MODELS)]]
    assert widths == pytest.approx([row.half_width for row in before.rows], rel=0.02)
    assert all(row.half_width > 2 * max(widths) for row in after.rows[len(MODELS) :])


@given(battles_of(MODELS), st.sets(st.sampled_from(MODELS), min_size=2))
def test_what_ratings_are_held_against_changes_no_difference(battles: list[Battle], field: set[int]) -> None:
    plain = fit(MODELS, running_sums(battles))
    held = plain.relative_to(field)

    assert held.theta is plain.theta
    assert_sound(held)
    one, other = ratings_apart(plain), ratings_apart(held)
    assert one == pytest.approx(other, abs=1e-9)


def ratings_apart(ratings: Ratings) -> list[float]:
    """Return the variance of each difference of two strengths."""
    c = ratings.covariance
    m = len(ratings.models)
    return [c[i, i] + c[j, j] - 2 * c[i, j] for i, j in combinations(range(m), 2)]


@pytest.mark.parametrize("field", [(), (3,), (99,), (3, 99)])
def test_one_model_is_no_field(field: tuple[int, ...]) -> None:
    ratings = fit(MODELS, running_sums([(3, 5, Tally(a=3))]))

    assert ratings.relative_to(field) is ratings
