"""Every text that members, moderators and operators read, per language, with its place."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.pofile import read_po

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
LANGUAGES = ("en", "ja")
STATIC = ROOT / "bot" / "playground" / "page" / "static"


def documents(language: str) -> list[Path]:
    """Return the documents of a language; what is not Japanese is English."""
    docs = sorted((ROOT / "docs").rglob("*.md"))
    japanese = [path for path in docs if path.name.endswith(".ja.md")]
    if language == "ja":
        return japanese
    return [ROOT / "README.md", ROOT / "config.example.toml", *(p for p in docs if p not in japanese)]


def copy_of(language: str) -> list[tuple[str, str]]:
    """Return each text with where it stands."""
    found = [(f"{language} catalogue", text) for text in catalogue(language)]
    words = STATIC / f"words-{language}.js"
    found += [(words.name, text) for text in re.findall(r'"([^"\n]*)"', words.read_text(encoding="utf-8"))]
    for path in documents(language):
        found += [(f"{path.relative_to(ROOT)}:{number}", line) for number, line in prose(path)]
    return found


def prose(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the numbered lines outside code blocks, without addresses; code in a line becomes `x`."""
    fenced = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("```"):
            fenced = not fenced
        elif not fenced and not line.startswith("    "):
            plain = re.sub(r"`[^`]+`", "`x`", line)
            yield number, re.sub(r"\]\([^)]*\)|https?://\S+", "]", plain)


def catalogue(language: str) -> Iterator[str]:
    """Yield the English that the code says, or what a translation says in its place."""
    path = ROOT / "bot" / "locales" / language / "LC_MESSAGES" / "arena.po"
    with path.open("rb") as file:
        for message in read_po(file, locale=language):
            if message.id:
                said = (message.id if language == "en" else message.string) or ""
                yield from (said,) if isinstance(said, str) else said
