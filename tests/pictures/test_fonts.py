from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import font_manager

from bot.pictures.fonts import cut, fitted, fonts, width_of

if TYPE_CHECKING:
    from bot.pictures.fonts import Weight


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("llama", "llama"),
        ("あ" * 18, "あ" * 18),
        ("あ" * 19, "あ" * 17 + "…"),
        ("i" * 60, "i" * 60),
        ("W" * 19, "W" * 17 + "…"),
        ("a\u202eb\nc\ud800", "abc"),
        ("$x$", r"\$x\$"),
        ("\U0001f98a fox", "\N{WHITE SQUARE} fox"),
    ],
)
def test_a_name_is_drawn_whole_or_cut_where_it_is_too_wide(name: str, drawn: str) -> None:
    assert fitted(name) == drawn


@given(st.text(), st.integers(2, 40), st.sampled_from(["normal", "bold"]))
def test_no_name_is_wider_than_it_may_be(name: str, ems: int, weight: Weight) -> None:
    assert width_of(cut(name, ems, weight), weight) <= ems


def test_each_font_is_known_for_bold_letters_too() -> None:
    families = fonts()
    bold = {entry.name for entry in font_manager.fontManager.ttflist if entry.weight in {"bold", 700}}

    assert set(families) <= bold
