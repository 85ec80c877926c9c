from __future__ import annotations

from random import Random

import pytest

from bot.arena.pairing import Pairing
from bot.arena.roster import Roster
from bot.backends.base import BackendError, Failure
from bot.domain import Side
from bot.errors import ArenaError
from tests.fighters import fighter

NAMES = {1: "Zephyrine", 2: "Quillon", 3: "Marrowby"}
ODDS = {(1, 2): 0.5, (1, 3): 0.3, (2, 3): 0.2}


def roster() -> Roster:
    return Roster(map(fighter, NAMES.values()), lambda: 0.0)


def pairing(seed: int = 1, *, stable: Roster | None = None) -> Pairing:
    return Pairing(stable or roster(), NAMES, ODDS, Random(seed))


def test_the_two_models_of_a_battle_differ() -> None:
    drawn = [pairing(seed).sides for seed in range(50)]

    assert all(sides[Side.A] != sides[Side.B] for sides in drawn)


def test_every_model_comes_to_both_sides() -> None:
    drawn = [pairing(seed).sides for seed in range(100)]

    assert {sides[Side.A] for sides in drawn} == {1, 2, 3}
    assert {sides[Side.B] for sides in drawn} == {1, 2, 3}


def test_without_two_models_the_member_is_told_how_many_there_are() -> None:
    with pytest.raises(ArenaError, match="this server has 1 at the moment"):
        Pairing(roster(), {1: "Zephyrine"}, {}, Random(1))


def test_the_probability_recorded_is_that_of_the_pair() -> None:
    drawn = pairing()
    first, second = sorted(drawn.sides.values())

    assert drawn.probability == ODDS[first, second]


def test_the_model_that_steps_in_is_neither_of_the_two() -> None:
    drawn = pairing()
    before = set(drawn.sides.values())
    stepped_in = drawn.replace(Side.A, BackendError(Failure.TIMEOUT, "slow"))

    assert stepped_in
    assert drawn.sides[Side.A] not in before
    assert drawn.name(Side.A) == stepped_in.name == drawn.fighter(Side.A).name


def test_a_replacement_multiplies_its_chance_given_the_model_that_stays() -> None:
    drawn = pairing()
    before = drawn.probability
    drawn.replace(Side.A, BackendError(Failure.TIMEOUT, "slow"))

    assert drawn.probability == pytest.approx(before * 1.0)  # the third was the only one left


def test_a_failed_model_does_not_come_back_on_the_other_side() -> None:
    drawn = pairing()
    failed = drawn.sides[Side.A]
    drawn.replace(Side.A, BackendError(Failure.TIMEOUT, "slow"))
    replaced = drawn.replace(Side.B, BackendError(Failure.TIMEOUT, "slow"))

    assert replaced is None
    assert failed not in drawn.sides.values()


def test_a_model_that_asked_for_a_pause_rests_that_long() -> None:
    now = [0.0]
    stable = Roster(map(fighter, NAMES.values()), lambda: now[0])
    drawn = pairing(stable=stable)
    name = drawn.name(Side.A)
    drawn.replace(Side.A, BackendError(Failure.RATE_LIMITED, "slow down", retry_after=20.0))
    during = stable.ready()
    now[0] = 20.0

    assert name not in during
    assert name in stable.ready()


def test_a_failure_without_a_pause_lets_the_model_be_drawn_in_other_battles() -> None:
    stable = roster()
    pairing(stable=stable).replace(Side.A, BackendError(Failure.TIMEOUT, "slow"))

    assert len(stable.ready()) == 3


def test_a_resting_model_does_not_step_in() -> None:
    stable = roster()
    drawn = pairing(stable=stable)
    (third,) = set(NAMES) - set(drawn.sides.values())
    stable.rest(NAMES[third], 60.0)

    assert drawn.replace(Side.B, BackendError(Failure.EMPTY, "")) is None
