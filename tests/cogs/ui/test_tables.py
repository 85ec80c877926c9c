from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.ui.tables import cells, fitted, table


@pytest.mark.parametrize(
    ("text", "width"),
    [("abc", 3), ("モデル", 6), ("ﾓﾃﾞﾙ", 4), ("e\u0301", 1), ("👩‍👩‍👧", 2), ("⚖️", 2), ("\u200b", 0), ("…", 1)],
)
def test_a_text_takes_as_many_cells_as_its_letters_are_wide(text: str, width: int) -> None:
    assert cells(text) == width


def test_columns_stay_in_line_under_japanese_names() -> None:
    shown = table(("モデル", "n"), [("Pocket", "10"), ("ゼフィリーヌ", "5")], 12)

    assert shown.splitlines() == ["```", "モデル         n", "Pocket        10", "ゼフィリーヌ   5", "```"]


def test_a_long_name_is_cut_between_letters() -> None:
    assert fitted("ゼフィリーヌ", 8) == "ゼフィ…"
    assert fitted("abcde\u0301fg", 6) == "abcde\u0301…"
    assert fitted("short", 5) == "short"


@given(st.text(), st.integers(1, 20))
def test_nothing_is_wider_than_its_column_or_leaves_the_block(text: str, most: int) -> None:
    shown = table(("Model", "n"), [(text, text)], most)

    assert cells(fitted(text, most)) <= most
    assert shown.count("```") == 2
    assert len(shown.splitlines()) == 4
