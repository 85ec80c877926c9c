"""A week at a glance: what there was of it in figures, what stood out, and who moved."""

# matplotlib's annotations leave out what its **kwargs may be.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.pictures.canvas import BOLD, CAPTION, EDGE, HEAD, SMALLEST, TEXT_SIZE, Canvas, Letters, grid
from bot.pictures.fonts import widest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from bot.pictures.colours import Colours
    from bot.pictures.specs import Fact, Highlight, Mover, RecapPicture

WIDTH = 8.0
INSIDE = WIDTH - 2 * EDGE
ABOVE = HEAD
GAP = 0.12
PADDING = 0.16
FACT_HEIGHT = 0.95
HIGHLIGHT_HEIGHT = 0.68
ROW = 0.34
TICKS = 0.3
BELOW = 0.12
CHANGES = 0.75
"""In inches, as everything above."""

MOST_IN_A_ROW = 4
FACTS_IN_A_ROW = 3
FIGURE = Letters(24.0, TEXT_SIZE, "bold")
LABEL = Letters(TEXT_SIZE, SMALLEST)
HIGHLIGHT = Letters(12.0, TEXT_SIZE)
DOT_SIZE, TIP_SIZE = 6.0, 8.0
FLATTEST = 20.0
"""So many points are shown at least, lest noise looks like movement."""


def draw_recap(picture: RecapPicture) -> Canvas:
    rows = _rows(picture.facts)
    facts = len(rows) * (FACT_HEIGHT + GAP)
    highlights = len(picture.highlights) * (HIGHLIGHT_HEIGHT + GAP)
    movers = GAP + len(picture.movers) * ROW + TICKS if picture.movers else 0.0
    canvas = Canvas(WIDTH, ABOVE + facts + highlights + movers + BELOW, picture.theme)
    canvas.head(picture.title, picture.imprint)
    for index, row in enumerate(rows):
        _write_facts(canvas, ABOVE + index * (FACT_HEIGHT + GAP), row)
    for index, highlight in enumerate(picture.highlights):
        _write_highlight(canvas, ABOVE + facts + index * (HIGHLIGHT_HEIGHT + GAP), highlight)
    if picture.movers:
        _draw_movers(canvas, ABOVE + facts + highlights + GAP, picture.movers)
    return canvas


def _rows(facts: Sequence[Fact]) -> list[Sequence[Fact]]:
    across = FACTS_IN_A_ROW if len(facts) > MOST_IN_A_ROW else MOST_IN_A_ROW
    return [facts[first : first + across] for first in range(0, len(facts), across)]


def _write_facts(canvas: Canvas, top: float, facts: Sequence[Fact]) -> None:
    colours, width = canvas.colours, (INSIDE + GAP) / len(facts) - GAP
    for index, fact in enumerate(facts):
        left = EDGE + index * (width + GAP)
        x, room = left + PADDING, width - 2 * PADDING
        canvas.panel(left, top, width, FACT_HEIGHT)
        canvas.write(x, top + 0.37, fact.figure, colours.text, FIGURE, room=room)
        canvas.write(x, top + 0.73, fact.label, colours.faint, LABEL, room=room)


def _write_highlight(canvas: Canvas, top: float, highlight: Highlight) -> None:
    colours, x, room = canvas.colours, EDGE + PADDING, INSIDE - 2 * PADDING
    canvas.panel(EDGE, top, INSIDE, HIGHLIGHT_HEIGHT)
    canvas.write(x, top + 0.19, highlight.label, colours.second, CAPTION, room=room)
    canvas.write(x, top + 0.46, highlight.text, colours.text, HIGHLIGHT, room=room)


def _draw_movers(canvas: Canvas, top: float, movers: Sequence[Mover]) -> None:
    """Draw an arrow from each model's rating to its new one, between its name and the change."""
    colours = canvas.colours
    names = widest((mover.name for mover in movers), TEXT_SIZE)
    axes = canvas.axes(EDGE + names + 2 * GAP, top, EDGE + CHANGES + GAP, BELOW + TICKS)
    _scale(axes, movers)
    grid(axes, "x", colours)
    for place, mover in enumerate(movers):
        y, change = top + (place + 0.5) * ROW, round(mover.after) - round(mover.before)
        _draw_arrow(axes, place, mover, change, colours)
        canvas.write(EDGE, y, mover.name, colours.text, room=names)
        canvas.write(
            WIDTH - EDGE, y, _signed(change), _ink(change, colours), BOLD, room=CHANGES, side="right"
        )


def _scale(axes: Axes, movers: Sequence[Mover]) -> None:
    ratings = [rating for mover in movers for rating in (mover.before, mover.after)]
    middle, half = (max(ratings) + min(ratings)) / 2, max(max(ratings) - min(ratings), FLATTEST) / 2
    axes.set_xlim(middle - 1.1 * half, middle + 1.1 * half)
    axes.set_ylim(len(movers) - 0.5, -0.5)
    axes.locator_params(axis="x", nbins=6, integer=True)
    axes.set_yticks([])


def _draw_arrow(axes: Axes, place: int, mover: Mover, change: int, colours: Colours) -> None:
    """Draw from a hollow dot to a tip, which shows the direction without colour."""
    ink = _ink(change, colours)
    axes.plot((mover.before, mover.after), (place, place), color=ink, linewidth=2)
    paper = colours.background
    axes.plot(mover.before, place, "o", color=colours.faint, markerfacecolor=paper, markersize=DOT_SIZE)
    if change:
        axes.plot(mover.after, place, ">" if change > 0 else "<", color=ink, markersize=TIP_SIZE)


def _ink(change: int, colours: Colours) -> str:
    if not change:
        return colours.faint
    return colours.accent if change > 0 else colours.second


def _signed(change: int) -> str:
    return f"{change:+,}".replace("-", "\N{MINUS SIGN}") if change else "±0"
