"""Ratings against prices, with the models of which none is both cheaper and better marked."""

# matplotlib's annotations leave out what its **kwargs may be.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from math import log10
from typing import TYPE_CHECKING

from matplotlib.ticker import FixedLocator, NullLocator

from bot.pictures.canvas import EDGE, HEAD, SMALL_SIZE, SMALLEST, Canvas, Letters, grid, spread
from bot.pictures.fonts import fitted, fonts, widest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from bot.pictures.colours import Colours
    from bot.pictures.specs import Dot, ValuePicture

WIDTH = 8.0
LOWEST = 3.6
ROW = 0.23
LEADERS = 0.4
LEFT, BELOW = 0.75, 0.65
GAP = 0.06
LEADER_WIDTH = 0.5

FREE_GAP = 0.6
"""How far left of the cheapest price the free models stand, in powers of ten."""


def draw_value(picture: ValuePicture) -> Canvas:
    height = max(LOWEST, ROW * 1.08 * len(picture.dots)) + HEAD + BELOW
    canvas = Canvas(WIDTH, height, picture.theme)
    right = LEADERS + widest((dot.name for dot in picture.dots), SMALL_SIZE) + EDGE + GAP
    axes = canvas.axes(LEFT, HEAD, right, BELOW)
    places = _places(axes, picture)
    low = min(dot.rating - dot.half_width for dot in picture.dots)
    high = max(low + 1, *(dot.rating + dot.half_width for dot in picture.dots))
    axes.set_ylim(low - 0.04 * (high - low), high + 0.04 * (high - low))
    dots = list(zip(picture.dots, places, strict=True))
    for best in (False, True):
        _draw(axes, dots, canvas.colours, best=best)
    front = sorted((place, dot.rating) for dot, place in dots if dot.best)
    axes.plot(*zip(*front, strict=True), color=canvas.colours.second, linewidth=1.4, drawstyle="steps-post")
    grid(axes, "y", canvas.colours)
    _name_dots(canvas, axes, dots, (WIDTH - right, height - HEAD - BELOW))
    canvas.caption(axes, picture.axis)
    canvas.head(picture.title, picture.imprint)
    return canvas


def _places(axes: Axes, picture: ValuePicture) -> list[float]:
    """Return each dot's place, the power of ten of its price, and write the prices below the axis."""
    powers = [log10(dot.price) for dot in picture.dots if dot.price]
    low, high = (min(powers), max(powers)) if powers else (0.0, 0.0)
    free = low - FREE_GAP
    places = [log10(dot.price) if dot.price else free for dot in picture.dots]
    ticks = _round_powers(low, high) if powers else []
    labels = [rf"\${10**power:,.6g}" for power in ticks]
    if free in places:
        ticks, labels = [free, *ticks], [fitted(picture.free), *labels]
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticklabels(labels, family=fonts())
    axes.set_xlim(min(ticks + places) - 0.2, max(ticks + places) + 0.2)
    return places


def _round_powers(low: float, high: float) -> list[float]:
    """Return powers of ten of round prices, few enough to be written side by side."""
    first, last = int(low // 1), int(-(-high // 1))
    steps = (1, 2, 5) if last - first <= 2 else (1,)  # noqa: PLR2004 - two powers of ten have room for all
    return [
        power
        for whole in range(first, last + 1)
        for step in steps
        if low - 0.1 <= (power := whole + log10(step)) <= high + 0.1
    ] or [low]


def _draw(axes: Axes, dots: Sequence[tuple[Dot, float]], colours: Colours, *, best: bool) -> None:
    """Draw those of the dots that are among the best, or those that are not."""
    shown = [(dot, place) for dot, place in dots if dot.best is best]
    places = [place for _, place in shown]
    colour = colours.second if best else colours.accent
    lows = [dot.rating - dot.half_width for dot, _ in shown]
    highs = [dot.rating + dot.half_width for dot, _ in shown]
    axes.vlines(places, lows, highs, color=colour, linewidth=1)
    axes.plot(
        places,
        [dot.rating for dot, _ in shown],
        "D" if best else "o",
        color=colour,
        markersize=7 if best else 5,
        markeredgecolor=colours.background,
        markeredgewidth=0.6,
        zorder=4 if best else 3,
    )


def _name_dots(
    canvas: Canvas, axes: Axes, dots: Sequence[tuple[Dot, float]], size: tuple[float, float]
) -> None:
    """Name the dots in a column at their right, in the order of their ratings, and lead there."""
    (first, last), (low, high), (edge, down) = axes.get_xlim(), axes.get_ylim(), size
    named = sorted(dots, key=lambda each: each[0].rating)
    heights = spread([dot.rating for dot, _ in named], ROW * (high - low) / down, low, high)
    for (dot, place), height in zip(named, heights, strict=True):
        x = LEFT + (edge - LEFT) * (place - first) / (last - first)
        ends = [HEAD + down * (high - rating) / (high - low) for rating in (dot.rating, height)]
        canvas.line([(x + GAP, ends[0]), (edge + LEADERS, ends[1])], canvas.colours.faint, LEADER_WIDTH)
        ink = canvas.colours.text if dot.best else canvas.colours.faint
        letters = Letters(SMALL_SIZE, SMALLEST, "bold" if dot.best else "normal")
        canvas.write(edge + LEADERS + GAP, ends[1], dot.name, ink, letters)
