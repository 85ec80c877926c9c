"""Who beats whom: the share of the votes that each model won against each other one."""

# matplotlib's annotations leave out what its **kwargs may be.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib import colormaps

from bot.pictures.canvas import CAPTION, EDGE, SMALL_SIZE, Canvas, PlacedText
from bot.pictures.colours import legible
from bot.pictures.fonts import POINTS, fitted, fonts, width_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.axes import Axes

    from bot.pictures.specs import Cell, MatrixPicture

CELL = 0.44
WIDEST_CELL = 0.8
ABOVE = 0.75
BELOW = 0.5
GAP = 0.1
NARROWEST = 6.0
CELL_SIZE = 8.0
LINE = 1.2 * CELL_SIZE / POINTS
COLOURS_OF_SHARE = "PuOr"
"""From orange (lost) to purple (won), through a middle that is light: safe for all kinds of sight."""


def draw_matrix(picture: MatrixPicture) -> Canvas:
    down, across = len(picture.rows), len(picture.columns)
    left, top = EDGE + _room(picture.rows), ABOVE + _room(picture.columns)
    cell = max(CELL, min(WIDEST_CELL, (NARROWEST - left - EDGE) / across))
    width, height = max(NARROWEST, left + across * cell + EDGE), top + down * CELL + BELOW
    canvas = Canvas(width, height, picture.theme)
    axes = canvas.axes(left, top, width - left - across * cell, BELOW)
    _colour(axes, picture, canvas.colours.grid)
    figures = [
        each
        for y, row in enumerate(picture.cells)
        for x, content in enumerate(row)
        if content is not None
        for each in _figures(left + (x + 0.5) * cell, top + (y + 0.5) * CELL, content)
    ]
    canvas.write_figures(figures, CELL_SIZE)
    axes.set_xticks(range(across), map(fitted, picture.columns), rotation=90)
    axes.set_yticks(range(down), map(fitted, picture.rows))
    axes.tick_params(colors=canvas.colours.text, pad=GAP * POINTS / 2)
    axes.tick_params(axis="x", labelbottom=False, labeltop=True)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontfamily(fonts())
    canvas.title(picture.title)
    canvas.write(EDGE, height - EDGE, picture.legend, canvas.colours.faint, CAPTION)
    return canvas


def _room(names: Iterable[str]) -> float:
    """Return how many inches the names take."""
    return max(width_of(fitted(name)) for name in names) * SMALL_SIZE / POINTS + GAP


def _colour(axes: Axes, picture: MatrixPicture, empty: str) -> None:
    shares = np.array([[np.nan if cell is None else cell.share for cell in row] for row in picture.cells])
    colormap = colormaps[COLOURS_OF_SHARE].with_extremes(bad=empty)
    axes.imshow(shares, cmap=colormap, vmin=0, vmax=1, aspect="auto")


def _figures(x: float, y: float, cell: Cell) -> tuple[PlacedText, PlacedText]:
    """Return the two lines of a cell around its middle."""
    ink = legible(colormaps[COLOURS_OF_SHARE](cell.share))
    share = PlacedText(x, y - LINE / 2, f"{100 * cell.share:.0f}%", ink)
    return share, PlacedText(x, y + LINE / 2, str(cell.votes), ink)
