from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arena.tournaments.bracket import FINAL, Bracket, seeds
from bot.domain.battle import Place
from bot.domain.tournament import LEAST, MOST

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    Choose = Callable[[tuple[int, int]], int]

sizes = st.integers(LEAST, MOST)


def met(bracket: Bracket, place: Place) -> tuple[int, int]:
    first, second = bracket.sides(place)
    assert first is not None
    assert second is not None
    return first, second


def played(entrants: int, choose: Choose) -> tuple[Bracket, list[tuple[Place, int, int]]]:
    """Play a tournament out; return its bracket, and each match with its winner and its loser."""
    winners: dict[Place, int] = {}
    told: list[tuple[Place, int, int]] = []
    bracket = Bracket(entrants, winners)
    while left := bracket.playable():
        place = left[-1]
        pair = met(bracket, place)
        winners[place] = choose(pair)
        told.append((place, winners[place], sum(pair) - winners[place]))
    return bracket, told


@pytest.mark.parametrize(("size", "order"), [(2, [1, 2]), (4, [1, 4, 2, 3]), (8, [1, 8, 4, 5, 2, 7, 3, 6])])
def test_the_best_are_as_far_apart_as_can_be(size: int, order: list[int]) -> None:
    assert seeds(size) == order


@given(sizes, st.randoms())
def test_everyone_but_the_champion_loses_exactly_once(entrants: int, random: Random) -> None:
    bracket, told = played(entrants, random.choice)
    losers = Counter(loser for _, _, loser in told)

    assert len(told) == entrants - 1
    assert set(losers) == {*range(1, entrants + 1)} - {bracket.champion}
    assert set(losers.values()) == {1}


@given(sizes)
def test_where_the_better_always_wins_each_round_leaves_the_best(entrants: int) -> None:
    bracket, told = played(entrants, min)

    for places in bracket.rounds:
        left = {bracket.winner(place) for place in places}
        assert left == set(range(1, len(places) + 1))
    assert bracket.champion == 1
    assert told[-1] == (FINAL, 1, 2)


@given(sizes)
def test_byes_go_to_the_best_and_only_in_the_first_round(entrants: int) -> None:
    bracket = Bracket(entrants, {})
    byes = [bracket.winner(place) for places in bracket.rounds for place in places if bracket.is_bye(place)]

    assert sorted(byes, key=str) == sorted(range(1, bracket.size - entrants + 1), key=str)
    assert not [place for place in bracket.playable() if bracket.is_bye(place)]


@given(sizes, st.randoms())
def test_a_round_begins_when_the_one_before_is_over(entrants: int, random: Random) -> None:
    _, told = played(entrants, random.choice)
    order = [place.of for place, _, _ in told]

    assert order == sorted(order, reverse=True)


def test_five_models_begin_with_one_match_and_go_on_with_four() -> None:
    bracket = Bracket(5, {})
    after = Bracket(5, {Place(8, 1): 5})

    assert [met(bracket, place) for place in bracket.playable()] == [(4, 5)]
    assert [met(after, place) for place in after.playable()] == [(1, 5), (2, 3)]
    assert after.champion is None
