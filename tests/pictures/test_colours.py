from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pictures.colours import COLOURS, contrast, legible
from bot.pictures.specs import Theme


@pytest.mark.parametrize("theme", Theme)
def test_texts_and_lines_stand_out_against_what_is_behind_them(theme: Theme) -> None:
    colours = COLOURS[theme]
    for ground in (colours.background, colours.panel):
        for ink in (colours.text, colours.faint, colours.accent, colours.second):
            assert contrast(ink, ground) >= 4.5, ink
    for ink in colours.lines:
        assert contrast(ink, colours.background) >= 3, ink


@given(st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)))
def test_black_or_white_can_be_read_on_any_colour(colour: tuple[float, float, float]) -> None:
    assert contrast(legible(colour), colour) >= 4.5


def test_contrast_goes_from_1_to_21() -> None:
    assert contrast("#777777", "#777777") == 1
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
