"""What the pictures of a board show, and how they are described to those who cannot see them."""

from __future__ import annotations

import pytest

from bot.arena.ratings.board_filter import BoardFilter
from bot.arena.ratings.bradley_terry import Rating
from bot.arena.ratings.leaderboards import Board, Standing
from bot.arena.ratings.ranks import Ranks
from bot.arena.ratings.trends import Trend
from bot.domain.pair_sums import PairSums
from bot.i18n import translations
from bot.pictures.specs import RatingsPicture, Theme
from cogs.ratings.board_filter import ViewNames
from cogs.ratings.imprints import Source
from cogs.ratings.pages import Pages
from cogs.ui.alt_texts import LONGEST, alt_text

TEXTS = translations("en-US")
NOVEMBER_30 = 1_796_040_000.0
SOURCE = Source("Cats 🐈", NOVEMBER_30)


def standing(model: int, *rank: int, votes: int = 20, island: int = 0) -> Standing:
    rating = Rating(model, 1100.0 - model, 30.0, score=votes / 2, votes=votes, battles=votes // 4)
    place = Ranks(*rank) if rank else None
    return Standing(place, f"model-{model}", rating, retired=False, price=1.0, island=island)


def board(*standings: Standing, view: BoardFilter | None = None) -> Board:
    votes = sum(each.rating.votes for each in standings) // 2
    sums = {(1, 2): PairSums(votes=200, score=99.0)}
    return Board(view or BoardFilter(), standings, votes // 4, votes, 3, NOVEMBER_30 - 864_000, sums)


def pages(*, texts: str = "en-US") -> Pages:
    names = ViewNames({"own:1": "Tall tales"}, {"s1": "Spring"})
    return Pages(Theme.DARK, translations(texts), names, SOURCE, may_draw=True)


def ranks_of(shown: Board) -> list[str]:
    picture = pages().ratings(shown, 0).picture
    assert isinstance(picture, RatingsPicture)
    return [bar.rank for bar in picture.bars]


def test_medals_are_for_ranks_that_nobody_shares() -> None:
    clear = [standing(place, place, place) for place in (1, 2, 3, 4)]
    partly = [standing(1, 1, 1), standing(2, 2, 3), standing(3, 2, 3), standing(4)]

    assert ranks_of(board(*clear)) == ["🥇", "🥈", "🥉", "4"]
    assert ranks_of(board(*partly)) == ["🥇", "2–3", "2–3", ""]


def test_there_is_no_medal_for_the_only_one_or_where_groups_never_met() -> None:
    apart = [standing(1, 1, 1), standing(2, 2, 2), standing(3, 1, 1, island=1)]

    assert ranks_of(board(standing(1, 1, 1), standing(2))) == ["1", ""]
    assert ranks_of(board(*apart)) == ["1", "2", "1"]


def test_a_picture_has_no_line_for_a_model_without_votes() -> None:
    assert ranks_of(board(standing(1, 1, 2), standing(2, votes=0), standing(3, 1, 2))) == ["1–2", "1–2"]


def test_a_picture_says_of_which_server_day_and_votes_it_is() -> None:
    picture = pages().ratings(board(standing(1, 1, 2), standing(2, 1, 2)), 0).picture
    assert isinstance(picture, RatingsPicture)

    assert picture.title == "Leaderboard"
    assert picture.imprint[:2] == ("Cats 🐈", "Nov 30, 2026")
    assert picture.imprint.basis == "This season · 5 battles, 20 votes of 3 members since Nov 20, 2026"


@pytest.mark.parametrize(
    ("language", "date", "basis"),
    [("en-US", "Nov 30, 2026", "Spring · Tall tales · "), ("ja", "2026/11/30", "Spring · Tall tales · ")],
)
def test_a_picture_says_of_which_season_and_category_it_is(language: str, date: str, basis: str) -> None:
    shown = board(standing(1, 1, 2), standing(2, 1, 2), view=BoardFilter("own:1", "s1"))
    picture = pages(texts=language).ratings(shown, 0).picture
    assert isinstance(picture, RatingsPicture)

    assert picture.imprint.date == date
    assert picture.imprint.basis.startswith(basis)


@pytest.mark.parametrize("style", ["ratings", "matrix", "trend", "value"])
def test_a_board_without_votes_invites_to_a_battle(style: str) -> None:
    empty, layouts = board(standing(1, votes=0), standing(2, votes=0)), pages()
    message = {
        "ratings": lambda: layouts.ratings(empty, 0),
        "matrix": lambda: layouts.matrix(empty, 0),
        "trend": lambda: layouts.trend(empty, Trend((), {})),
        "value": lambda: layouts.value(empty),
    }[style]()
    text = str(message.layout.to_components())

    assert message.picture is None
    assert "No votes yet. Ask something with /battle" in text
    assert "1000" not in text
    assert "model-" not in text


def test_a_model_without_votes_has_no_figures_on_a_board_that_has_some() -> None:
    shown = board(standing(1, 1, 2), standing(3, 1, 2), standing(2, votes=0))
    text = str(pages().ratings(shown, 0).layout.to_components())

    assert "**model-2**\\n-# no votes yet" in text
    assert "1098" not in text


def test_who_beats_whom_is_described_in_words() -> None:
    message = pages().matrix(board(standing(1, 1, 2), standing(2, 1, 2)), 0)
    assert message.picture

    described = alt_text(message.picture)
    assert described.startswith("Who beats whom · Cats 🐈 · Nov 30, 2026 · This season")
    assert described.endswith("\nmodel-1 – model-2: 49% (200)")
    assert repr(described)[1:-1] in str(message.layout.to_components())


def test_ratings_over_time_are_described_in_words() -> None:
    trend = Trend((NOVEMBER_30 - 864_000, NOVEMBER_30), {1: (None, 1004.4), 2: (1000.0, 998.0)})
    picture = pages().trend(board(standing(1, 1, 2), standing(2, 1, 2)), trend).picture
    assert picture

    assert alt_text(picture).splitlines()[1:] == ["model-1: 1004 → 1004", "model-2: 1000 → 998"]


def test_a_description_is_no_longer_than_discord_takes() -> None:
    trend = Trend((0.0,), dict.fromkeys(range(10), (1000.0,)))
    named = [standing(model, 1, 9) for model in range(10)]
    long = [Standing(each.rank, "x" * 200, each.rating, retired=False, price=None) for each in named]
    picture = pages().trend(board(*long), trend).picture
    assert picture

    assert len(alt_text(picture)) == LONGEST
