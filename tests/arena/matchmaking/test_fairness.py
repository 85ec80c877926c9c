from __future__ import annotations

import pytest

from bot.arena.matchmaking.fairness import FairnessReport, report
from bot.domain.draws import WHOLE, Draws, ServerDraws
from tests.arena.matchmaking.test_pairing import roster

FAIR = Draws(drawn=50, expected=50 * WHOLE, variance=25 * WHOLE, seats=50, seats_a=25)


def of(*sums: Draws) -> FairnessReport:
    return report(roster(), dict(enumerate(sums, start=1)), ServerDraws())


def test_models_are_in_the_order_of_their_public_names() -> None:
    names = [model.entry.model.shown for model in of().models]

    assert names == ["Marrowby", "Quillon", "Zephyrine"]


def test_a_p_value_that_one_of_many_has_by_chance_does_not_stand_out() -> None:
    odd = Draws(drawn=63, expected=50 * WHOLE, variance=25 * WHOLE, seats=63, seats_a=22)
    (found,) = [model for model in of(odd, FAIR, FAIR).models if model.drawn == 63]

    assert 0.05 / 6 < found.p < 0.05
    assert 0.05 / 6 < found.sides.p < 0.05
    assert not found.stands_out
    assert not found.leans


def test_a_model_far_from_its_promise_or_from_an_even_coin_stands_out() -> None:
    odd = Draws(drawn=72, expected=50 * WHOLE, variance=25 * WHOLE, seats=72, seats_a=20)
    found = [(model.stands_out, model.leans) for model in of(odd, FAIR, FAIR).models]

    assert found == [(False, False), (False, False), (True, True)]


def test_a_model_without_draws_is_not_judged() -> None:
    found = of(FAIR).models

    assert [(model.drawn, model.p, model.sides.p, model.stands_out) for model in found[:2]] == [
        (0, 1.0, 1.0, False)
    ] * 2


def test_who_stepped_in_was_asked_and_not_drawn() -> None:
    (found, *_) = of(Draws(), Draws(), Draws(stepped_in=3, failed=1)).models

    assert (found.drawn, found.asked, found.failed) == (0, 3, 1)
    assert found.deviation == pytest.approx(0.0)
