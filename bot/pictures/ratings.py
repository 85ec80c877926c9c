"""The board as a picture: each model's rating with its interval."""

# matplotlib's annotations leave out what its **kwargs may be.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from bot.pictures.canvas import BOLD, EDGE, TEXT_SIZE, Canvas, grid
from bot.pictures.fonts import NAME_EMS, POINTS, cut, width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from bot.pictures.colours import Colours
    from bot.pictures.specs import Bar, RatingsPicture

WIDTH = 8.0
ROW = 0.31
ABOVE = 0.75
BELOW = 0.65
RANKS = 0.75
NAMES = NAME_EMS * TEXT_SIZE / POINTS
GAP = 0.12
LEFT = EDGE + RANKS + NAMES + GAP
RIGHT = 1.2


def draw_ratings(picture: RatingsPicture) -> Canvas:
    places = list(accumulate(1 + bool(bar.heading) for bar in picture.bars))
    count = places[-1] if places else 0
    canvas = Canvas(WIDTH, ABOVE + BELOW + ROW * count, picture.theme)
    axes = canvas.axes(LEFT, ABOVE, RIGHT, BELOW)
    shown = [(place - 1, bar) for place, bar in zip(places, picture.bars, strict=True)]
    for ranked in (True, False):
        _draw_intervals(axes, shown, canvas.colours, ranked=ranked)
    for place, bar in shown:
        _write(canvas, ABOVE + ROW * (place + 0.5), bar)
        if bar.heading:
            canvas.write(EDGE, ABOVE + ROW * (place - 0.5), bar.heading, canvas.colours.second, BOLD)
    axes.set_ylim(count - 0.5, -0.5)
    axes.set_yticks([])
    grid(axes, "x", canvas.colours)
    axes.locator_params(axis="x", nbins=6)
    canvas.caption(axes, picture.axis)
    canvas.title(picture.title)
    return canvas


def _draw_intervals(axes: Axes, bars: Sequence[tuple[int, Bar]], colours: Colours, *, ranked: bool) -> None:
    """Draw those of the ranked models, or hollow and thin those of the provisional ones."""
    shown = [(place, bar) for place, bar in bars if bool(bar.rank) is ranked]
    colour = colours.accent if ranked else colours.faint
    axes.errorbar(
        [bar.rating for _, bar in shown],
        [place for place, _ in shown],
        xerr=[bar.half_width for _, bar in shown],
        fmt="o",
        color=colour,
        markerfacecolor=colour if ranked else colours.background,
        markersize=6,
        elinewidth=2 if ranked else 1,
        capsize=3,
    )


def _write(canvas: Canvas, y: float, bar: Bar) -> None:
    """Write what stands beside a model's interval: rank and name, then figures."""
    colours = canvas.colours
    ink = colours.text if bar.rank else colours.faint
    note = f" ({bar.note})" if bar.note else ""
    name = cut(bar.name, NAME_EMS - width_of(note)) + note
    canvas.write(EDGE, y, bar.rank, colours.second, BOLD, room=RANKS)
    canvas.write(EDGE + RANKS + NAMES, y, name, ink, side="right", room=NAMES)
    canvas.write(WIDTH - RIGHT + GAP, y, f"{bar.rating:.0f} ± {bar.half_width:.0f}", ink)
