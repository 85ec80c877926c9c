"""What is drawn, as values: equal pictures look alike, so nothing has to be drawn twice."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import floor
from typing import NamedTuple

PRODUCT = "arena-bot"


class Theme(StrEnum):
    DARK = "dark"
    LIGHT = "light"


class Imprint(NamedTuple):
    """What tells where a picture is from: boards are posted in other places too."""

    server: str = ""
    date: str = ""
    basis: str = ""
    """What was counted: of which season or category, and how much."""
    product: str = PRODUCT


NO_IMPRINT = Imprint()


@dataclass(frozen=True, slots=True)
class Bar:
    """One model; `rank` is a place or a medal, empty while it is provisional; `note` stands behind its name.

    A `heading` has a row of its own above it.
    """

    name: str
    rank: str
    rating: float
    half_width: float
    note: str = ""
    heading: str = ""


@dataclass(frozen=True, slots=True)
class RatingsPicture:
    """Each model's rating with its interval, in points."""

    title: str
    axis: str
    bars: tuple[Bar, ...]
    theme: Theme
    imprint: Imprint = NO_IMPRINT


class Cell(NamedTuple):
    """What a model won of the votes against another one, from 0 to 1, and how many votes there were."""

    share: float
    votes: int


def percent(share: float) -> int:
    """Return a share in whole percent: as written, it and what is left of 1 add up to 100."""
    larger = round(100 * max(share, 1 - share), 6)  # without the noise of the division
    rounded = floor(larger + 0.5)
    return rounded if share >= 0.5 else 100 - rounded  # noqa: PLR2004 - a half


@dataclass(frozen=True, slots=True)
class MatrixPicture:
    """Who beats whom: rows are read against columns; a cell is `None` where the two never met."""

    title: str
    legend: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Cell | None, ...], ...]
    theme: Theme
    imprint: Imprint = NO_IMPRINT


class Dot(NamedTuple):
    """A model and its price, 0 where it is free; `best`: no other is both better and at most as dear."""

    name: str
    price: float
    rating: float
    half_width: float
    best: bool


@dataclass(frozen=True, slots=True)
class ValuePicture:
    """Ratings against prices in US dollars; `free` stands below the models that cost nothing."""

    title: str
    axis: str
    free: str
    dots: tuple[Dot, ...]
    theme: Theme
    imprint: Imprint = NO_IMPRINT


class TrendLine(NamedTuple):
    """A model's rating on each of the days, `None` before it had votes."""

    name: str
    ratings: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class TrendPicture:
    """Ratings over time; the days are as they are written, the oldest first."""

    title: str
    axis: str
    days: tuple[str, ...]
    lines: tuple[TrendLine, ...]
    theme: Theme
    imprint: Imprint = NO_IMPRINT


class Fact(NamedTuple):
    """A figure as it is written, and what it counts."""

    figure: str
    label: str


class Highlight(NamedTuple):
    label: str
    text: str


class Mover(NamedTuple):
    """A model's rating at the beginning and at the end."""

    name: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class RecapPicture:
    """A week at a glance: two to six facts, up to four highlights, up to eight movers."""

    title: str
    facts: tuple[Fact, ...]
    highlights: tuple[Highlight, ...]
    movers: tuple[Mover, ...]
    theme: Theme
    imprint: Imprint = NO_IMPRINT


class BracketSeat(NamedTuple):
    """One of the two in a match: its seed, name and votes as they are written, empty where not known yet.

    `is_out` is `None` until the match is decided.
    """

    seed: str = ""
    name: str = ""
    votes: str = ""
    is_out: bool | None = None


class Bout(NamedTuple):
    top: BracketSeat
    bottom: BracketSeat


class Round(NamedTuple):
    """Its matches from the top, `None` where the better seed has a bye."""

    name: str
    bouts: tuple[Bout | None, ...]


@dataclass(frozen=True, slots=True)
class BracketPicture:
    """A single elimination: each round has half the matches of the last one. `champion` comes at the end."""

    title: str
    subtitle: str
    rounds: tuple[Round, ...]
    champion: Highlight | None
    theme: Theme


Picture = RatingsPicture | MatrixPicture | ValuePicture | TrendPicture | RecapPicture | BracketPicture
