"""Ratings over time, each line named at its end."""

# matplotlib's annotations leave out what its **kwargs may be.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from itertools import cycle
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from bot.pictures.canvas import CAPTION, EDGE, HEAD, SMALL_SIZE, Canvas, Letters, grid, spread
from bot.pictures.fonts import POINTS, fitted, fonts, widest, width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from bot.pictures.colours import Colours
    from bot.pictures.specs import TrendLine, TrendPicture

WIDTH, HEIGHT = 8.0, 5.7
ABOVE, BELOW = HEAD + 0.3, 0.5
AXIS_AT = HEAD + 0.05
LEFT = 0.8
LEADERS = 0.4
MARKER_GAP = 0.12
DOWN = HEIGHT - ABOVE - BELOW
ROW = 0.24
"""In inches, as everything above."""

DAY_EMS = 12.0
DAY_GAP_EMS = 1.2
FLATTEST = 20.0
"""So many points are shown at least, lest noise looks like movement."""

LEADER_WIDTH = 0.5
NAMES = Letters(SMALL_SIZE, SMALL_SIZE)
MARKERS = "osD^vPX*<>"
MARKER_SIZE = 6.5
MARKED = 8
"""About so many points of a line have its marker."""


class LineStyle(NamedTuple):
    colour: str
    dashes: str
    marker: str


class Drawn(NamedTuple):
    """A line with something to draw: the place of each of its points, and how it looks."""

    name: str
    points: list[tuple[int, float]]
    style: LineStyle


def draw_trend(picture: TrendPicture) -> Canvas:
    canvas = Canvas(WIDTH, HEIGHT, picture.theme)
    colours = canvas.colours
    lines = _drawn(picture.lines, colours)
    right = LEADERS + MARKER_GAP + widest((line.name for line in lines), SMALL_SIZE) + EDGE
    axes = canvas.axes(LEFT, ABOVE, right, BELOW)
    _scale(axes, lines, len(picture.days))
    grid(axes, "y", colours)
    for index, line in enumerate(lines):
        _draw(axes, line, index)
    _name_lines(canvas, axes, lines, WIDTH - right)
    _write_days(axes, picture.days, WIDTH - right - LEFT)
    canvas.head(picture.title, picture.imprint)
    canvas.write(EDGE, AXIS_AT, picture.axis, colours.faint, CAPTION)
    return canvas


def _drawn(lines: Sequence[TrendLine], colours: Colours) -> list[Drawn]:
    """Return the lines that have points; each hue comes solid first, then dashed."""
    hues = colours.lines
    looks = [(hue, dashes) for dashes in ("-", "--") for hue in hues]
    styles = (LineStyle(*look, marker) for look, marker in zip(cycle(looks), cycle(MARKERS), strict=False))
    drawn = [
        Drawn(line.name, [(day, each) for day, each in enumerate(line.ratings) if each is not None], style)
        for line, style in zip(lines, styles, strict=False)
    ]
    return [line for line in drawn if line.points]


def _scale(axes: Axes, lines: Sequence[Drawn], days: int) -> None:
    """Have the axes show all points, with some room around them."""
    ratings = [rating for line in lines for _, rating in line.points] or [0.0]
    middle, half = (max(ratings) + min(ratings)) / 2, max(max(ratings) - min(ratings), FLATTEST) / 2
    axes.set_ylim(middle - 1.08 * half, middle + 1.08 * half)
    margin = 0.02 * (days - 1) or 1.0
    axes.set_xlim(-margin, days - 1 + margin)
    axes.locator_params(axis="y", nbins=7, integer=True)
    if not lines:
        axes.set_yticks([])


def _draw(axes: Axes, line: Drawn, index: int) -> None:
    places, ratings = zip(*line.points, strict=True)
    every = ceil(len(places) / MARKED)
    axes.plot(
        places,
        ratings,
        color=line.style.colour,
        linestyle=line.style.dashes,
        linewidth=1.8,
        marker=line.style.marker,
        markersize=MARKER_SIZE,
        # Lines that run side by side have their markers at different places.
        markevery=(index % every, every),
    )


def _name_lines(canvas: Canvas, axes: Axes, lines: Sequence[Drawn], edge: float) -> None:
    """Name the lines in a column at their right, each with its marker, in the order of their last ratings."""
    named = sorted(lines, key=lambda line: line.points[-1][1])
    low, high = axes.get_ylim()
    heights = spread([line.points[-1][1] for line in named], ROW * (high - low) / DOWN, low, high)
    for line, height in zip(named, heights, strict=True):
        _name(canvas, axes, line, height, edge)


def _name(canvas: Canvas, axes: Axes, line: Drawn, height: float, edge: float) -> None:
    """Lead from the last point to the name, by a line that nobody takes for one of the ratings."""
    (first, last), (low, high), (day, rating) = axes.get_xlim(), axes.get_ylim(), line.points[-1]
    y, at = ABOVE + DOWN * (high - height) / (high - low), edge + LEADERS
    x = LEFT + (edge - LEFT) * (day - first) / (last - first)
    end = ABOVE + DOWN * (high - rating) / (high - low)
    canvas.line([(x + MARKER_GAP / 2, end), (at - MARKER_GAP / 2, y)], canvas.colours.faint, LEADER_WIDTH)
    canvas.mark(at, y, line.style.marker, line.style.colour, MARKER_SIZE)
    canvas.write(at + MARKER_GAP, y, line.name, canvas.colours.text, NAMES)


def _write_days(axes: Axes, days: Sequence[str], across: float) -> None:
    """Write the last day, and of those before as many as there is room for."""
    widest = max(min(width_of(day), DAY_EMS) for day in days) + DAY_GAP_EMS
    low, high = axes.get_xlim()
    step = ceil(widest * SMALL_SIZE / POINTS / (across / (high - low)))
    shown = range(len(days) - 1, -1, -step)
    axes.set_xticks(shown, [fitted(days[place], DAY_EMS) for place in shown], family=fonts())
