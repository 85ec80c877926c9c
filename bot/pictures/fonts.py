"""Fonts that have Japanese, and texts that are measured and cut before they are drawn."""

# matplotlib's annotations leave out what its **kwargs may be.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import unicodedata
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import regex
from matplotlib import font_manager, rcParams
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font, LoadFlags

from bot.pictures.emoji import EMOJI_SELECTOR, TEXT_SELECTOR, can_draw, ems_of, is_emoji, may_have_emoji

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

POINTS = 72
"""So many to the inch."""

FIXED_POINT = 65536
"""By which the font library multiplies widths, to count them in whole numbers."""

SLACK = 0.01
"""In inches, by which rounding may not cut a name that fits."""

DIGITS = 4
"""To which widths are rounded: they are a little off the whole ones that they mean."""

NAME_EMS = 18.0
"""The width of a name at most, in heights of its letters: as many kanji, or some thirty Latin letters."""

LATIN = "DejaVu Sans"
CJK = ("Noto Sans CJK JP", "IPAexGothic")
"""The first is used where the system has it, for Korean and Chinese too; the second comes with the bot."""

ELLIPSIS = "…"
MISSING = "\N{WHITE SQUARE}"
_SELECTORS = {TEXT_SELECTOR, EMOJI_SELECTOR}
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

Weight = Literal["normal", "bold"]


@cache
def fonts() -> list[str]:
    """Return the families of which each character takes the first that has it."""
    rcParams["text.hinting"] = "none"  # which would make letters wider than they are measured
    known = set(font_manager.get_font_names())
    spec = find_spec("matplotlib_fontja")  # its import would change matplotlib's settings
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for path in Path(folder).rglob("*.ttf"):
            known.add(_add_font(path))
    return [LATIN, *(family for family in CJK if family in known)]


def _add_font(path: Path) -> str:
    """Make a font known that has one weight only, which then stands in for bold letters too."""
    manager = font_manager.fontManager
    manager.addfont(path)
    manager.ttflist.append(replace(manager.ttflist[-1], weight="bold"))
    return manager.ttflist[-1].name


class TextRun(NamedTuple):
    """A part of a text that is drawn at once: letters, or one emoji, and where it begins."""

    text: str
    begin: float
    """In heights of letters."""
    in_colour: bool


def fitted(name: str, ems: float = NAME_EMS, weight: Weight = "normal") -> str:
    """Return the name for matplotlib, no wider than so many heights of its letters."""
    return literal(cut(name, ems, weight))


def literal(text: str) -> str:
    # A dollar sign would begin a formula.
    return text.replace("$", r"\$")


def cut(text: str, ems: float, weight: Weight = "normal") -> str:
    """Return what can be drawn of the text within so many heights of its letters."""
    drawable = "".join(map(_drawable, _pieces(text)))
    if width_of(drawable, weight) <= ems:
        return drawable
    room, kept = ems - width_of(ELLIPSIS, weight), ""
    for grapheme in regex.findall(r"\X", drawable):
        room -= width_of(grapheme, weight)
        if room < 0:
            break
        kept += grapheme
    return kept.rstrip() + ELLIPSIS


def width_of(text: str, weight: Weight = "normal") -> float:
    """Return how wide what can be drawn of a text is, in heights of its letters."""
    return sum(_width(piece, weight) for piece in _pieces(text))


def widest(names: Iterable[str], size: float) -> float:
    """Return how many inches the widest of the names takes, each cut where it is too long."""
    return max((width_of(cut(name, NAME_EMS)) for name in names), default=0.0) * size / POINTS + SLACK


def runs(drawable: str, weight: Weight = "normal") -> list[TextRun]:
    """Return the parts of a text from left to right; what is read leftwards begins at the right."""
    parts: list[tuple[bool, str]] = []
    for piece in _pieces(drawable):
        in_colour = _in_colour(piece)
        if in_colour or not parts or parts[-1][0]:
            parts.append((in_colour, piece))
        else:
            parts[-1] = (False, parts[-1][1] + piece)
    if _reads_leftwards(drawable):
        parts = [(in_colour, _turned(text)) for in_colour, text in reversed(parts)]
    widths = [width_of(text, weight) for _, text in parts]
    begins = accumulate(widths, initial=0.0)
    return [TextRun(text, begin, in_colour) for (in_colour, text), begin in zip(parts, begins, strict=False)]


def _turned(text: str) -> str:
    """Put the space before a part that is read rightwards behind it, where its neighbour is now."""
    begin = text.lstrip(" ")
    return text if _reads_leftwards(text) else begin + " " * (len(text) - len(begin))


def _reads_leftwards(text: str) -> bool:
    directions = map(unicodedata.bidirectional, text)
    return next((each for each in directions if each in {"L", "R", "AL"}), "L") != "L"


def _pieces(text: str) -> Sequence[str]:
    """Return the characters, or where there may be emoji the graphemes."""
    return regex.findall(r"\X", text) if may_have_emoji(text) else text


def _in_colour(piece: str) -> bool:
    """Tell whether it is an emoji, or a sign that no other font has."""
    if piece.isascii():
        return False
    return is_emoji(piece) or (not _has(piece[0]) and can_draw(piece))


def _drawable(piece: str) -> str:
    if len(piece) > 1 or may_have_emoji(piece):
        return piece if _in_colour(piece) else "".join(map(_drawable_character, piece))
    return _drawable_character(piece)


def _drawable_character(character: str) -> str:
    if unicodedata.category(character) in _INVISIBLE or character in _SELECTORS:
        return ""
    return character if _has(character) else MISSING


def _width(piece: str, weight: Weight) -> float:
    if (len(piece) > 1 or may_have_emoji(piece)) and _in_colour(piece):
        return ems_of(piece)
    return sum(_advance(character, weight) for character in _drawable(piece))


def _has(character: str) -> bool:
    return any(ord(character) in has for _, has in _faces("normal"))


@cache
def _advance(character: str, weight: Weight) -> float:
    face = next(face for face, has in _faces(weight) if ord(character) in has)
    glyph = face.load_char(ord(character), LoadFlags.NO_HINTING)
    return round(glyph.linearHoriAdvance / FIXED_POINT / POINTS, DIGITS)


@cache
def _faces(weight: Weight) -> tuple[tuple[FT2Font, frozenset[int]], ...]:
    """Return each of the fonts, at one dot to the point, and the characters that it has."""
    faces: list[tuple[FT2Font, frozenset[int]]] = []
    for family in fonts():
        face = FT2Font(font_manager.findfont(FontProperties(family=family, weight=weight)))
        face.set_size(POINTS, POINTS)
        faces.append((face, frozenset(face.get_charmap())))
    return tuple(faces)
