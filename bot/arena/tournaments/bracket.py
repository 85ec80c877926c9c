"""Who meets whom in a single elimination, and who goes on; pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.battle import BattleState, Place, Side
from bot.domain.tournament import MatchOutcome, MatchResult
from bot.domain.vote import Vote

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from bot.domain.battle import Battle
    from bot.domain.tournament import Attempt, Entrant, Tournament

FINAL = Place(2, 0)

MOST_DRAWS = 2
"""Battles without a winner; then the better seed goes on."""
MOST_FAILURES = 2
"""Battles in which the same model could not answer; then the other one goes on."""
MOST_ATTEMPTS = 6
"""Battles of a match, whatever became of them; then the better seed goes on."""


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


def verdict(place: Place, pair: tuple[Entrant, Entrant], attempts: Sequence[Attempt]) -> MatchResult | None:
    """Return how a match ended, `None` where it is to be played once more; `attempts` are in order."""
    better, worse = sorted(pair, key=lambda entrant: entrant.seed)
    if won := _won(place, pair, attempts[-1].battle):
        return won
    failures = Counter(attempt.failed_model_id for attempt in attempts)
    for one, other in ((worse, better), (better, worse)):
        if failures[one.model_id] >= MOST_FAILURES:
            return MatchResult(place, other.seed, MatchOutcome.WALKOVER)
    draws = sum(attempt.battle.state is BattleState.CLOSED for attempt in attempts)
    if draws >= MOST_DRAWS or len(attempts) >= MOST_ATTEMPTS:
        return MatchResult(place, better.seed, MatchOutcome.SEED)
    return None


def _won(place: Place, pair: tuple[Entrant, Entrant], battle: Battle) -> MatchResult | None:
    """Return the result of a battle that a side won by votes; one that is voided says nothing."""
    if battle.state is not BattleState.CLOSED or battle.tally.winner not in {Vote.A, Vote.B}:
        return None
    side = Side(battle.tally.winner)
    (winner,) = (one for one in pair if one.model_id == battle.contestant(side).model_id)
    won, lost = (getattr(battle.tally, each.value) for each in (side, side.other))
    return MatchResult(place, winner.seed, MatchOutcome.VOTES, won, lost)


def walkover(place: Place, pair: tuple[Entrant, Entrant], able: Collection[int]) -> MatchResult:
    """Return who goes on where not both are `able` to fight: the one that is, or else the better seed."""
    better, worse = sorted(pair, key=lambda entrant: entrant.seed)
    comes_through = worse.model_id in able and better.model_id not in able
    return MatchResult(place, worse.seed if comes_through else better.seed, MatchOutcome.WALKOVER)


def bracket_of(tournament: Tournament) -> Bracket:
    winners = {place: result.winner for place, result in tournament.results.items()}
    return Bracket(len(tournament.entrants), winners)
