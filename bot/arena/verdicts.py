"""What the battles of a match say of who goes on; pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.domain.battle import BattleState, Side
from bot.domain.tournament import Outcome, Result
from bot.domain.vote import Vote

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.domain.battle import Battle, Place
    from bot.domain.tournament import Attempt, Entrant

MOST_DRAWS = 2
"""Battles without a winner; then the better seed goes on."""

MOST_FAILURES = 2
"""Battles in which the same model could not answer; then the other one goes on."""

MOST_ATTEMPTS = 6
"""Battles of a match, whatever became of them; then the better seed goes on."""


def verdict(place: Place, pair: tuple[Entrant, Entrant], attempts: Sequence[Attempt]) -> Result | None:
    """Return how a match ended, `None` where it is to be played once more; `attempts` are in order."""
    better, worse = sorted(pair, key=lambda entrant: entrant.seed)
    if won := _won(place, pair, attempts[-1].battle):
        return won
    failures = Counter(attempt.failed_model_id for attempt in attempts)
    for one, other in ((worse, better), (better, worse)):
        if failures[one.model_id] >= MOST_FAILURES:
            return Result(place, other.seed, Outcome.WALKOVER)
    draws = sum(attempt.battle.state is BattleState.CLOSED for attempt in attempts)
    if draws >= MOST_DRAWS or len(attempts) >= MOST_ATTEMPTS:
        return Result(place, better.seed, Outcome.SEED)
    return None


def _won(place: Place, pair: tuple[Entrant, Entrant], battle: Battle) -> Result | None:
    """Return the result of a battle that a side won by votes; one that is voided says nothing."""
    if battle.state is not BattleState.CLOSED or battle.tally.winner not in {Vote.A, Vote.B}:
        return None
    side = Side(battle.tally.winner)
    (winner,) = (one for one in pair if one.model_id == battle.contestant(side).model_id)
    won, lost = (getattr(battle.tally, each.value) for each in (side, side.other))
    return Result(place, winner.seed, Outcome.VOTES, won, lost)


def walkover(place: Place, pair: tuple[Entrant, Entrant], able: Collection[int]) -> Result:
    """Return who goes on where not both are `able` to fight: the one that is, or else the better seed."""
    better, worse = sorted(pair, key=lambda entrant: entrant.seed)
    comes_through = worse.model_id in able and better.model_id not in able
    return Result(place, worse.seed if comes_through else better.seed, Outcome.WALKOVER)
