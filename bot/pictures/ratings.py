"""The board as a picture: each model's rating with its interval."""

# matplotlib's annotations leave out what its **kwargs may be.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.pictures.canvas import NAME_COLUMNS, SMALL_SIZE, TEXT_SIZE, Canvas, columns_of, fitted, fonts, grid

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from bot.pictures.canvas import Colours
    from bot.pictures.subjects import Bar, RatingsPicture

WIDTH = 8.0
ROW = 0.31
ABOVE = 0.75
BELOW = 0.65
LEFT = 3.35
RIGHT = 1.15
RANK_AT = 0.04 - LEFT / (WIDTH - LEFT - RIGHT)
"""Places beside the axes are in their widths: the picture's edge is left of 0."""


def draw_ratings(picture: RatingsPicture) -> Canvas:
    count = len(picture.bars)
    canvas = Canvas(WIDTH, ABOVE + BELOW + ROW * count, picture.theme)
    axes = canvas.axes(LEFT, ABOVE, RIGHT, BELOW)
    for place, bar in enumerate(picture.bars):
        _draw(axes, place, bar, canvas.colours)
    axes.set_ylim(count - 0.5, -0.5)
    axes.set_yticks([])
    grid(axes, "x", canvas.colours)
    axes.locator_params(axis="x", nbins=6)
    axes.set_xlabel(picture.axis, color=canvas.colours.faint, size=SMALL_SIZE, family=fonts())
    canvas.title(picture.title)
    return canvas


def _draw(axes: Axes, place: int, bar: Bar, colours: Colours) -> None:
    """Draw one model's line: rank, name, interval, figures."""
    colour, ink = (colours.accent, colours.text) if bar.rank else (colours.faint, colours.faint)
    axes.errorbar(
        bar.rating,
        place,
        xerr=bar.half_width,
        fmt="o",
        color=colour,
        markerfacecolor=colour if bar.rank else colours.background,
        markersize=6,
        elinewidth=2,
        capsize=3,
    )
    note = f" ({bar.note})" if bar.note else ""
    name = fitted(bar.name, NAME_COLUMNS - columns_of(note)) + note
    _write(axes, -0.03, place, name, ink, align="right")
    _write(axes, 1.03, place, f"{bar.rating:.0f} ± {bar.half_width:.0f}", ink)
    _write(axes, RANK_AT, place, bar.rank, colours.second, bold=True)


def _write(
    axes: Axes, x: float, place: int, text: str, colour: str, *, align: str = "left", bold: bool = False
) -> None:
    axes.text(
        x,
        place,
        text,
        color=colour,
        size=TEXT_SIZE,
        weight="bold" if bold else "normal",
        family=fonts(),
        ha=align,
        va="center",
        transform=axes.get_yaxis_transform(),
    )
