"""Who meets whom in a single elimination, and who goes on; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.battle import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

FINAL = Place(2, 0)


def seeds(size: int) -> list[int]:
    """Return the seeds of a full bracket from the top: the better two are, the later they meet."""
    order = [1]
    while len(order) < size:
        order = [each for seed in order for each in (seed, 2 * len(order) + 1 - seed)]
    return order


@dataclass(frozen=True, slots=True)
class Bracket:
    """So many entrants, two or more, and the seeds that won. The best have a bye where others are missing."""

    entrants: int
    winners: Mapping[Place, int]

    @property
    def size(self) -> int:
        """Return how many there would be without byes."""
        return 1 << (self.entrants - 1).bit_length()

    @property
    def rounds(self) -> list[list[Place]]:
        """Return the places of each round, the final last."""
        left = [self.size >> number for number in range(self.size.bit_length() - 1)]
        return [[Place(of, slot) for slot in range(of // 2)] for of in left]

    @property
    def champion(self) -> int | None:
        return self.winner(FINAL)

    def sides(self, place: Place) -> tuple[int | None, int | None]:
        """Return the seeds that meet in a place; `None` where nobody has come there yet, or ever will."""
        if place.of == self.size:
            first, second = seeds(self.size)[2 * place.slot : 2 * place.slot + 2]
            return (first, second if second <= self.entrants else None)
        above, below = (Place(2 * place.of, 2 * place.slot + half) for half in (0, 1))
        return self.winner(above), self.winner(below)

    def is_bye(self, place: Place) -> bool:
        """Tell whether a place has no match: only the better of its two seeds is there."""
        return place.of == self.size and self.sides(place)[1] is None

    def winner(self, place: Place) -> int | None:
        return self.sides(place)[0] if self.is_bye(place) else self.winners.get(place)

    def playable(self) -> list[Place]:
        """Return the matches of the round under way that are not decided; none once there is a champion."""
        for places in self.rounds:
            if left := [place for place in places if self.winner(place) is None]:
                return left
        return []
