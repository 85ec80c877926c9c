"""Pictures as PNG files, by matplotlib: blocks for up to a second, and takes half a second to import."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from bot.pictures.bracket import draw_bracket
from bot.pictures.matrix import draw_matrix
from bot.pictures.ratings import draw_ratings
from bot.pictures.recap import draw_recap
from bot.pictures.specs import (
    BracketPicture,
    MatrixPicture,
    RatingsPicture,
    RecapPicture,
    TrendPicture,
    ValuePicture,
)
from bot.pictures.trend import draw_trend
from bot.pictures.value import draw_value

if TYPE_CHECKING:
    from bot.pictures.canvas import Canvas
    from bot.pictures.specs import Picture


def paint(picture: Picture) -> bytes:
    return draw(picture).png()


def draw(picture: Picture) -> Canvas:
    match picture:
        case RatingsPicture():
            return draw_ratings(picture)
        case MatrixPicture():
            return draw_matrix(picture)
        case ValuePicture():
            return draw_value(picture)
        case TrendPicture():
            return draw_trend(picture)
        case RecapPicture():
            return draw_recap(picture)
        case BracketPicture():
            return draw_bracket(picture)
        case _:
            assert_never(picture)
