"""What is said of a mistake in `config.toml`: the line, the place, what is wrong, and what could be meant."""

from __future__ import annotations

import re
import tomllib
from difflib import get_close_matches
from typing import TYPE_CHECKING, cast

from msgspec.inspect import LiteralType, StructType, UnionType, VarTupleType, type_info

from bot.config_mistakes.places import line_of
from bot.config_mistakes.words import INVALID, UNKNOWN, in_words, of_syntax

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from msgspec import DecodeError, ValidationError
    from msgspec.inspect import Type

    from bot.config_mistakes.places import Path

FEW = 10
"""Words that are listed although one of them seems to be meant."""

STEP = re.compile(r"\.?(\w+)|\[(\d+)\]")


def report(exc: ValidationError, text: str, source: str, kind: object) -> str:
    """Say it in one line; `kind` is the struct that the text was to be."""
    reason, path = _parts(exc)
    unknown = UNKNOWN.search(reason)
    place = placed(source, (*path, unknown[1]) if unknown else path, text)
    known = _Known(type_info(kind), text)
    hint = known.fields_for(unknown[1], path) if unknown else known.values_for(reason, path)
    return ". ".join(filter(None, [f"{place}: {_title(path, text)}{in_words(reason)}", hint]))


def report_syntax(exc: DecodeError, source: str) -> str:
    """Say what is no TOML, with the line that its reader names."""
    said, _, place = str(exc).partition(" (at ")
    line = re.match(r"line [0-9]+", place)
    return f"{source}{f', {line[0]}' if line else ''}: not valid TOML: {of_syntax(said)}"


def reason_of(exc: ValidationError) -> str:
    """Say it of one model alone, which stands in no file: `base_url: must be …`."""
    reason, path = _parts(exc)
    return f"{'.'.join(path)}: {in_words(reason)}" if path else in_words(reason)


def placed(source: str, path: Path, text: str) -> str:
    line = line_of(path, text)
    return source if line is None else f"{source}, line {line}"


def _parts(exc: ValidationError) -> tuple[str, Path]:
    """Return the reason, and the way to the place."""
    reason, _, path = str(exc).partition(" - at `$")
    return reason, tuple(name or number for name, number in STEP.findall(path.rstrip("`")))


def _title(path: Path, text: str) -> str:
    """Write `[[models]] 2 (Quillon) base_url: ` for the way there."""
    match path:
        case ():
            return ""
        case ("models", number, *rest):
            name = _model(int(number), text).get("name")
            head = f"[[models]] {int(number) + 1}" + (f" ({name})" if isinstance(name, str) and name else "")
        case (table, *rest):
            head = f"[{table}]"
        case _:
            raise AssertionError
    return " ".join([head, *([_joined(rest)] if rest else [])]) + ": "


def _joined(steps: Iterable[str]) -> str:
    """Write the fields on the way, and the items of a list with numbers from 1."""
    first, *others = steps
    return first + "".join(f", item {int(each) + 1}" if each.isdecimal() else f".{each}" for each in others)


def _model(number: int, text: str) -> dict[str, object]:
    models = cast("object", tomllib.loads(text).get("models"))
    return cast("list[dict[str, object]]", models)[number] if isinstance(models, list) else {}


class _Known:
    """What the types of the file would take at a place."""

    def __init__(self, info: Type, text: str) -> None:
        self._info = info
        self._text = text

    def fields_for(self, word: str, path: Path) -> str:
        """Name the field that is meant, or whose it is."""
        structs = [each for each in _at(self._info, path) if isinstance(each, StructType)]
        here = [each for each in structs if self._is_meant(each, path)] or structs
        others = [str(each.tag) for each in structs if each not in here and word in _fields([each])]
        if others:
            return f"It belongs to protocol {' or '.join(others)}"
        return _alike(word, _fields(here))

    def values_for(self, reason: str, path: Path) -> str:
        invalid = INVALID.search(reason)
        if path == ("models",):
            return "Each model begins with a line [[models]], in two brackets"
        return _alike(invalid[1], _values(self._info, path)) if invalid and path else ""

    def _is_meant(self, struct: StructType, path: Path) -> bool:
        """Tell whether a table says of itself that it is of this kind."""
        if struct.tag_field is None or path[:1] != ("models",):
            return True
        return _model(int(path[1]), self._text).get(struct.tag_field) == struct.tag


def _alike(word: str, known: Iterable[str]) -> str:
    names = list(dict.fromkeys(known))
    meant = [f"Did you mean {found}?" for found in get_close_matches(word, names, 1)]
    listed = names if not meant or len(names) <= FEW else []
    return " ".join([*meant, *([f"It can be: {', '.join(listed)}"] if listed else [])])


def _at(info: Type, path: Path) -> list[Type]:
    """Return the types that may stand at a place."""
    if isinstance(info, UnionType):
        return [found for each in info.types for found in _at(each, path)]
    if not path:
        return [info]
    if isinstance(info, VarTupleType):
        return _at(info.item_type, path[1:])
    if isinstance(info, StructType):
        inner = [field.type for field in info.fields if field.encode_name == path[0]]
        return [found for each in inner for found in _at(each, path[1:])]
    return []


def _fields(infos: Iterable[Type]) -> Iterator[str]:
    for info in infos:
        if isinstance(info, StructType):
            yield from filter(None, [info.tag_field, *(field.encode_name for field in info.fields)])


def _values(info: Type, path: Path) -> Iterator[str]:
    for each in _at(info, path):
        if isinstance(each, LiteralType):
            yield from map(str, each.values)
    for struct in _at(info, path[:-1]):
        if isinstance(struct, StructType) and struct.tag_field == path[-1]:
            yield str(struct.tag)
