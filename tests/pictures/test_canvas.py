from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pictures.canvas import columns_of, fitted, spread


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("llama", "llama"),
        ("x" * 30, "x" * 30),
        ("x" * 31, "x" * 29 + "…"),
        ("あ" * 15, "あ" * 15),
        ("あ" * 16, "あ" * 14 + "…"),
        ("a\u202eb\nc\ud800", "abc"),
        ("$x$", r"\$x\$"),
        ("\U0001f98a fox", "\N{WHITE SQUARE} fox"),
    ],
)
def test_a_name_is_drawn_whole_or_cut_where_it_is_too_wide(name: str, drawn: str) -> None:
    assert fitted(name) == drawn


@given(st.text(), st.integers(2, 40))
def test_no_name_is_wider_than_it_may_be(name: str, columns: int) -> None:
    assert columns_of(fitted(name, columns).replace(r"\$", "$")) <= columns


@given(st.lists(st.integers(-50, 50).map(float), min_size=1), st.integers(1, 9).map(float))
def test_labels_keep_their_order_and_their_distance(wanted: list[float], room: float) -> None:
    wanted.sort()
    places = spread(wanted, room)

    gaps = [after - before for before, after in pairwise(places)]
    assert all(gap >= room - 1e-6 for gap in gaps)


def test_labels_that_have_room_stay_where_they_should_be() -> None:
    assert spread([1.0, 3.0, 9.0], 2.0) == [1.0, 3.0, 9.0]
    assert spread([5.0, 5.0], 2.0) == [4.0, 6.0]
