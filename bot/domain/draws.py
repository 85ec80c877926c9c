"""Draws of models into battles, and the sums by which they can be checked."""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import add, attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

WHOLE = 10**9
"""Chances are kept as so many parts of one: whole numbers add up to the same in any order."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """The way in which the models of one battle were found.

    `a` and `b` were drawn first; those that `failed` and those that `stepped_in` for others came after.
    `chances` has each model that could be drawn, with its chance to be one of the two, in parts of `WHOLE`;
    `None` for a battle that was held before chances were kept.
    """

    a: int
    b: int
    chances: Mapping[int, int] | None = None
    failed: frozenset[int] = frozenset()
    stepped_in: frozenset[int] = frozenset()

    def named(self, names: Mapping[int, str]) -> NamedDrawing:
        """Say it by public names; models that were removed since have none."""
        chances = self.chances or {}
        return NamedDrawing(
            names.get(self.a),
            names.get(self.b),
            {names[model]: chance / WHOLE for model, chance in chances.items() if model in names} or None,
            tuple(sorted(names[model] for model in self.failed if model in names)),
            tuple(sorted(names[model] for model in self.stepped_in if model in names)),
        )


@dataclass(frozen=True, slots=True)
class NamedDrawing:
    """A drawing by the names of its models, with plain chances."""

    a: str | None
    b: str | None
    chances: Mapping[str, float] | None
    failed: tuple[str, ...]
    stepped_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draws:
    """Sums of the drawings of decided battles, for one model.

    `drawn`, `expected` and `variance`, the latter two in parts of `WHOLE`, are of the battles whose chances
    are known; `seats`, and `seats_a` of these on side A, of all; `taken_out` of those that moderators took
    out of the ratings.
    """

    drawn: int = 0
    expected: int = 0
    variance: int = 0
    seats: int = 0
    seats_a: int = 0
    stepped_in: int = 0
    failed: int = 0
    taken_out: int = 0

    def __add__(self, other: Draws) -> Draws:
        return Draws(*map(add, self.values(), other.values()))

    def values(self) -> tuple[int, ...]:
        """Return the sums in the order of the fields."""
        return _SUMS(self)


_SUMS = attrgetter(*(column.name for column in fields(Draws)))


@dataclass(frozen=True, slots=True)
class ServerDraws:
    """Sums of the drawings of a server's decided battles.

    `drawn` are those whose chances are known, the first of them `since` then (Unix seconds). Of all
    `battles`, in `first_on_a` side A went to the model that came to the server before the other; `wins_a`
    and `wins_b` were won by the side's majority. `called_off` and `taken_out` are of every battle.
    """

    since: float | None = None
    drawn: int = 0
    battles: int = 0
    first_on_a: int = 0
    wins_a: int = 0
    wins_b: int = 0
    called_off: int = 0
    taken_out: int = 0


def in_parts(chance: float) -> int:
    return round(chance * WHOLE)


def added_by(drawing: Drawing) -> dict[int, Draws]:
    """Return what one battle adds to the sums of each model."""
    chances = drawing.chances or {}
    seated = {drawing.a, drawing.b}
    return {
        model: Draws(
            drawn=int(model in seated and drawing.chances is not None),
            expected=chances.get(model, 0),
            variance=variance_of(chances.get(model, 0)),
            seats=int(model in seated),
            seats_a=int(model == drawing.a),
            stepped_in=int(model in drawing.stepped_in),
            failed=int(model in drawing.failed),
        )
        for model in chances.keys() | seated | drawing.stepped_in | drawing.failed
    }


def variance_of(chance: int) -> int:
    """Return the variance p(1 - p) of whether a model is drawn, in parts of `WHOLE`."""
    return round(chance * (WHOLE - chance) / WHOLE)
