"""The gettext catalogues, read from their `.po` files, so that no build step can leave them stale."""

from __future__ import annotations

import gettext
import io
import re
import struct
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LANGUAGES = ("en", "ja")
DEFAULT = "en"

Translations: TypeAlias = gettext.NullTranslations

MO_MAGIC = 0x950412DE
MO_HEADER = struct.Struct("<7I")
MO_ENTRY = struct.Struct("<2I")
ESCAPED = re.compile(r"\\(.)")


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translated later"
    """Mark a message for the catalogue where it is not yet known who will read it."""
    return message


def translations(locale: str | None) -> Translations:
    """Return the catalogue for a Discord locale such as `ja` or `en-GB`; English where there is none."""
    return _load(language_of(locale))


def language_of(locale: str | None) -> str:
    language = (locale or DEFAULT).partition("-")[0]
    return language if language in LANGUAGES else DEFAULT


@cache
def _load(language: str) -> Translations:
    source = resources.files("bot") / "locales" / language / "LC_MESSAGES" / "arena.po"
    messages = read_po(source.read_text(encoding="utf-8").splitlines())
    return gettext.GNUTranslations(io.BytesIO(_compiled(messages)))


def read_po(lines: Iterable[str]) -> dict[str, str]:
    """Return the messages of a catalogue as a `.mo` file has them, with NUL between singular and plural.

    Of the format it knows what is in ours, for Babel, which knows all, takes long to load.
    """
    messages: dict[str, str] = {}
    parts: list[list[str]] = [[], []]
    text = parts[0]
    for line in [*lines, 'msgid ""']:
        keyword, quote, rest = line.partition('"')
        match keyword.strip():
            case "msgid":
                _keep(messages, parts)
                parts = [[], []]
                text = parts[0]
            case "msgid_plural":
                text.append("\0")
            case "msgstr" | "msgstr[0]":
                text = parts[1]
            case "":
                pass
            case keyword if keyword.startswith("msgstr["):
                text.append("\0")
            case _:
                continue  # a comment
        if quote:
            text.append(ESCAPED.sub(_unescaped, rest.rstrip().removesuffix('"')))
    return messages


def _unescaped(found: re.Match[str]) -> str:
    return {"n": "\n", "t": "\t", "r": "\r"}.get(found[1], found[1])


def _keep(messages: dict[str, str], parts: Iterable[Iterable[str]]) -> None:
    message, translation = map("".join, parts)
    if translation.strip("\0"):
        messages[message] = translation


def _compiled(messages: Mapping[str, str]) -> bytes:
    """Return the catalogue as a `.mo` file, the form that Python's gettext reads."""
    pairs = sorted((source.encode(), target.encode()) for source, target in messages.items())
    texts = [source for source, _ in pairs] + [target for _, target in pairs]
    offset = MO_HEADER.size + MO_ENTRY.size * len(texts)
    header = MO_HEADER.pack(
        MO_MAGIC, 0, len(pairs), MO_HEADER.size, MO_HEADER.size + MO_ENTRY.size * len(pairs), 0, offset
    )
    entries: list[bytes] = []
    for text in texts:
        entries.append(MO_ENTRY.pack(len(text), offset))
        offset += len(text) + 1
    return header + b"".join(entries) + b"".join(text + b"\0" for text in texts)
