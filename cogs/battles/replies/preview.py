"""What a card shows of two replies: a short one whole, of long ones beginnings of one height."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.battle import Side
from cogs.battles.replies.presented import presented
from cogs.ui.markdown import beginning, close
from cogs.ui.markdown_reader import FENCE
from cogs.ui.sanitize import sanitize
from cogs.ui.tables import cells

if TYPE_CHECKING:
    from collections.abc import Mapping

SHORT = 800
"""Characters up to which a reply is shown whole: to hide a sentence or two would save nobody anything."""

SHOWN = 700
"""Characters of a longer one, at most."""

MOST_LINES = 30
"""Of a card's reply, even a short one."""

PREVIEW_LINES = 18
"""Of a longer one, at most: in Japanese these are fewer characters."""

LINE_CELLS = 44
"""Letters of one line, wide ones counted twice: more on a screen, fewer on a phone."""

READ_LIMIT = 4 * SHORT
"""Characters of a reply that a card looks at: the rest is not shown, and reading it takes time."""

ELLIPSIS = "…"
ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Preview:
    """What is shown of a reply, and how many characters follow it."""

    text: str
    hidden: int = 0


def preview(text: str) -> Preview:
    """Show one text, whole or its beginning."""
    return previews({Side.A: text})[Side.A]


def previews(replies: Mapping[Side, str]) -> dict[Side, Preview]:
    """Show short replies whole, and of the long ones equally many lines."""
    texts = {side: close(sanitize(presented(reply[:READ_LIMIT]))).strip() for side, reply in replies.items()}
    lengths = {side: len(texts[side]) + max(0, len(reply) - READ_LIMIT) for side, reply in replies.items()}
    long = {side: text for side, text in texts.items() if _is_long(text, lengths[side])}
    most = min((_height(beginning(text, SHOWN)[0]) for text in long.values()), default=0)
    ends = _of_one_height(long, max(1, min(most, PREVIEW_LINES)))
    return {
        side: _preview(text, ends[side], lengths[side]) if side in ends else Preview(text)
        for side, text in texts.items()
    }


def _is_long(text: str, length: int) -> bool:
    return length > SHORT or _height(text) > MOST_LINES


def _preview(text: str, end: int, length: int) -> Preview:
    shown, end = beginning(text, end)
    is_code = shown.endswith(FENCE)
    return Preview(shown if is_code else shown + ELLIPSIS, max(1, length - end))


def _of_one_height(texts: Mapping[Side, str], most: int) -> dict[Side, int]:
    """Return where each text is to be cut so that all are equally high, at most so many lines."""
    for _round in range(ROUNDS):
        heights = {_height(beginning(text, _end(text, most))[0]) for text in texts.values()}
        if len(heights) <= 1 or most == 1:
            break
        most = min(heights) if min(heights) < most else most - 1
    return {side: _end(text, most) for side, text in texts.items()}


def _end(text: str, most: int) -> int:
    return min(SHOWN, _end_of_line(text, most))


def _height(text: str) -> int:
    return sum(map(_lines, text.split("\n")))


def _lines(line: str) -> int:
    """Return how many lines on screen one of a text takes; the fences of code are not shown."""
    return 0 if line.startswith(FENCE) else max(1, -(-cells(line) // LINE_CELLS))


def _end_of_line(text: str, most: int) -> int:
    """Return where the line ends that is the last of so many."""
    end = 0
    for line in text.split("\n"):
        lines = _lines(line)
        if lines > most:
            return end + _fitting(line, most * LINE_CELLS)
        most -= lines
        end += len(line) + 1
    return len(text)


def _fitting(line: str, room: int) -> int:
    """Return how many characters of a line take so many cells."""
    least, most = 0, min(len(line), room)
    while least < most:
        middle = (least + most + 1) // 2
        least, most = (middle, most) if cells(line[:middle]) <= room else (least, middle - 1)
    return least
