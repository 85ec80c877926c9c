"""What is said of a model for which most votes found both replies bad."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.arena.ratings.board_filter import BoardFilter
from bot.arena.ratings.bradley_terry import Rating
from bot.arena.ratings.leaderboards import Board, Standing
from bot.arena.ratings.recaps import Champion, Recap
from bot.arena.ratings.weeks import calendar_week
from bot.i18n import translations
from bot.pictures.specs import NO_IMPRINT, RatingsPicture, Theme
from bot.storage.recaps import RecapFigures
from cogs.ratings.board_filter import ViewNames
from cogs.ratings.imprints import Source
from cogs.ratings.pages import Pages
from cogs.ratings.pictures import BoardLook, ratings_picture
from cogs.ratings.recap_pictures import recap_picture
from cogs.ratings.recap_texts import recap_lines

if TYPE_CHECKING:
    from bot.i18n import Translations

BAD = Rating(1, 1001.0, 50.0, score=10.0, votes=20, battles=5, wins=4, losses=3, both_bad=13)
TEXTS = translations("en-US")
JAPANESE = translations("ja")


def board(*, retired: bool) -> Board:
    standing = Standing(None, "Bungler", BAD, retired=retired, price=0.0)
    return Board(BoardFilter(), (standing,), 5, 20, 3, None, {})


@pytest.mark.parametrize(
    ("retired", "texts", "note"),
    [(False, TEXTS, "65% bad"), (True, TEXTS, "retired, 65% bad"), (True, JAPANESE, "引退、いまいち65%")],
)
def test_the_picture_of_the_board_marks_it(*, retired: bool, texts: Translations, note: str) -> None:
    picture = ratings_picture(board(retired=retired), 0, BoardLook("Board", NO_IMPRINT, Theme.DARK, texts))

    assert isinstance(picture, RatingsPicture)
    assert [bar.note for bar in picture.bars] == [note]


def test_ratings_against_prices_mark_it() -> None:
    layout = (
        Pages(Theme.DARK, TEXTS, ViewNames(), Source("Cats", 0.0), may_draw=False)
        .value(board(retired=False))
        .layout
    )

    assert "**1001** ± 50 · 👎 both bad 65%" in str(layout.to_components())


def test_a_recap_marks_a_champion_in_words_and_in_the_picture() -> None:
    recap = Recap(calendar_week(2900), RecapFigures(5, 20, 3, 2), champion=Champion("Bungler", BAD))

    (line,) = recap_lines(recap, None, TEXTS)
    (highlight,) = recap_picture(recap, "Cats", Theme.DARK, TEXTS).highlights

    assert line == "🏆 Champion: **Bungler** · **1001** ± 50 · 👎 both bad 65%"
    assert highlight.text == "Bungler · 1001 ± 50 · 65% bad"
