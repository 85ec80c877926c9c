"""What all pictures share: themes, fonts that have Japanese, bounded names, a typed surface."""

# matplotlib's annotations leave out what its **kwargs may be.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import regex
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font

from bot.pictures.subjects import Theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

DPI = 150
NAME_COLUMNS = 30
"""The width of a name at most; a Latin letter takes one column, a kanji two."""

EDGE = 0.24
TITLE_AT = 0.38
TITLE_SIZE = 15
TEXT_SIZE = 10
SMALL_SIZE = 8

LATIN = "DejaVu Sans"
CJK = ("Noto Sans CJK JP", "IPAexGothic")
"""The first is used where the system has it, for Korean and Chinese too; the second comes with the bot."""

MISSING = "\N{WHITE SQUARE}"
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@dataclass(frozen=True, slots=True)
class Colours:
    """Hues of Okabe and Ito's palette, which people who see colours differently can tell apart."""

    background: str
    text: str
    faint: str
    grid: str
    accent: str
    second: str


COLOURS = {
    Theme.DARK: Colours("#2b2d31", "#f2f3f5", "#a6abb5", "#44474f", "#56b4e9", "#e69f00"),
    Theme.LIGHT: Colours("#ffffff", "#1e1f22", "#62666e", "#dfe1e5", "#0072b2", "#d55e00"),
}


@cache
def fonts() -> list[str]:
    """Return the families of which each character takes the first that has it."""
    known = set(font_manager.get_font_names())
    spec = find_spec("matplotlib_fontja")  # its import would change matplotlib's settings
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for path in Path(folder).rglob("*.ttf"):
            font_manager.fontManager.addfont(path)
            known.add(font_manager.FontProperties(fname=path).get_name())
    return [LATIN, *(family for family in CJK if family in known)]


class Canvas:
    """A picture under way; places on it are inches from its left edge and from its top."""

    def __init__(self, width: float, height: float, theme: Theme) -> None:
        self.colours = COLOURS[theme]
        self._width, self._height = width, height
        self.figure = Figure(figsize=(width, height), dpi=DPI, facecolor=self.colours.background)
        FigureCanvasAgg(self.figure)

    def axes(self, left: float, top: float, right: float, bottom: float) -> Axes:
        """Return bare axes with so many inches around them."""
        across, down = self._width - left - right, self._height - top - bottom
        inside = (
            left / self._width,
            bottom / self._height,
            across / self._width,
            down / self._height,
        )
        axes = self.figure.add_axes(inside, facecolor=self.colours.background)
        for spine in axes.spines.values():
            spine.set_visible(False)
        axes.tick_params(colors=self.colours.faint, labelsize=SMALL_SIZE, length=0)
        return axes

    def title(self, text: str) -> None:
        self.write(EDGE, TITLE_AT, text, self.colours.text, size=TITLE_SIZE)

    def write(self, x: float, y: float, text: str, colour: str, *, size: float = TEXT_SIZE) -> None:
        """Write from `x` on, centred on the height `y`."""
        at = (x / self._width, 1 - y / self._height)
        self.figure.text(*at, text, color=colour, size=size, family=fonts(), va="center")

    def png(self) -> bytes:
        buffer = BytesIO()
        self.figure.savefig(buffer, format="png", dpi=DPI)
        return buffer.getvalue()


def grid(axes: Axes, direction: Literal["x", "y"], colours: Colours) -> None:
    axes.grid(axis=direction, color=colours.grid, linewidth=0.8)
    axes.set_axisbelow(True)


def spread(wanted: Sequence[float], room: float) -> list[float]:
    """Return places next to the wanted ones, in their order, each at least `room` from its neighbours.

    The wanted places ascend. Neighbours that are too close form a block around the middle of what its members
    want; blocks that touch merge (the pool of adjacent violators).
    """
    blocks: list[tuple[float, int]] = []
    for index, place in enumerate(wanted):
        total, count = place - index * room, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            before = blocks.pop()
            total, count = total + before[0], count + before[1]
        blocks.append((total, count))
    starts = [total / count for total, count in blocks for _ in range(count)]
    return [start + index * room for index, start in enumerate(starts)]


def fitted(name: str, columns: int = NAME_COLUMNS) -> str:
    """Return the name as it can be drawn, no wider than so many columns."""
    graphemes: list[str] = regex.findall(r"\X", "".join(map(_drawable, name)))
    if columns_of(name) <= columns:
        return _literal("".join(graphemes))
    room, kept = columns - 1, ""
    for grapheme in graphemes:
        room -= _width(grapheme)
        if room < 0:
            break
        kept += grapheme
    return _literal(kept.rstrip() + "…")


def columns_of(text: str) -> int:
    """Return how wide a text is."""
    return sum(map(_width, regex.findall(r"\X", text)))


def _literal(text: str) -> str:
    """Keep a dollar sign from beginning a formula."""
    return text.replace("$", r"\$")


def _width(grapheme: str) -> int:
    return 2 if unicodedata.east_asian_width(grapheme[0]) in "WF" else 1


def _drawable(character: str) -> str:
    if unicodedata.category(character) in _INVISIBLE:
        return ""
    return character if any(ord(character) in has for has in _glyphs()) else MISSING


@cache
def _glyphs() -> tuple[frozenset[int], ...]:
    """Return the characters that each of the fonts has."""
    paths = [font_manager.findfont(family) for family in fonts()]
    return tuple(frozenset(FT2Font(path).get_charmap()) for path in paths)
