"""The share of the votes that a model won against one opponent, with its interval; pure.

Method: Wilson's score interval (1927) for S/N, ties and both-bad as half a win, with Kish's effective sample
size n = N²/U in place of N. The votes on one battle are about the same two replies, so a battle with n_b
votes may tell little more than one vote: n is N where each battle had one vote, and 1 where one battle had
all. Half wins vary less than whole ones, so with ties the interval is a little wider than it needs to be.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from bot.arena.ratings.bradley_terry import NORMAL_95

if TYPE_CHECKING:
    from bot.domain.pair_sums import PairSums


@dataclass(frozen=True, slots=True)
class Share:
    """A share between 0 and 1, and its 95 % interval, which is never of zero width."""

    value: float
    lower: float
    upper: float


def share_won(sums: PairSums) -> Share:
    """Return the share that model i of the pair won; without votes raises `ZeroDivisionError`."""
    value = sums.score / sums.votes
    effective = sums.votes**2 / sums.u
    pull = NORMAL_95**2 / effective
    centre = (value + pull / 2) / (1 + pull)
    half_width = sqrt(pull * value * (1 - value) + pull**2 / 4) / (1 + pull)
    return Share(value, max(0.0, centre - half_width), min(1.0, centre + half_width))
