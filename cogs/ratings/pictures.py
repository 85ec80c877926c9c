"""What a leaderboard's pictures show."""

from __future__ import annotations

from dataclasses import dataclass
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
    from bot.pictures.specs import Imprint

MOST_BARS = 50
MATRIX_SIDE = 20

THEMES = {Theme.DARK: N_("Dark"), Theme.LIGHT: N_("Light")}

MOST_LINES = 10
MEDALS = "🥇🥈🥉"


@dataclass(frozen=True, slots=True)
class BoardLook:
    """What all pictures of a board share."""

    title: str
    imprint: Imprint
    theme: Theme
    texts: Translations


def ratings_picture(board: Board, first: int, look: BoardLook) -> RatingsPicture | None:
    """Show the ratings of the models around the one at place `first`, counted from 0, by the half hundred.

    `None` where none of them has a vote.
    """
    begin, texts = first // MOST_BARS * MOST_BARS, look.texts
    shown = [each for each in board.standings[begin : begin + MOST_BARS] if each.rating.votes]
    if not shown:
        return None
    ranks = shown_ranks(board)
    headings = group_headings(board, shown, texts)
    return RatingsPicture(
        look.title,
        texts.gettext("Rating with its 95% interval; hollow: provisional"),
        tuple(
            _bar(texts, each, ranks.get(each.rating.model, ""), heading)
            for each, heading in zip(shown, headings, strict=True)
        ),
        look.theme,
        look.imprint,
    )


def shown_ranks(board: Board) -> dict[int, str]:
    """Return the ranks by model; one of the first three has a medal where no other shares its places."""
    ranked = {each.rating.model: each.rank for each in board.standings if each.rank}
    ranks = {model: str(rank) for model, rank in ranked.items()}
    if board.islands > 1 or len(ranked) == 1:
        return ranks
    apart = {model: rank.best for model, rank in ranked.items() if rank.best == rank.worst}
    return ranks | {model: MEDALS[best - 1] for model, best in apart.items() if best <= len(MEDALS)}


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
    return list(combinations_with_replacement(range(0, len(_voted(board)), MATRIX_SIDE), 2))


def _voted(board: Board) -> list[Standing]:
    return [standing for standing in board.standings if standing.rating.votes]


def matrix_picture(board: Board, block: tuple[int, int], look: BoardLook) -> MatrixPicture:
    rows, columns = (_voted(board)[first : first + MATRIX_SIDE] for first in block)
    return MatrixPicture(
        look.title,
        look.texts.gettext("Share of the votes that the row won against the column, and how many there were"),
        tuple(standing.name for standing in rows),
        tuple(standing.name for standing in columns),
        tuple(tuple(_cell(board, row, column) for column in columns) for row in rows),
        look.theme,
        look.imprint,
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


def value_picture(standings: Sequence[Standing], look: BoardLook) -> ValuePicture:
    """Show priced models; of very many the best."""
    shown = standings[:MOST_BARS]
    best = front(shown)
    return ValuePicture(
        look.title,
        look.texts.gettext("US dollars per million tokens, 3 input : 1 output"),
        look.texts.gettext("free"),
        tuple(_dot(standing, is_best=standing in best) for standing in shown),
        look.theme,
        look.imprint,
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


def _bar(texts: Translations, standing: Standing, rank: str, heading: str) -> Bar:
    rating = standing.rating
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


def trend_picture(board: Board, trend: Trend, look: BoardLook) -> TrendPicture:
    """Show the models that stand highest on the board and can be compared."""
    from babel import Locale  # noqa: PLC0415 - big, and only these dates need it
    from babel.dates import format_skeleton  # noqa: PLC0415 - as above

    locale = Locale.parse(look.texts.info().get("language", "en"))
    comparable = (each for each in board.standings if not each.island)
    shown = [each for each in comparable if each.rating.model in trend.lines][:MOST_LINES]
    return TrendPicture(
        look.title,
        look.texts.gettext("Rating"),
        tuple(format_skeleton("MMMd", moment, locale=locale) for moment in trend.moments),
        tuple(TrendLine(each.name, _rounded(trend.lines[each.rating.model])) for each in shown),
        look.theme,
        look.imprint,
    )


def _rounded(ratings: tuple[float | None, ...]) -> tuple[float | None, ...]:
    """Leave out what cannot be seen, so that a picture is not drawn again for it."""
    return tuple(None if rating is None else float(round(rating)) for rating in ratings)
