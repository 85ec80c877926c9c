from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.draws import WHOLE, Drawing, Draws, added_by, in_parts

if TYPE_CHECKING:
    from random import Random

MODELS = range(1, 6)

models = st.frozensets(st.sampled_from(MODELS))
drawings = st.tuples(
    st.permutations(MODELS),
    st.none() | st.fixed_dictionaries(dict.fromkeys(MODELS, st.integers(0, WHOLE))),
    models,
    models,
).map(lambda told: Drawing(told[0][0], told[0][1], *told[1:]))


def total(history: list[Drawing]) -> dict[int, Draws]:
    return {
        model: reduce(Draws.__add__, (added_by(each).get(model, Draws()) for each in history), Draws())
        for model in MODELS
    }


@given(st.lists(drawings), st.randoms())
def test_the_order_of_battles_leaves_no_trace(history: list[Drawing], random: Random) -> None:
    shuffled = list(history)
    random.shuffle(shuffled)

    assert total(shuffled) == total(history)


@given(drawings)
def test_every_drawing_seats_two_and_one_of_them_on_side_a(drawing: Drawing) -> None:
    added = added_by(drawing).values()

    assert sum(each.seats for each in added) == 2
    assert sum(each.seats_a for each in added) == 1
    assert sum(each.drawn for each in added) == (0 if drawing.chances is None else 2)


def test_a_draw_adds_each_model_s_chance_and_its_variance() -> None:
    drawing = Drawing(2, 1, {1: in_parts(0.8), 2: in_parts(0.7), 3: in_parts(0.5)})

    added = added_by(drawing)

    assert added[1] == Draws(drawn=1, expected=800_000_000, variance=160_000_000, seats=1)
    assert added[2] == Draws(drawn=1, expected=700_000_000, variance=210_000_000, seats=1, seats_a=1)
    assert added[3] == Draws(expected=500_000_000, variance=250_000_000)


def test_failures_and_those_who_stepped_in_are_no_draws() -> None:
    added = added_by(Drawing(1, 2, None, frozenset({1}), frozenset({3})))

    assert added[1] == Draws(seats=1, seats_a=1, failed=1)
    assert added[3] == Draws(stepped_in=1)


@pytest.mark.parametrize("chance", [0.0, 1 / 3, 1.0])
def test_a_chance_is_kept_to_a_billionth(chance: float) -> None:
    assert in_parts(chance) / WHOLE == pytest.approx(chance, abs=5e-10)
