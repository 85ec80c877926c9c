"""When two names look the same."""

from __future__ import annotations

import unicodedata

# They have no glyph, and Unicode does not call them format characters or white space.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_BLANK = frozenset("\u2800")


def folded(name: str) -> str:
    """Reduce a name to what a reader can tell from another: no case, no form, no invisible characters."""
    shown = "".join(" " if _is_blank(each) else each for each in name if not _is_invisible(each))
    return " ".join(unicodedata.normalize("NFKC", shown.casefold()).casefold().split())


def _is_invisible(character: str) -> bool:
    variation = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return unicodedata.category(character) == "Cf" or character in _INVISIBLE or variation


def _is_blank(character: str) -> bool:
    return character.isspace() or character in _BLANK or unicodedata.category(character) == "Cc"
