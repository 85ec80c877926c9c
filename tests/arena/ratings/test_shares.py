from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arena.ratings.model_profiles import FEWEST_BATTLES, OpponentRecord, extremes, share_won
from bot.domain.pair_sums import PairSums
from bot.domain.vote import Tally

counts = st.integers(min_value=0, max_value=200)
tallies = st.builds(Tally, counts, counts, counts, counts).filter(lambda tally: tally.votes > 0)
pair_sums = st.lists(tallies, min_size=1, max_size=8).map(
    lambda drawn: sum(map(PairSums.of, drawn), PairSums())
)
records = pair_sums.map(lambda sums: OpponentRecord("Quillon", sums, share_won(sums)))


def battles_of(count: int, tally: Tally) -> PairSums:
    return sum([PairSums.of(tally)] * count, PairSums())


@given(pair_sums)
def test_an_interval_holds_its_share_and_has_a_width(sums: PairSums) -> None:
    share = share_won(sums)

    assert 0 <= share.lower <= share.value + 1e-12
    assert share.value - 1e-12 <= share.upper <= 1
    assert share.upper - share.lower > 1e-3


@given(pair_sums)
def test_what_one_model_won_the_other_lost(sums: PairSums) -> None:
    share, other = share_won(sums), share_won(sums.mirrored())

    assert other.value == pytest.approx(1 - share.value)
    assert (other.lower, other.upper) == pytest.approx((1 - share.upper, 1 - share.lower))


def test_with_one_vote_a_battle_it_is_wilson_s_interval() -> None:
    # By hand: 8 of 10, z = 1.96: (0.8 + 0.19208) / 1.38416 ± 1.96·√(0.016 + 0.009604) / 1.38416.
    sums = battles_of(8, Tally(a=1)) + battles_of(2, Tally(b=1))

    share = share_won(sums)

    assert share.value == 0.8
    assert (share.lower, share.upper) == pytest.approx((0.4901, 0.9433), abs=1e-4)


@given(st.integers(min_value=1, max_value=1000))
def test_many_votes_on_one_battle_say_no_more_than_one(votes: int) -> None:
    crowd, lone = share_won(PairSums.of(Tally(a=votes))), share_won(PairSums.of(Tally(a=1)))

    assert (crowd.lower, crowd.upper) == pytest.approx((lone.lower, lone.upper))


@given(tallies, st.integers(min_value=2, max_value=9))
def test_more_battles_of_the_kind_narrow_the_interval(tally: Tally, count: int) -> None:
    once, often = share_won(battles_of(1, tally)), share_won(battles_of(count, tally))

    assert often.value == pytest.approx(once.value)
    assert often.upper - often.lower < once.upper - once.lower


def test_ties_and_both_bad_are_half_a_win() -> None:
    assert share_won(battles_of(3, Tally(tie=1, both_bad=1))).value == 0.5


@given(st.lists(records, max_size=6))
def test_the_best_opponent_is_never_worse_than_the_worst(met: list[OpponentRecord]) -> None:
    found = extremes(met)

    if found is not None:
        assert found.best is not found.worst
        assert found.best.share.value >= found.worst.share.value - 1e-9
        assert min(found.best.sums.battles, found.worst.sums.battles) >= FEWEST_BATTLES


def record(opponent: str, sums: PairSums) -> OpponentRecord:
    return OpponentRecord(opponent, sums, share_won(sums))


@pytest.mark.parametrize("battles", [1, 3])
def test_a_few_lucky_battles_make_no_best_opponent(battles: int) -> None:
    lucky = record("Lucky", battles_of(battles, Tally(a=50)))
    known = record("Known", battles_of(20, Tally(a=3, b=1)))
    hard = record("Hard", battles_of(20, Tally(a=1, b=3)))

    found = extremes([lucky, known, hard])

    assert found
    assert (found.best.opponent, found.worst.opponent) == ("Known", "Hard")


@pytest.mark.parametrize(
    "met",
    [
        pytest.param([], id="nobody was met"),
        pytest.param([record("Known", battles_of(20, Tally(a=3)))], id="a single opponent"),
        pytest.param([record(each, battles_of(3, Tally(a=1))) for each in "ab"], id="two that are alike"),
        pytest.param(
            [record("Known", battles_of(50, Tally(a=1, b=1))), record("New", battles_of(3, Tally(tie=1)))],
            id="one met often and one seldom, as good",
        ),
    ],
)
def test_where_the_votes_cannot_tell_nobody_is_named(met: list[OpponentRecord]) -> None:
    assert extremes(met) is None
