"""Who beats whom: the share of the votes that each model won against each other one."""

# matplotlib's annotations leave out what its **kwargs may be.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib import colormaps

from bot.pictures.canvas import EDGE, SMALL_SIZE, Canvas, fitted, fonts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from bot.pictures.subjects import Cell, MatrixPicture

CELL = 0.46
NAMES = 2.35
ABOVE = 0.65
BELOW = 0.45
LEGEND_ABOVE_EDGE = 0.2
NARROWEST = 6.0
CELL_SIZE = 6.5
COLOURS_OF_SHARE = "PuOr"
"""From orange (lost) to purple (won), through a middle that is light: safe for all kinds of sight."""

DARK_SHARE = 0.3
"""Farther from one half than this a cell is so dark that its text must be light."""


def draw_matrix(picture: MatrixPicture) -> Canvas:
    down, across = len(picture.rows), len(picture.columns)
    width = max(NARROWEST, NAMES + across * CELL + EDGE)
    height = ABOVE + NAMES + down * CELL + BELOW
    canvas = Canvas(width, height, picture.theme)
    colours = canvas.colours
    axes = canvas.axes(NAMES, ABOVE + NAMES, width - NAMES - across * CELL, BELOW)
    shares = np.array([[np.nan if cell is None else cell.share for cell in row] for row in picture.cells])
    colormap = colormaps[COLOURS_OF_SHARE].with_extremes(bad=colours.grid)
    axes.imshow(shares, cmap=colormap, vmin=0, vmax=1, aspect="auto")
    for y, row in enumerate(picture.cells):
        for x, cell in enumerate(row):
            if cell is not None:
                _write(axes, x, y, cell)
    axes.set_xticks(range(across), map(fitted, picture.columns), rotation=90)
    axes.set_yticks(range(down), map(fitted, picture.rows))
    axes.tick_params(colors=colours.text, pad=5)
    axes.tick_params(axis="x", labelbottom=False, labeltop=True)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontfamily(fonts())
    canvas.title(picture.title)
    canvas.write(EDGE, height - LEGEND_ABOVE_EDGE, picture.legend, colours.faint, size=SMALL_SIZE)
    return canvas


def _write(axes: Axes, x: int, y: int, cell: Cell) -> None:
    colour = "#ffffff" if abs(cell.share - 0.5) > DARK_SHARE else "#1e1f22"
    figures = f"{100 * cell.share:.0f}%\n{cell.votes}"
    axes.text(x, y, figures, ha="center", va="center", size=CELL_SIZE, color=colour)
