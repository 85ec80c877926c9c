"""The board as a picture: each model's rating with its interval."""

# matplotlib's annotations leave out what its **kwargs may be.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from bot.pictures.canvas import BOLD, EDGE, HEAD, TEXT_SIZE, Canvas, grid
from bot.pictures.fonts import NAME_EMS, POINTS, cut, width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from bot.pictures.colours import Colours
    from bot.pictures.specs import Bar, RatingsPicture

WIDTH = 8.0
ROW = 0.31
BELOW = 0.65
GAP = 0.12
FIGURES = 1.2


def draw_ratings(picture: RatingsPicture) -> Canvas:
    places = list(accumulate(1 + bool(bar.heading) for bar in picture.bars))
    count = places[-1] if places else 0
    canvas = Canvas(WIDTH, HEAD + BELOW + ROW * count, picture.theme)
    ranks, names = _widths(picture.bars)
    axes = canvas.axes(EDGE + ranks + names + GAP, HEAD, FIGURES, BELOW)
    shown = [(place - 1, bar) for place, bar in zip(places, picture.bars, strict=True)]
    for ranked in (True, False):
        _draw_intervals(axes, shown, canvas.colours, ranked=ranked)
    for place, bar in shown:
        _write(canvas, HEAD + ROW * (place + 0.5), bar, ranks, names)
        if bar.heading:
            canvas.write(EDGE, HEAD + ROW * (place - 0.5), bar.heading, canvas.colours.second, BOLD)
    axes.set_ylim(count - 0.5, -0.5)
    axes.set_yticks([])
    grid(axes, "x", canvas.colours)
    axes.locator_params(axis="x", nbins=6)
    canvas.caption(axes, picture.axis)
    canvas.head(picture.title, picture.imprint)
    return canvas


def _widths(bars: Sequence[Bar]) -> tuple[float, float]:
    """Return how many inches the ranks and the names take: what is not needed goes to the intervals."""
    ranks = max((width_of(bar.rank, "bold") for bar in bars), default=0.0)
    names = max((width_of(_shown_name(bar)) for bar in bars), default=0.0)
    inch = TEXT_SIZE / POINTS
    return ranks * inch + GAP, names * inch


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


def _shown_name(bar: Bar) -> str:
    note = f" ({bar.note})" if bar.note else ""
    return cut(bar.name, NAME_EMS - width_of(note)) + note


def _write(canvas: Canvas, y: float, bar: Bar, ranks: float, names: float) -> None:
    """Write what stands beside a model's interval: rank and name, then figures."""
    colours = canvas.colours
    ink = colours.text if bar.rank else colours.faint
    canvas.write(EDGE, y, bar.rank, colours.second, BOLD, room=ranks)
    canvas.write(EDGE + ranks, y, _shown_name(bar), ink, room=names)
    canvas.write(WIDTH - FIGURES + GAP, y, f"{bar.rating:.0f} ± {bar.half_width:.0f}", ink)
