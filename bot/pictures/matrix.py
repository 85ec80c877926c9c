"""Who beats whom: the share of the votes that each model won against each other one."""

# matplotlib's annotations leave out what its **kwargs may be.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib import colormaps

from bot.pictures.canvas import CAPTION, EDGE, HEAD, SMALL_SIZE, Canvas, Letters, PlacedText
from bot.pictures.colours import legible
from bot.pictures.fonts import POINTS, widest
from bot.pictures.specs import percent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.axes import Axes

    from bot.pictures.specs import Cell, MatrixPicture

CELL = 0.44
FEW = 0.62
"""How high cells are, in inches, where they are few."""

MANY = 8
ABOVE = HEAD + 0.1
BELOW = 0.5
GAP = 0.1
NARROWEST = 7.0
CELL_SIZE = 8.0
NAMES = Letters(SMALL_SIZE, SMALL_SIZE)
LINE = 1.2 * CELL_SIZE / POINTS
COLOURS_OF_SHARE = "PuOr"
"""From orange (lost) to purple (won), through a middle that is light: safe for all kinds of sight."""


def draw_matrix(picture: MatrixPicture) -> Canvas:
    down, across = len(picture.rows), len(picture.columns)
    left, top = EDGE + _room(picture.rows), ABOVE + _room(picture.columns)
    cell, high = max(CELL, (NARROWEST - left - EDGE) / across), CELL if down > MANY else FEW
    width, height = left + across * cell + EDGE, top + down * high + BELOW
    canvas = Canvas(width, height, picture.theme)
    axes = canvas.axes(left, top, EDGE, BELOW)
    _colour(axes, picture, canvas.colours.grid)
    figures = [
        each
        for y, row in enumerate(picture.cells)
        for x, content in enumerate(row)
        if content is not None
        for each in _figures(left + (x + 0.5) * cell, top + (y + 0.5) * high, content)
    ]
    canvas.write_figures(figures, CELL_SIZE)
    axes.set_xticks([])
    axes.set_yticks([])
    ink = canvas.colours.text
    for x, name in enumerate(picture.columns):
        canvas.write_upwards(left + (x + 0.5) * cell, top - GAP / 2, name, ink, NAMES)
    for y, name in enumerate(picture.rows):
        middle = top + (y + 0.5) * high
        canvas.write(left - GAP / 2, middle, name, ink, NAMES, side="right", room=left - EDGE - GAP / 2)
    canvas.head(picture.title, picture.imprint)
    canvas.write(EDGE, height - EDGE, picture.legend, canvas.colours.faint, CAPTION)
    return canvas


def _room(names: Iterable[str]) -> float:
    """Return how many inches the names take."""
    return widest(names, SMALL_SIZE) + GAP


def _colour(axes: Axes, picture: MatrixPicture, empty: str) -> None:
    shares = np.array([[np.nan if cell is None else cell.share for cell in row] for row in picture.cells])
    colormap = colormaps[COLOURS_OF_SHARE].with_extremes(bad=empty)
    axes.imshow(shares, cmap=colormap, vmin=0, vmax=1, aspect="auto")


def _figures(x: float, y: float, cell: Cell) -> tuple[PlacedText, PlacedText]:
    """Return the two lines of a cell around its middle."""
    ink = legible(colormaps[COLOURS_OF_SHARE](cell.share))
    share = PlacedText(x, y - LINE / 2, f"{percent(cell.share)}%", ink)
    return share, PlacedText(x, y + LINE / 2, str(cell.votes), ink)
