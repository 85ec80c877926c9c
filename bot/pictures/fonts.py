"""Fonts that have Japanese, and texts that are measured and cut before they are drawn."""

# matplotlib's annotations leave out what its **kwargs may be.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import unicodedata
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import regex
from matplotlib import font_manager, rcParams
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font, LoadFlags

POINTS = 72
"""So many to the inch."""

FIXED_POINT = 65536
"""By which the font library multiplies widths, to count them in whole numbers."""

DIGITS = 4
"""To which widths are rounded: they are a little off the whole ones that they mean."""

NAME_EMS = 18.0
"""The width of a name at most, in heights of its letters: as many kanji, or some thirty Latin letters."""

LATIN = "DejaVu Sans"
CJK = ("Noto Sans CJK JP", "IPAexGothic")
"""The first is used where the system has it, for Korean and Chinese too; the second comes with the bot."""

ELLIPSIS = "…"
MISSING = "\N{WHITE SQUARE}"
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


def fitted(name: str, ems: float = NAME_EMS, weight: Weight = "normal") -> str:
    """Return the name for matplotlib, no wider than so many heights of its letters."""
    # A dollar sign would begin a formula.
    return cut(name, ems, weight).replace("$", r"\$")


def cut(text: str, ems: float, weight: Weight = "normal") -> str:
    """Return what can be drawn of the text within so many heights of its letters."""
    drawable = "".join(map(_drawable, text))
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
    return sum(_advance(character, weight) for character in map(_drawable, text) if character)


def _drawable(character: str) -> str:
    if unicodedata.category(character) in _INVISIBLE:
        return ""
    return character if any(ord(character) in has for _, has in _faces("normal")) else MISSING


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
