"""Where in the text of a TOML file each of its tables and keys stands."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

Path: TypeAlias = tuple[str, ...]
"""Tables, numbers of tables from 0, and keys: `("models", "1", "base_url")`."""

KEY = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
DOTTED = rf"{KEY}(?:\s*\.\s*{KEY})*"
HEADER = re.compile(rf"^\s*(\[\[?)\s*({DOTTED})\s*\]\]?")
ASSIGNED = re.compile(rf"^\s*({DOTTED})\s*=(.*)")
QUOTES = re.compile(r'"""|' + "'''")


def line_of(path: Path, text: str) -> int | None:
    """Return the line of the key, from 1, or of the nearest thing around it; `None` where there is none."""
    lines: dict[Path, int] = {}
    for found, number in _places(text):
        lines.setdefault(found, number)
    around = (path[:length] for length in range(len(path), 0, -1))
    return next((lines[each] for each in around if each in lines), None)


def _places(text: str) -> Iterator[tuple[Path, int]]:
    table, tables, is_quoting = Path(), Counter[Path](), False
    for number, line in enumerate(text.splitlines(), start=1):
        if is_quoting:
            is_quoting ^= len(QUOTES.findall(line)) % 2 == 1
        elif header := HEADER.match(line):
            table = _numbered(_keys(header[2]), tables)
            if header[1] == "[[":
                tables[table] += 1
                yield table, number
                table = (*table, str(tables[table] - 1))
            yield table, number
        elif assigned := ASSIGNED.match(line):
            path = (*table, *_keys(assigned[1]))
            for length in range(len(table) + 1, len(path) + 1):
                yield path[:length], number
            is_quoting = len(QUOTES.findall(assigned[2])) % 2 == 1


def _keys(dotted: str) -> Path:
    return tuple(each.strip("\"'") for each in re.findall(KEY, dotted))


def _numbered(keys: Path, tables: Counter[Path]) -> Path:
    """Put the number of the last one behind each key that names one of several tables."""
    path = Path()
    for place, key in enumerate(keys, start=1):
        path = (*path, key)
        if place < len(keys) and tables[path]:
            path = (*path, str(tables[path] - 1))
    return path
