"""Tables of fixed width: columns that stay in line where letters are as wide as two."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import regex

from cogs.ui.markdown_reader import FENCE

if TYPE_CHECKING:
    from collections.abc import Sequence

GAP = "  "
ELLIPSIS = "…"
APOSTROPHE = "\N{MODIFIER LETTER APOSTROPHE}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], first_cells: int) -> str:
    """Lay rows out under their heading; the first column is flush left and at most so many cells wide."""
    lines = [(fitted(first, first_cells), *map(plain, others)) for first, *others in (head, *rows)]
    widths = [max(map(cells, column)) for column in zip(*lines, strict=True)]
    return "\n".join([FENCE, *(_line(line, widths) for line in lines), FENCE])


def cells(text: str) -> int:
    """Return how many columns of a fixed-width font a text takes."""
    if text.isascii():
        return len(text)
    return sum(map(_width, regex.findall(r"\X", text)))


def fitted(text: str, most: int) -> str:
    """Return a text on one line, in at most `most` cells, cut between what the eye sees as letters."""
    text = plain(text)
    if cells(text) <= most:
        return text
    kept, room = "", most - cells(ELLIPSIS)
    for grapheme in regex.findall(r"\X", text):
        room -= _width(grapheme)
        if room < 0:
            break
        kept += grapheme
    return kept.rstrip() + ELLIPSIS


def plain(text: str) -> str:
    """Return what can stand in a code block: one line that neither ends it nor turns its direction."""
    shown = "".join(
        " " if unicodedata.category(character) in {"Cc", "Cs"} else character for character in text
    )
    return " ".join(regex.sub(r"[\u202a-\u202e\u2066-\u2069]", "", shown).split()).replace("`", APOSTROPHE)


def _width(grapheme: str) -> int:
    if "\N{VARIATION SELECTOR-16}" in grapheme:
        return 2
    seen = [each for each in grapheme if unicodedata.category(each) not in {"Mn", "Me", "Cf"}]
    return min(2, sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in seen))


def _line(line: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = ((text, " " * (width - cells(text))) for text, width in zip(line, widths, strict=True))
    return GAP.join(["".join(first), *(space + text for text, space in others)]).rstrip()
