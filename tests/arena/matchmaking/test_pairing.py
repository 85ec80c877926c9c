from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import pytest

from bot.arena.matchmaking.pairing import Pairing
from bot.arena.models.breaker import CircuitBreakers
from bot.arena.models.roster import Entry, GuildRoster
from bot.domain.battle import Side
from bot.domain.model import Model, ModelState
from tests.competitors import competitor

if TYPE_CHECKING:
    from collections.abc import Collection

NAMES = {1: "Zephyrine", 2: "Quillon", 3: "Marrowby"}
ODDS = {(1, 2): 0.5, (1, 3): 0.3, (2, 3): 0.2}


def roster(ready: Collection[int] = NAMES.keys()) -> GuildRoster:
    """Make a server's models, of which some are ready and the others switched off."""
    bench = CircuitBreakers(3, lambda: 0.0)
    return GuildRoster(
        Entry(Model(model_id, 10, name, state), one, bench.watch(one.backend, name))
        for model_id, name in NAMES.items()
        for one in [competitor(name)]
        for state in [ModelState.ENABLED if model_id in ready else ModelState.DISABLED]
    )


def grown_too_long_for(model_id: int) -> GuildRoster:
    """Make the same models, of which one takes no more than a character."""
    return GuildRoster(
        replace(entry, competitor=replace(entry.competitor, max_prompt_chars=1))
        if entry.model.model_id == model_id and entry.competitor
        else entry
        for entry in roster()
    )


def pairing(stable: GuildRoster | None = None, *, seed: int = 1) -> Pairing:
    return Pairing(stable or roster(), ODDS, Random(seed))


def test_the_two_models_of_a_battle_differ() -> None:
    drawn = [pairing(seed=seed).sides for seed in range(50)]

    assert all(sides[Side.A] != sides[Side.B] for sides in drawn)


def test_every_model_comes_to_both_sides() -> None:
    drawn = [pairing(seed=seed).sides for seed in range(100)]

    assert {sides[Side.A] for sides in drawn} == {1, 2, 3}
    assert {sides[Side.B] for sides in drawn} == {1, 2, 3}


def test_the_probability_recorded_is_that_of_the_pair() -> None:
    drawn = pairing()
    first, second = sorted(drawn.sides.values())

    assert drawn.probability == ODDS[first, second]


def test_the_model_that_steps_in_is_neither_of_the_two() -> None:
    drawn = pairing()
    before = set(drawn.sides.values())
    stepped_in = drawn.replace(Side.A)

    assert stepped_in
    assert drawn.sides[Side.A] not in before
    assert drawn.competitor(Side.A) is stepped_in


def test_the_drawing_has_the_first_two_and_the_chance_of_each_model() -> None:
    drawn = pairing()
    first = drawn.sides[Side.A], drawn.sides[Side.B]
    drawn.replace(Side.A)
    drawing = drawn.drawing

    assert (drawing.a, drawing.b) == first
    assert drawing.chances == {1: 800_000_000, 2: 700_000_000, 3: 500_000_000}


def test_a_model_that_was_replaced_failed_and_the_other_stepped_in() -> None:
    drawn = pairing()
    failed = drawn.sides[Side.A]
    drawn.replace(Side.A)

    assert drawn.drawing.failed == {failed}
    assert drawn.drawing.stepped_in == {drawn.sides[Side.A]}


def test_a_model_that_is_asked_again_for_want_of_others_and_answers_did_not_fail() -> None:
    drawn = pairing(
        roster({1, 2}), seed=next(s for s in range(50) if 3 not in pairing(seed=s).sides.values())
    )
    drawn.replace(Side.A)
    before = drawn.drawing.failed
    drawn.give_up(Side.A)

    assert before == frozenset()
    assert drawn.drawing.failed == {drawn.sides[Side.A]}


def test_a_replacement_multiplies_its_chance_given_the_model_that_stays() -> None:
    drawn = pairing()
    before = drawn.probability
    drawn.replace(Side.A)

    assert drawn.probability == pytest.approx(before * 1.0)  # the third was the only one left


def test_a_failed_model_does_not_come_back_on_the_other_side() -> None:
    drawn = pairing()
    failed = drawn.sides[Side.A]
    drawn.replace(Side.A)
    replaced = drawn.replace(Side.B)

    assert replaced is None
    assert failed not in drawn.sides.values()


def test_a_model_that_is_not_ready_does_not_step_in() -> None:
    drawn = pairing(
        roster({1, 2}), seed=next(seed for seed in range(50) if 3 not in pairing(seed=seed).sides.values())
    )

    assert drawn.replace(Side.B) is None


def test_of_models_that_just_met_at_most_one_fights_where_there_is_a_third() -> None:
    drawn = [Pairing(roster(), ODDS, Random(seed), seen={1, 2}) for seed in range(50)]

    assert {frozenset(each.sides.values()) for each in drawn} == {frozenset({1, 3}), frozenset({2, 3})}
    assert all(each.probability == pytest.approx(0.6) for each in drawn if 1 in each.sides.values())


def test_a_model_that_was_seen_steps_in_where_nobody_else_can() -> None:
    drawn = Pairing(roster(), {(1, 3): 0.5, (2, 3): 0.5}, Random(1), seen={2})
    side = next(side for side in Side if drawn.sides[side] == 1)

    assert drawn.replace(side)
    assert drawn.sides[side] == 2


@pytest.mark.parametrize("chars", [1, 2])
def test_nobody_steps_in_whose_server_cannot_take_the_prompt(chars: int) -> None:
    (other,) = NAMES.keys() - set(pairing().sides.values())
    drawn = Pairing(grown_too_long_for(other), ODDS, Random(1), chars=chars)
    stepped_in = drawn.replace(Side.A)

    assert (stepped_in is not None) == (chars == 1)
