"""What the picture of ratings over time shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel import Locale
from babel.dates import format_skeleton
from bot.pictures.specs import Line, TrendPicture

if TYPE_CHECKING:
    from bot.arena.ratings.leaderboards import Board
    from bot.arena.ratings.trends import Trend
    from bot.i18n import Translations
    from bot.pictures.specs import Picture, Theme

MOST_LINES = 10


def trend_picture(board: Board, trend: Trend, title: str, theme: Theme, texts: Translations) -> Picture:
    """Show the models that stand highest on the board."""
    locale = Locale.parse(texts.info().get("language", "en"))
    shown = [each for each in board.standings if each.rating.model in trend.lines][:MOST_LINES]
    return TrendPicture(
        title,
        texts.gettext("Rating"),
        tuple(format_skeleton("MMMd", moment, locale=locale) for moment in trend.moments),
        tuple(Line(each.name, _rounded(trend.lines[each.rating.model])) for each in shown),
        theme,
    )


def _rounded(ratings: tuple[float | None, ...]) -> tuple[float | None, ...]:
    """Leave out what cannot be seen, so that a picture is not drawn again for it."""
    return tuple(None if rating is None else float(round(rating)) for rating in ratings)
