"""Tables in Markdown, which Discord does not draw: as aligned code, and wide ones as a list.

They are read here and not by markdown-it, which takes seconds for one that somebody made for it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from cogs.ui.markdown_reader import FENCE
from cogs.ui.tables import cells, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDEST = 46
"""Letters of a line of code that a phone shows without breaking it."""

MOST_COLUMNS = 12
MOST_CHARACTERS = 3_000
"""Of all tables of a text; further ones stay as they are."""

GAP = "  "
_OF_RULES = " \t:|-"
_BAR = re.compile(r"(?<!\\)\|")
_EMPHASIS = re.compile(r"\*\*|__|~~|`")


class ReadTable(NamedTuple):
    """Rows, the first of which names the columns, and the rule that says how they are aligned."""

    rows: list[list[str]]
    rule: list[str]


def with_tables(text: str) -> str:
    """Put what can be read in place of each table."""
    if "|" not in text:
        return text
    lines = text.split("\n")
    shown: list[str] = []
    at, room, is_code = 0, MOST_CHARACTERS, False
    while at < len(lines):
        line = lines[at]
        is_code ^= FENCE in line and line.lstrip().startswith(FENCE)
        end = _end_of_table(lines, at) if "|" in line and not is_code else at
        if end == at:
            shown.append(line)
            at += 1
            continue
        room -= sum(map(len, lines[at:end]))
        shown += [_drawn(_table(lines[at:end]))] if room >= 0 else lines[at:end]
        at = end
    return "\n".join(shown)


def _is_rule(line: str) -> bool:
    return "-" in line and not line.strip(_OF_RULES)


def _end_of_table(lines: Sequence[str], at: int) -> int:
    """Return behind which line a table ends that begins here; `at` where none does."""
    if at + 1 == len(lines) or not _is_rule(lines[at + 1]):
        return at
    columns = len(_split(lines[at]))
    if columns > MOST_COLUMNS or columns != len(_split(lines[at + 1])):
        return at
    end = at + 2
    while end < len(lines) and "|" in lines[end]:
        end += 1
    return end


def _table(lines: Sequence[str]) -> ReadTable:
    head, rule, *rows = map(_split, lines)
    width = len(head)
    return ReadTable([head, *((row + [""] * width)[:width] for row in rows)], rule)


def _split(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return [each.strip().replace("\\|", "|") for each in _BAR.split(inner)]


def _drawn(table: ReadTable) -> str:
    rows = [[plain(_EMPHASIS.sub("", each)) for each in row] for row in table.rows]
    widths = [max(map(cells, column)) for column in zip(*rows, strict=True)]
    if sum(widths) + len(GAP) * (len(widths) - 1) > WIDEST:
        names, *others = table.rows
        return "\n".join(_listed(names, row) for row in others) or _listed(names, names)
    head, *body = [_line(row, widths, table.rule) for row in rows]
    return "\n".join([FENCE, head, GAP.join("-" * width for width in widths), *body, FENCE])


def _line(row: Sequence[str], widths: Sequence[int], rule: Sequence[str]) -> str:
    return GAP.join(
        _aligned(text, width - cells(text), style)
        for text, width, style in zip(row, widths, rule, strict=True)
    ).rstrip()


def _aligned(text: str, space: int, rule: str) -> str:
    if not rule.endswith(":"):
        return text + " " * space
    left = space // 2 if rule.startswith(":") else space
    return " " * left + text + " " * (space - left)


def _listed(head: Sequence[str], row: Sequence[str]) -> str:
    """Write a row as an entry of a list: its first cell, and the others by the names of their columns."""
    named = zip(head[1:], row[1:], strict=True)
    facts = [f"{name}: {text}" if name else text for name, text in named if text]
    return "- " + " · ".join([row[0] or "…", *facts])
