"""What a leaderboard's pictures show."""

from __future__ import annotations

from functools import partial
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

from bot.i18n import N_
from bot.pictures.specs import (
    Bar,
    Cell,
    Dot,
    MatrixPicture,
    RatingsPicture,
    Theme,
    TrendLine,
    TrendPicture,
    ValuePicture,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.arena.ratings.bradley_terry import Rating
    from bot.arena.ratings.leaderboards import Board, Standing
    from bot.arena.ratings.trends import Trend
    from bot.i18n import Translations
    from bot.pictures.specs import Picture

MOST_BARS = 50
MATRIX_SIDE = 20

THEMES = {Theme.DARK: N_("Dark"), Theme.LIGHT: N_("Light")}

MOST_LINES = 10


def ratings_picture(board: Board, first: int, title: str, theme: Theme, texts: Translations) -> Picture:
    """Show the ratings of the models around the one at place `first`, counted from 0, by the half hundred."""
    begin = first // MOST_BARS * MOST_BARS
    shown = board.standings[begin : begin + MOST_BARS]
    return RatingsPicture(
        title,
        texts.gettext("Rating with its 95% interval; hollow: provisional"),
        tuple(map(partial(_bar, texts), shown, group_headings(board, shown, texts))),
        theme,
    )


def group_headings(board: Board, shown: Sequence[Standing], texts: Translations) -> list[str]:
    """Return what stands above each of the models: the group that begins there, if there are several."""
    names = [_group(standing, texts) if board.islands > 1 else "" for standing in shown]
    return ["" if name == above else name for above, name in zip(["", *names], names, strict=False)]


def _group(standing: Standing, texts: Translations) -> str:
    if standing.rank is None:
        return texts.gettext("Without a rank")
    if not standing.island:
        return texts.gettext("Group 1")
    return texts.gettext("Group {number}: never met group 1").format(number=standing.island + 1)


def matrix_blocks(board: Board) -> list[tuple[int, int]]:
    """Return the places of the first row and the first column of each page of the matrix."""
    return list(combinations_with_replacement(range(0, len(board.standings), MATRIX_SIDE), 2))


def matrix_picture(
    board: Board, block: tuple[int, int], title: str, theme: Theme, texts: Translations
) -> Picture:
    rows, columns = (board.standings[first : first + MATRIX_SIDE] for first in block)
    return MatrixPicture(
        title,
        texts.gettext("Share of the votes that the row won against the column, and how many there were"),
        tuple(standing.name for standing in rows),
        tuple(standing.name for standing in columns),
        tuple(tuple(_cell(board, row, column) for column in columns) for row in rows),
        theme,
    )


def priced(board: Board) -> list[Standing]:
    """Return the models whose prices are known, the best first, without those that never met the others."""
    known = (each for each in board.standings if each.price is not None and not each.island)
    return sorted(known, key=lambda standing: -standing.rating.rating)


def front(standings: Iterable[Standing]) -> list[Standing]:
    """Return those of the priced models that no other one beats in rating and price, the best first."""
    best: list[Standing] = []
    for standing in sorted(standings, key=lambda each: (-each.rating.rating, each.price)):
        if not best or (standing.price or 0.0) < (best[-1].price or 0.0):
            best.append(standing)
    return best


def value_picture(standings: Sequence[Standing], title: str, theme: Theme, texts: Translations) -> Picture:
    """Show priced models; of very many the best."""
    shown = standings[:MOST_BARS]
    best = front(shown)
    return ValuePicture(
        title,
        texts.gettext("US dollars for a million tokens, three read for each written"),
        texts.gettext("free"),
        tuple(_dot(standing, is_best=standing in best) for standing in shown),
        theme,
    )


def _dot(standing: Standing, *, is_best: bool) -> Dot:
    rating = standing.rating
    return Dot(
        standing.name,
        standing.price or 0.0,
        float(round(rating.rating)),
        float(round(rating.half_width)),
        is_best,
    )


def _bar(texts: Translations, standing: Standing, heading: str) -> Bar:
    rating, rank = standing.rating, str(standing.rank or "")
    retired = [texts.gettext("retired")] if standing.retired else []
    note = texts.gettext(", ").join([*retired, *bad_note(rating, texts)])
    # What cannot be seen in the picture should not have it drawn again.
    points, half_width = float(round(rating.rating)), float(round(rating.half_width))
    return Bar(standing.name, rank, points, half_width, note, heading)


def bad_note(rating: Rating, texts: Translations) -> list[str]:
    """Say where most votes found both replies bad, as short as a picture wants it."""
    if not rating.is_mostly_bad:
        return []
    percent = round(100 * rating.both_bad / rating.votes)
    return [texts.gettext("{percent}% bad").format(percent=percent)]


def _cell(board: Board, row: Standing, column: Standing) -> Cell | None:
    sums = board.between(row.rating.model, column.rating.model)
    return Cell(sums.score / sums.votes, sums.votes) if sums.votes else None


def trend_picture(board: Board, trend: Trend, title: str, theme: Theme, texts: Translations) -> Picture:
    """Show the models that stand highest on the board and can be compared."""
    from babel import Locale  # noqa: PLC0415 - big, and only these dates need it
    from babel.dates import format_skeleton  # noqa: PLC0415 - as above

    locale = Locale.parse(texts.info().get("language", "en"))
    comparable = (each for each in board.standings if not each.island)
    shown = [each for each in comparable if each.rating.model in trend.lines][:MOST_LINES]
    return TrendPicture(
        title,
        texts.gettext("Rating"),
        tuple(format_skeleton("MMMd", moment, locale=locale) for moment in trend.moments),
        tuple(TrendLine(each.name, _rounded(trend.lines[each.rating.model])) for each in shown),
        theme,
    )


def _rounded(ratings: tuple[float | None, ...]) -> tuple[float | None, ...]:
    """Leave out what cannot be seen, so that a picture is not drawn again for it."""
    return tuple(None if rating is None else float(round(rating)) for rating in ratings)
