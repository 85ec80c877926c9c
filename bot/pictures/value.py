"""Ratings against prices, with the models of which none is both cheaper and better marked."""

# matplotlib's annotations leave out what its **kwargs may be.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from math import log10
from typing import TYPE_CHECKING

from matplotlib.ticker import FixedLocator, NullLocator

from bot.pictures.canvas import SMALL_SIZE, Canvas, fitted, fonts, grid, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from bot.pictures.canvas import Colours
    from bot.pictures.subjects import Dot, ValuePicture

WIDTH = 9.0
LOWEST = 3.6
ROW = 0.21
LEFT, ABOVE, RIGHT, BELOW = 0.75, 0.75, 2.75, 0.75
FREE_GAP = 0.6
"""How far left of the cheapest price the free models stand, in powers of ten."""

NAME_AT = 1.06
"""In widths of the axes."""


def draw_value(picture: ValuePicture) -> Canvas:
    height = max(LOWEST, ROW * len(picture.dots)) + ABOVE + BELOW
    canvas = Canvas(WIDTH, height, picture.theme)
    axes = canvas.axes(LEFT, ABOVE, RIGHT, BELOW)
    places = _places(axes, picture)
    low = min(dot.rating - dot.half_width for dot in picture.dots)
    high = max(dot.rating + dot.half_width for dot in picture.dots)
    axes.set_ylim(low - 0.04 * (high - low), high + 0.04 * (high - low))
    for dot, place in zip(picture.dots, places, strict=True):
        _draw(axes, place, dot, canvas.colours)
    front = sorted((place, dot.rating) for dot, place in zip(picture.dots, places, strict=True) if dot.best)
    axes.plot(*zip(*front, strict=True), color=canvas.colours.second, linewidth=1.4, drawstyle="steps-post")
    grid(axes, "y", canvas.colours)
    down = height - ABOVE - BELOW
    _name_dots(axes, picture, places, ROW * 1.08 * (high - low) / down, canvas.colours)
    axes.set_xlabel(picture.axis, color=canvas.colours.faint, size=SMALL_SIZE, family=fonts())
    canvas.title(picture.title)
    return canvas


def _places(axes: Axes, picture: ValuePicture) -> list[float]:
    """Return each dot's place, the power of ten of its price, and write the prices below the axis."""
    powers = [log10(dot.price) for dot in picture.dots if dot.price]
    low, high = (min(powers), max(powers)) if powers else (0.0, 0.0)
    free = low - FREE_GAP
    ticks = _round_powers(low, high)
    labels = [f"${10**power:,.6g}" for power in ticks]
    if any(not dot.price for dot in picture.dots):
        ticks, labels = [free, *ticks], [picture.free, *labels]
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticklabels([label.replace("$", r"\$") for label in labels], family=fonts())
    axes.set_xlim(min([*ticks, low]) - 0.2, max([*ticks, high]) + 0.2)
    return [log10(dot.price) if dot.price else free for dot in picture.dots]


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


def _draw(axes: Axes, place: float, dot: Dot, colours: Colours) -> None:
    colour = colours.second if dot.best else colours.accent
    axes.errorbar(
        place, dot.rating, yerr=dot.half_width, fmt="D" if dot.best else "o", color=colour, markersize=5
    )


def _name_dots(
    axes: Axes, picture: ValuePicture, places: Sequence[float], room: float, colours: Colours
) -> None:
    """Name the dots in a column at their right, in the order of their ratings."""
    named = sorted(zip(picture.dots, places, strict=True), key=lambda each: each[0].rating)
    low, high = axes.get_ylim()
    heights = spread([dot.rating for dot, _ in named], room)
    # The column stays inside the picture; it has room for all of them.
    shift = min(0.0, high - heights[-1]) or max(0.0, low - heights[0])
    for (dot, place), height in zip(named, heights, strict=True):
        axes.annotate(
            fitted(dot.name),
            (place, dot.rating),
            xytext=(NAME_AT, height + shift),
            textcoords=axes.get_yaxis_transform(),
            color=colours.text if dot.best else colours.faint,
            weight="bold" if dot.best else "normal",
            size=SMALL_SIZE,
            family=fonts(),
            va="center",
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": colours.grid, "linewidth": 0.6, "shrinkA": 0},
        )
