from __future__ import annotations

from dataclasses import replace
from math import log

import numpy as np
import pytest

from bot.arena.moderation.suspicion import FEWEST_VOTES, THRESHOLD, weigh
from tests.arena.moderation.electorate import (
    COIN_OF_FOUR,
    COIN_OF_TWO,
    CONTRARIAN,
    HONEST,
    among,
    mirrored,
    rated,
    votes_of,
    weighed,
)

BATTLES = 120


@pytest.mark.parametrize("kind", [COIN_OF_FOUR, COIN_OF_TWO, CONTRARIAN])
def test_a_cheat_stands_out_among_honest_members_and_nobody_else_does(kind: int) -> None:
    found = weighed(votes_of([kind, *[HONEST] * 9], BATTLES))

    assert [member for member, evidence in found.items() if evidence.stands_out] == [0]


def test_what_a_contrarian_does_is_told_from_a_coin() -> None:
    found = weighed(votes_of([CONTRARIAN, COIN_OF_TWO, *[HONEST] * 8], BATTLES))

    assert found[0].contrarian > found[0].coin > THRESHOLD
    assert found[1].coin > max(THRESHOLD, found[1].contrarian)


def test_evidence_accumulates() -> None:
    kinds = [COIN_OF_TWO, CONTRARIAN, *[HONEST] * 8]
    few, many = weighed(votes_of(kinds, 60)), weighed(votes_of(kinds, 240))

    assert many[0].coin > few[0].coin
    assert many[1].contrarian > few[1].contrarian
    assert all(many[member].coin < few[member].coin for member in range(2, 10))


def test_neither_order_nor_sides_change_the_evidence() -> None:
    votes = votes_of([COIN_OF_FOUR, CONTRARIAN, *[HONEST] * 6], BATTLES)
    shuffled = among(votes, np.random.default_rng(2).permutation(len(votes.member)))
    plain = weighed(votes)

    for other in (weighed(shuffled), weighed(mirrored(votes))):
        for member, evidence in plain.items():
            assert other[member].coin == pytest.approx(evidence.coin, abs=1e-8)
            assert other[member].contrarian == pytest.approx(evidence.contrarian, abs=1e-8)


def test_many_cheats_do_not_hide_each_other() -> None:
    found = weighed(votes_of([*[CONTRARIAN] * 2, *[COIN_OF_TWO] * 4, *[HONEST] * 8], BATTLES))

    assert [member for member, evidence in found.items() if evidence.stands_out] == [0, 1, 2, 3, 4, 5]


def test_where_models_are_equal_the_other_votes_on_a_battle_tell() -> None:
    found = weighed(votes_of([CONTRARIAN, COIN_OF_TWO, *[HONEST] * 8], BATTLES, gap=0.0, effect=2.0))

    assert [member for member, evidence in found.items() if evidence.stands_out] == [0, 1]


def test_ties_as_a_coin_for_all_four_makes_them_add_to_its_evidence() -> None:
    votes = votes_of([COIN_OF_FOUR, *[HONEST] * 9], BATTLES)
    without_its_ties = among(votes, np.flatnonzero((votes.member > 0) | (votes.choice < 2)))

    assert weighed(votes)[0].coin > weighed(without_its_ties)[0].coin + 1


def test_ratings_that_are_hardly_known_weigh_less() -> None:
    votes = votes_of([CONTRARIAN, *[HONEST] * 9], BATTLES)
    known = rated(votes)
    doubtful = replace(known, covariance=100 * known.covariance)

    assert weigh(doubtful, votes)[0].contrarian < weigh(known, votes)[0].contrarian - 5


def test_no_single_vote_weighs_more_than_a_slip_allows() -> None:
    votes = votes_of([HONEST] * 10, BATTLES)
    unanimous = replace(votes, choice=np.where(votes.a < votes.b, 0, 1))
    once = (votes.member == 0) & (votes.battle == 7)
    slipped = replace(unanimous, choice=np.where(once, 1 - unanimous.choice, unanimous.choice))
    gained = weighed(slipped)[0].contrarian - weighed(unanimous)[0].contrarian

    assert 5 < gained < 2 * log(0.99 / 0.01)


def test_of_a_few_votes_nothing_is_said() -> None:
    votes = votes_of([CONTRARIAN, *[HONEST] * 9], BATTLES)
    early = among(votes, np.flatnonzero((votes.member > 0) | (votes.battle < FEWEST_VOTES - 1)))
    enough = among(votes, np.flatnonzero((votes.member > 0) | (votes.battle < FEWEST_VOTES)))

    assert 0 not in weighed(early)
    assert weighed(enough)[0].votes == FEWEST_VOTES


def test_who_votes_alone_is_not_compared_with_themselves() -> None:
    (alone,) = weighed(votes_of([HONEST], BATTLES)).values()

    assert abs(alone.contrarian) < 1
    assert alone.coin < THRESHOLD


def test_ties_alone_say_nothing_of_sides() -> None:
    votes = votes_of([HONEST] * 10, BATTLES)
    tying = replace(votes, choice=np.where(votes.member == 0, 2, votes.choice))

    assert weighed(tying)[0].contrarian == 0.0
    assert not weighed(tying)[0].stands_out


def test_who_ties_often_and_never_otherwise_differs_is_honest() -> None:
    votes = votes_of([HONEST] * 10, BATTLES)
    often = (votes.member == 0) & (votes.battle % 2 == 0)
    tying = replace(votes, choice=np.where(often, 2 + votes.battle // 2 % 2, votes.choice))

    assert not weighed(tying)[0].stands_out


def test_equal_models_flag_nobody_who_votes_as_the_others_do() -> None:
    found = weighed(votes_of([HONEST] * 12, BATTLES, gap=0.0))

    assert not any(evidence.stands_out for evidence in found.values())


def test_where_nobody_voted_there_is_nothing_to_weigh() -> None:
    votes = among(votes_of([HONEST], 1), np.array([], np.int64))

    assert weighed(votes) == {}
