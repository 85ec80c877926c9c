"""A tournament as a bracket: rounds from left to right, each match between the two that lead to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.pictures.canvas import CAPTION, EDGE, SMALL_SIZE, SMALLEST, TEXT_SIZE, Canvas, Letters

if TYPE_CHECKING:
    from bot.pictures.colours import Colours
    from bot.pictures.specs import Bout, BracketPicture, BracketSeat, Highlight

NARROWEST = 8.0
ROUND = 2.6
SUBTITLE_AT = 0.7
ROUNDS_AT = 1.05
ABOVE = 1.25
BELOW = 0.2
SEAT = 0.26
BOUT = 2 * SEAT
SPACE = 0.16
BETWEEN = 0.3
PADDING = 0.07
SEEDS = 0.24
VOTES = 0.34
CHAMPION = 0.68
GAP = 0.14
"""In inches, as everything above."""

NAME = Letters(SMALL_SIZE, SMALLEST)
WINNER = Letters(SMALL_SIZE, SMALLEST, "bold")
CROWNED = Letters(15.0, TEXT_SIZE, "bold")


def draw_bracket(picture: BracketPicture) -> Canvas:
    first = picture.rounds[0].bouts
    down = len(first) * (BOUT + SPACE)
    crown = CHAMPION + GAP if picture.champion else 0.0
    inside = max(NARROWEST, len(picture.rounds) * ROUND) - 2 * EDGE
    canvas = Canvas(inside + 2 * EDGE, ABOVE + down + crown + BELOW, picture.theme)
    canvas.title(picture.title)
    canvas.write(EDGE, SUBTITLE_AT, picture.subtitle, canvas.colours.faint, CAPTION)
    across = (inside + BETWEEN) / len(picture.rounds)
    for number, each in enumerate(picture.rounds):
        left, width = EDGE + number * across, across - BETWEEN
        canvas.write(left, ROUNDS_AT, each.name, canvas.colours.second, CAPTION, room=width)
        height = down / len(each.bouts)
        for slot, bout in enumerate(each.bouts):
            if bout is None:
                continue
            middle = ABOVE + (slot + 0.5) * height
            _draw_bout(canvas, left, middle, width, bout)
            if number + 1 < len(picture.rounds):
                _lead_on(canvas, left + width, middle, ABOVE + (slot // 2 + 0.5) * 2 * height)
    if picture.champion:
        _crown(canvas, ABOVE + down + GAP, inside, picture.champion)
    return canvas


def _draw_bout(canvas: Canvas, left: float, middle: float, width: float, bout: Bout) -> None:
    canvas.panel(left, middle - BOUT / 2, width, BOUT)
    canvas.line([(left, middle), (left + width, middle)], canvas.colours.background)
    for seat, y in ((bout.top, middle - SEAT / 2), (bout.bottom, middle + SEAT / 2)):
        _write_seat(canvas, left, y, width, seat)


def _write_seat(canvas: Canvas, left: float, y: float, width: float, seat: BracketSeat) -> None:
    ink, letters = _ink(seat, canvas.colours), WINNER if seat.is_out is False else NAME
    x, room = left + PADDING + SEEDS, width - 2 * PADDING - SEEDS - VOTES
    if seat.name:
        canvas.write(left + PADDING, y, seat.seed, canvas.colours.faint, CAPTION, room=SEEDS)
        canvas.write(x, y, seat.name, ink, letters, room=room)
    if seat.votes:
        canvas.write(left + width - PADDING, y, seat.votes, ink, letters, room=VOTES, side="right")


def _ink(seat: BracketSeat, colours: Colours) -> str:
    return {None: colours.text, True: colours.faint, False: colours.accent}[seat.is_out]


def _lead_on(canvas: Canvas, x: float, y: float, target: float) -> None:
    """Draw from a match to the one that its winner goes to."""
    reply_in_progress = x + BETWEEN / 2
    canvas.line(
        [(x, y), (reply_in_progress, y), (reply_in_progress, target), (x + BETWEEN, target)],
        canvas.colours.grid,
        1.4,
    )


def _crown(canvas: Canvas, top: float, width: float, champion: Highlight) -> None:
    x, room = EDGE + 2 * PADDING, width - 4 * PADDING
    canvas.panel(EDGE, top, width, CHAMPION)
    canvas.write(x, top + 0.19, champion.label, canvas.colours.second, CAPTION, room=room)
    canvas.write(x, top + 0.46, champion.text, canvas.colours.accent, CROWNED, room=room)
