from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pictures.canvas import DPI, SMALLEST, TEXT_SIZE, Canvas, Letters, spread
from bot.pictures.fonts import POINTS, width_of
from bot.pictures.specs import Theme

if TYPE_CHECKING:
    from bot.pictures.fonts import Weight

MIXED = "日本語 model-7 (引退) 한국어 most divided, most divided"


@pytest.mark.parametrize("weight", ["normal", "bold"])
@pytest.mark.parametrize("size", [SMALLEST, TEXT_SIZE])
def test_a_text_is_drawn_as_wide_as_it_is_measured(weight: Weight, size: float) -> None:
    canvas = Canvas(8.0, 1.0, Theme.DARK)
    canvas.write(0.0, 0.5, MIXED, "#ffffff", Letters(size, size, weight))
    (box,) = (text.get_window_extent() for text in canvas.figure.texts)

    assert box.width == pytest.approx(width_of(MIXED, weight) * size * DPI / POINTS, rel=0.01)


@given(st.lists(st.integers(-50, 50).map(float), min_size=1), st.integers(1, 9).map(float))
def test_labels_keep_their_order_and_their_distance(wanted: list[float], room: float) -> None:
    wanted.sort()
    places = spread(wanted, room)

    gaps = [after - before for before, after in pairwise(places)]
    assert all(gap >= room - 1e-6 for gap in gaps)


def test_labels_that_have_room_stay_where_they_should_be() -> None:
    assert spread([1.0, 3.0, 9.0], 2.0) == [1.0, 3.0, 9.0]
    assert spread([5.0, 5.0], 2.0) == [4.0, 6.0]


def test_labels_stay_between_their_bounds_though_more_is_wanted_beyond() -> None:
    assert spread([0.0, 1.0, 9.0, 9.0], 2.0, 1.0, 9.0) == [1.0, 3.0, 7.0, 9.0]
    assert spread([5.0, 5.0, 5.0], 2.0, 4.0, 8.0) == [4.0, 6.0, 8.0]
