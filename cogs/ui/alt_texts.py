"""Descriptions of pictures, for those who cannot see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.pictures.specs import BracketPicture, MatrixPicture, RecapPicture, TrendPicture, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.pictures.specs import Picture

LONGEST = 1024
"""In characters, as Discord takes them."""


def alt_text(picture: Picture) -> str:
    """Return what the picture says of itself, and as much as there is room for of what no message has."""
    if isinstance(picture, BracketPicture):
        return _within(f"{picture.title} · {picture.subtitle}")
    about = picture.imprint
    head = " · ".join(filter(None, (picture.title, about.server, about.date, about.basis)))
    return _within("\n".join([head, *_details(picture)]))


def _details(picture: Picture) -> Iterator[str]:
    if isinstance(picture, MatrixPicture):
        yield picture.legend
        yield from _results(picture)
    elif isinstance(picture, TrendPicture):
        for name, ratings in picture.lines:
            known = [f"{rating:.0f}" for rating in ratings if rating is not None]
            if known:
                yield f"{name}: {known[0]} → {known[-1]}"
    elif isinstance(picture, RecapPicture):
        yield " · ".join(f"{fact.figure} {fact.label}" for fact in picture.facts)
        yield from (f"{mover.name}: {mover.before:.0f} → {mover.after:.0f}" for mover in picture.movers)


def _results(picture: MatrixPicture) -> Iterator[str]:
    """Say of each two what one won of the other, once."""
    said: set[frozenset[str]] = set()
    for name, cells in zip(picture.rows, picture.cells, strict=True):
        for other, cell in zip(picture.columns, cells, strict=True):
            pair = frozenset((name, other))
            if cell and pair not in said:
                said.add(pair)
                yield f"{name} – {other}: {percent(cell.share)}% ({cell.votes})"


def _within(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
