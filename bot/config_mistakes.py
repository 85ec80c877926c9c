"""What is said of a mistake in `config.toml`: the line, the place, and what could be meant."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from msgspec.inspect import LiteralType, StructType, UnionType, VarTupleType, type_info

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from msgspec import ValidationError
    from msgspec.inspect import Type

UNKNOWN_FIELD = re.compile(r"unknown field `([^`]+)`")
INVALID_VALUE = re.compile(r"Invalid (?:enum )?value '([^']*)'")
STEP = re.compile(r"\.?(\w+)|\[(\d+)\]")
TABLE = re.compile(r"^\s*\[\[?\s*([\w.\"-]+)\s*\]\]?")


def line_of(exc: ValidationError, text: str) -> int | None:
    """Return the line of the file that is meant, from 1; `None` where it is not found."""
    reason, steps = _parts(exc)
    if unknown := UNKNOWN_FIELD.search(reason):
        steps = [*steps, unknown[1]]
    lines = text.splitlines()
    table, *rest = steps or [""]
    wanted = int(rest.pop(0)) if rest and rest[0].isdecimal() else 0
    headers = [at for at, line in enumerate(lines) if (found := TABLE.match(line)) and found[1] == table]
    if wanted >= len(headers):
        return _line_with(lines, 0, table)
    return (_line_with(lines, headers[wanted] + 1, rest[0]) if rest else None) or headers[wanted] + 1


def hint(exc: ValidationError, kind: object) -> str:
    """Name what could be meant in the place of a word that is not known there; empty: nothing to name."""
    reason, steps = _parts(exc)
    if unknown := UNKNOWN_FIELD.search(reason):
        known = _fields(_at(type_info(kind), steps))
        return _alike(unknown[1], known)
    if (invalid := INVALID_VALUE.search(reason)) and steps:
        return _alike(invalid[1], _values(type_info(kind), steps))
    return ""


def _parts(exc: ValidationError) -> tuple[str, list[str]]:
    """Return the reason, and the way to the place: tables, numbers of tables, fields."""
    reason, _, path = str(exc).partition(" - at `$")
    return reason, [name or number for name, number in STEP.findall(path.rstrip("`"))]


def _line_with(lines: list[str], first: int, key: str) -> int | None:
    """Find where a key is set, before the next table begins."""
    for at, line in enumerate(lines[first:], first + 1):
        if TABLE.match(line):
            return None
        if re.match(rf"\s*\"?{re.escape(key)}\"?\s*=", line):
            return at
    return None


def _alike(word: str, known: Iterable[str]) -> str:
    names = list(dict.fromkeys(known))
    if found := get_close_matches(word, names, 1):
        return f"Did you mean {found[0]}?"
    return f"It can be: {', '.join(names)}" if names else ""


def _at(info: Type, steps: list[str]) -> list[Type]:
    """Return the types that may stand at a place."""
    if isinstance(info, UnionType):
        return [found for each in info.types for found in _at(each, steps)]
    if not steps:
        return [info]
    if isinstance(info, VarTupleType):
        return _at(info.item_type, steps[1:])
    if isinstance(info, StructType):
        inner = [field.type for field in info.fields if field.encode_name == steps[0]]
        return [found for each in inner for found in _at(each, steps[1:])]
    return []


def _fields(infos: Iterable[Type]) -> Iterator[str]:
    for info in infos:
        if isinstance(info, StructType):
            yield from filter(None, [info.tag_field, *(field.encode_name for field in info.fields)])


def _values(info: Type, steps: list[str]) -> Iterator[str]:
    for each in _at(info, steps):
        if isinstance(each, LiteralType):
            yield from map(str, each.values)
    for struct in _at(info, steps[:-1]):
        if isinstance(struct, StructType) and struct.tag_field == steps[-1]:
            yield str(struct.tag)
