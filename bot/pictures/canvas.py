"""What all pictures share: a typed surface, measured in inches, and labels that keep their distance."""

# matplotlib's annotations leave out what its **kwargs may be.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from functools import cache
from io import BytesIO
from math import ceil, inf
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D

from bot.pictures.colours import COLOURS
from bot.pictures.emoji import ems_of, pixels_of
from bot.pictures.fonts import LATIN, NAME_EMS, POINTS, Weight, cut, fonts, literal, runs, width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.path import Path

    from bot.pictures.colours import Colours
    from bot.pictures.specs import Imprint, Theme

DPI = 150
HEIGHT_OF_FIGURES = 0.73
"""In heights of letters."""

EMOJI_SIZE = 1.0
"""In heights of letters."""

ROUNDING = 1e-6
EDGE = 0.24
TITLE_AT, SERVER_AT, BASIS_AT = 0.38, 0.72, 0.98
HEAD = 1.2
"""What the head takes, in inches."""

TEXT_SIZE = 10.0
SMALL_SIZE = 9.0
SMALLEST = 7.0

Side = Literal["left", "center", "right"]


class Letters(NamedTuple):
    """How a text is written; where there is little room it shrinks down to the `smallest` size."""

    size: float = TEXT_SIZE
    smallest: float = TEXT_SIZE
    weight: Weight = "normal"


class PlacedText(NamedTuple):
    """A short text and the middle of its place, in inches from the left edge and the top."""

    x: float
    y: float
    text: str
    colour: str


PLAIN = Letters()
BOLD = Letters(weight="bold")
TITLE = Letters(15.0, TEXT_SIZE)
CAPTION = Letters(SMALL_SIZE, SMALLEST)
SERVER = Letters(TEXT_SIZE, SMALLEST, "bold")
SIGN = Letters(SMALLEST, SMALLEST)


class Canvas:
    """A picture under way; places on it are inches from its left edge and from its top."""

    def __init__(self, width: float, height: float, theme: Theme) -> None:
        self.colours = COLOURS[theme]
        # Of a pixel that is covered in part the background would be seen.
        self._width, self._height = ceil(width * DPI) / DPI, ceil(height * DPI) / DPI
        self.figure = Figure(figsize=(self._width, self._height), dpi=DPI, facecolor=self.colours.background)
        FigureCanvasAgg(self.figure)

    def axes(self, left: float, top: float, right: float, bottom: float) -> Axes:
        """Return bare axes with so many inches around them."""
        across, down = self._width - left - right, self._height - top - bottom
        inside = (
            left / self._width,
            bottom / self._height,
            across / self._width,
            down / self._height,
        )
        axes = self.figure.add_axes(inside, facecolor="none")
        for spine in axes.spines.values():
            spine.set_visible(False)
        axes.tick_params(colors=self.colours.faint, labelsize=SMALL_SIZE, length=0)
        return axes

    def panel(self, left: float, top: float, width: float, height: float) -> None:
        """Lift a rectangle off the background."""
        corner = (left / self._width, 1 - (top + height) / self._height)
        size = (width / self._width, height / self._height)
        panel = Rectangle(corner, *size, facecolor=self.colours.panel, transform=self.figure.transFigure)
        self.figure.add_artist(panel)

    def line(self, points: Sequence[tuple[float, float]], colour: str, width: float = 1.0) -> None:
        """Draw from point to point."""
        across = [x / self._width for x, _ in points]
        down = [1 - y / self._height for _, y in points]
        self.figure.add_artist(
            Line2D(across, down, color=colour, linewidth=width, transform=self.figure.transFigure)
        )

    def mark(self, x: float, y: float, marker: str, colour: str, size: float) -> None:
        """Put a marker with its middle there."""
        marked = Line2D(
            [x / self._width], [1 - y / self._height], color=colour, marker=marker, markersize=size
        )
        marked.set_transform(self.figure.transFigure)
        self.figure.add_artist(marked)

    def title(self, text: str) -> None:
        self.write(EDGE, TITLE_AT, text, self.colours.text, TITLE)

    def head(self, title: str, imprint: Imprint) -> None:
        """Write what the picture is, and below it where it is from."""
        right, colours = self._width - EDGE, self.colours
        sign, day = (width_of(text) * SMALL_SIZE / POINTS + EDGE for text in (imprint.product, imprint.date))
        self.write(EDGE, TITLE_AT, title, colours.text, TITLE, room=right - EDGE - sign)
        self.write(right, TITLE_AT, imprint.product, colours.faint, SIGN, side="right", room=sign)
        self.write(EDGE, SERVER_AT, imprint.server, colours.second, SERVER, room=right - EDGE - day)
        self.write(right, SERVER_AT, imprint.date, colours.faint, CAPTION, side="right", room=day)
        self.write(EDGE, BASIS_AT, imprint.basis, colours.faint, CAPTION)

    def write(
        self,
        x: float,
        y: float,
        text: str,
        colour: str,
        letters: Letters = PLAIN,
        *,
        room: float | None = None,
        side: Side = "left",
    ) -> None:
        """Write with the `side` of the text at `x`, centred on the height `y`.

        What is too wide for the room, by default all up to the right edge, even in the smallest size is cut.
        """
        size, shown = _sized(text, letters, room or self._width - EDGE - x)
        written = runs(shown, letters.weight)
        if len(written) <= 1 and not any(run.in_colour for run in written):
            self._put(x, y, shown, colour, letters, size, side)
            return
        width = width_of(shown, letters.weight) * size / POINTS
        left = x - {"left": 0.0, "center": width / 2, "right": width}[side]
        for run in written:
            at = left + run.begin * size / POINTS
            if run.in_colour:
                self._put_emoji(at + ems_of(run.text) * size / POINTS / 2, y, run.text, size)
            else:
                self._put(at, y, run.text, colour, letters, size, "left")

    def write_upwards(self, x: float, y: float, text: str, colour: str, letters: Letters = PLAIN) -> None:
        """Write from the place `y` towards the top, centred on `x`."""
        size, shown = _sized(text, letters, NAME_EMS * letters.size / POINTS)
        for run in runs(shown, letters.weight):
            at = y - run.begin * size / POINTS
            if run.in_colour:
                middle = at - ems_of(run.text) * size / POINTS / 2
                self._put_emoji(x, middle, run.text, size, upwards=True)
            else:
                self._put(x, at, run.text, colour, letters, size, "center", upwards=True)

    def _put(
        self,
        x: float,
        y: float,
        text: str,
        colour: str,
        letters: Letters,
        size: float,
        side: Side,
        *,
        upwards: bool = False,
    ) -> None:
        self.figure.text(
            x / self._width,
            1 - y / self._height,
            literal(text),
            color=colour,
            size=size,
            weight=letters.weight,
            family=fonts(),
            ha=side,
            va="bottom" if upwards else "center",
            rotation=90 if upwards else 0,
        )

    def _put_emoji(self, x: float, y: float, emoji: str, size: float, *, upwards: bool = False) -> None:
        """Put it with its middle there, pixel by pixel."""
        image = pixels_of(emoji, round(size * EMOJI_SIZE * DPI / POINTS))
        image = np.rot90(image) if upwards else image
        down, across = image.shape[:2]
        left, bottom = round(x * DPI - across / 2), round((self._height - y) * DPI - down / 2)
        self.figure.figimage(image, left, bottom, origin="upper", zorder=3)

    def write_figures(self, figures: Sequence[PlacedText], size: float) -> None:
        """Write short texts in Latin, such as numbers, so many at once that one by one would be slow."""
        outlines: list[Path] = []
        places: list[tuple[float, float]] = []
        inks: list[str] = []
        for each in figures:
            x = POINTS * each.x - size * width_of(each.text) / 2
            y = POINTS * (self._height - each.y) - size * HEIGHT_OF_FIGURES / 2
            for character in each.text:
                outlines.append(_outline(character, size))
                places.append((x, y))
                inks.append(each.colour)
                x += size * width_of(character)
        points = Affine2D().scale(DPI / POINTS)
        written = PathCollection(
            outlines, offsets=places, offset_transform=points, facecolors=inks, linewidths=0
        )
        written.set_transform(points)
        self.figure.add_artist(written)

    def caption(self, axes: Axes, text: str) -> None:
        """Write below the axes what their places mean."""
        box = axes.get_position()
        middle = self._width * (box.x0 + box.x1) / 2
        room = 2 * min(middle - EDGE, self._width - EDGE - middle)
        y = self._height - EDGE
        self.write(middle, y, text, self.colours.faint, CAPTION, room=room, side="center")

    def png(self) -> bytes:
        buffer = BytesIO()
        self.figure.savefig(buffer, format="png", dpi=DPI)
        return buffer.getvalue()


def grid(axes: Axes, direction: Literal["x", "y"], colours: Colours) -> None:
    axes.grid(axis=direction, color=colours.grid, linewidth=0.8)
    axes.set_axisbelow(True)


def spread(wanted: Sequence[float], room: float, low: float = -inf, high: float = inf) -> list[float]:
    """Return places next to the wanted ones, in their order, each at least `room` from its neighbours.

    The wanted places ascend. Neighbours that are too close form a block around the middle of what its members
    want; blocks that touch merge (the pool of adjacent violators). All of them stay between `low` and `high`,
    which have room for them.
    """
    blocks: list[tuple[float, int]] = []
    for index, place in enumerate(wanted):
        total, count = place - index * room, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            before = blocks.pop()
            total, count = total + before[0], count + before[1]
        blocks.append((total, count))
    starts = [total / count for total, count in blocks for _ in range(count)]
    last = high - (len(wanted) - 1) * room
    return [max(low, min(start, last)) + index * room for index, start in enumerate(starts)]


def _sized(text: str, letters: Letters, room: float) -> tuple[float, str]:
    """Return the size of letters in which a text has room, and what of it there is room for."""
    points = POINTS * room
    ems = max(width_of(text, letters.weight), ROUNDING)
    size = max(letters.smallest, min(letters.size, points / ems))
    return size, cut(text, points / size + ROUNDING, letters.weight)


@cache
def _outline(character: str, size: float) -> Path:
    return TextPath((0, 0), character, size=size, prop=FontProperties(family=LATIN))
