"""Emoji in colour, by Pillow and a font that comes with the bot: matplotlib draws in one colour alone."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import regex
from matplotlib.ft2font import FT2Font
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from numpy.typing import NDArray

FONT = Path(__file__).with_name("twemoji") / "twemoji.ttf"
MEASURED_AT = 64
DISTANCE = 0.15
"""Between an emoji and its neighbours, in heights of letters."""

KEPT = 512
"""Glyphs of some 3 kB each."""

TEXT_SELECTOR, EMOJI_SELECTOR = "\N{VARIATION SELECTOR-15}", "\N{VARIATION SELECTOR-16}"
SIGNS = frozenset("©®™")
"""Signs of text, which the font has in the black of a page."""

_POSSIBLE = regex.compile(r"\p{Emoji_Presentation}|\p{Extended_Pictographic}|\N{VARIATION SELECTOR-16}")
_SHOWN_AS_EMOJI = regex.compile(r"\p{Emoji_Presentation}|\p{Emoji_Modifier}|\N{VARIATION SELECTOR-16}")


def may_have_emoji(text: str) -> bool:
    return not text.isascii() and bool(_POSSIBLE.search(text))


def is_emoji(grapheme: str) -> bool:
    """Tell whether it is to be in colour, by its presentation as Unicode has it, and the font can."""
    if TEXT_SELECTOR in grapheme or grapheme[0] in SIGNS:
        return False
    return can_draw(grapheme) and bool(_SHOWN_AS_EMOJI.search(grapheme))


def can_draw(grapheme: str) -> bool:
    return grapheme[0] != EMOJI_SELECTOR and ord(grapheme[0]) in _characters()


@cache
def _characters() -> frozenset[int]:
    return frozenset(FT2Font(FONT).get_charmap())


@cache
def _font(pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, pixels)


@lru_cache(KEPT)
def ems_of(grapheme: str) -> float:
    """Return how wide it is in heights of letters: a sequence that the font does not know stands in parts."""
    return _font(MEASURED_AT).getlength(grapheme) / MEASURED_AT + DISTANCE


@lru_cache(KEPT)
def pixels_of(grapheme: str, size: int) -> NDArray[np.uint8]:
    """Return the glyph with its transparency, cut to what is seen of it."""
    font = _font(size)
    left, top, right, bottom = map(int, font.getbbox(grapheme))
    image = Image.new("RGBA", (max(1, right - left), max(1, bottom - top)))
    ImageDraw.Draw(image).text((-left, -top), grapheme, font=font, embedded_color=True)
    return np.asarray(image)
