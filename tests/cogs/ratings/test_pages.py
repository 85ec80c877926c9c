from __future__ import annotations

import pytest

from bot.arena.ratings.board_filter import BoardFilter
from bot.arena.ratings.bradley_terry import Rating
from bot.arena.ratings.leaderboards import Board, Standing
from bot.arena.ratings.ranks import Ranks
from bot.i18n import translations
from bot.pictures.specs import Theme
from cogs.ratings.board_filter import ViewNames
from cogs.ratings.imprints import Source
from cogs.ratings.pages import PAGE_ROWS, Pages
from cogs.ui.layout import TEXT_LIMIT

SPECIAL = "*_" * 40
MANY = 1_234_567


@pytest.mark.parametrize("locale", ["en-US", "ja"])
def test_the_longest_page_fits_into_a_message_with_its_names_still_told_apart(locale: str) -> None:
    rating = Rating(1, 1500.0, 400.0, score=MANY, votes=MANY, battles=MANY, both_bad=MANY)
    standings = tuple(
        Standing(
            Ranks(1, 200), f"{number}{SPECIAL}"[:80], rating, retired=True, price=None, island=number // 2
        )
        for number in range(10, 10 + PAGE_ROWS)
    )
    board = Board(BoardFilter("own:1", "s1"), standings, MANY, MANY, MANY, 1e9, {})
    names = ViewNames({"own:1": SPECIAL[:40]}, {"s1": SPECIAL})
    layout = (
        Pages(Theme.DARK, translations(locale), names, Source("Cats", 0.0), may_draw=False)
        .ratings(board, 0)
        .layout
    )

    assert layout.content_length() <= TEXT_LIMIT
    assert all(f"**{number}" in str(layout.to_components()) for number in range(10, 10 + PAGE_ROWS))
