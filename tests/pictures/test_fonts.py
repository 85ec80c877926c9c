from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import font_manager

from bot.pictures.emoji import DISTANCE
from bot.pictures.fonts import TextRun, cut, fitted, fonts, runs, width_of

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
        ("\U0001f98a fox", "\U0001f98a fox"),
        ("\ufe0ffox", "fox"),
        ("\ufe0f", ""),
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


@pytest.mark.parametrize(
    "emoji",
    [
        "🦊",
        "👍🏿",
        "🇯🇵",
        "1\ufe0f\u20e3",
        "❤\ufe0f",
        "👩🏽\u200d💻",
        "👨\u200d👩\u200d👧\u200d👦",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    ],
)
def test_an_emoji_of_many_characters_is_as_wide_as_one(emoji: str) -> None:
    assert width_of(emoji) == pytest.approx(1 + DISTANCE)
    assert [run.text for run in runs(f"a{emoji}b")] == ["a", emoji, "b"]
    assert cut(emoji * 9, 4.0) == emoji * 2 + "…"


@pytest.mark.parametrize("text", ["©", "®\ufe0f", "™", "1", "#", "♥", "☺\ufe0e"])
def test_signs_of_text_are_not_drawn_in_colour(text: str) -> None:
    assert not any(run.in_colour for run in runs(cut(text, 9.0)))


def test_an_emoji_behind_a_name_that_is_read_leftwards_is_at_its_left() -> None:
    assert [run.text for run in runs("שלום 🦊 gpt")] == ["gpt ", "🦊", "שלום "]
    assert runs("abc") == [TextRun("abc", 0.0, in_colour=False)]
