"""The colours of each theme, and how well one of them can be seen on another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.colors import to_rgb

from bot.pictures.specs import Theme

if TYPE_CHECKING:
    from matplotlib.typing import ColorType


@dataclass(frozen=True, slots=True)
class Colours:
    """Hues of Okabe and Ito's palette, which people who see colours differently can tell apart.

    Words are in `text`, `faint`, `accent` and `second`, which stand out against `background` and `panel`.
    """

    background: str
    panel: str
    text: str
    faint: str
    grid: str
    accent: str
    second: str
    lines: tuple[str, ...]


# Some hues are darker than theirs where a white background would swallow them.
COLOURS = {
    Theme.DARK: Colours(
        background="#2b2d31",
        panel="#35373c",
        text="#f2f3f5",
        faint="#a6abb5",
        grid="#44474f",
        accent="#56b4e9",
        second="#e69f00",
        lines=("#56b4e9", "#e69f00", "#009e73", "#cc79a7", "#f0e442"),
    ),
    Theme.LIGHT: Colours(
        background="#ffffff",
        panel="#f2f3f5",
        text="#1e1f22",
        faint="#62666e",
        grid="#dfe1e5",
        accent="#0072b2",
        second="#b84f00",
        lines=("#0072b2", "#d55e00", "#009e73", "#b8608f", "#1e1f22"),
    ),
}


def legible(background: ColorType) -> str:
    """Return black or white, whichever stands out more against the background."""
    return max("#000000", "#ffffff", key=lambda ink: contrast(ink, background))


def contrast(one: ColorType, other: ColorType) -> float:
    """Return the ratio of contrast that WCAG 2 defines, from 1 to 21."""
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: ColorType) -> float:
    red, green, blue = map(_linear, to_rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB's
