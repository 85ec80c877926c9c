"""Whom moderators should look at, and why; pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from math import log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.arena.moderation.suspicion import Evidence

FEWEST_FAST = 10
FAST_SHARE = 0.25
"""So many votes, and such a share of those whose time is known, make fast voting a sign of its own."""

STRONG, OVERWHELMING = log(1_000), log(1_000_000)


class Manner(Enum):
    """What someone's votes look like."""

    COIN = auto()
    CONTRARIAN = auto()


class Strength(Enum):
    """How much likelier that is than honest voting: 20 times at least, a thousand, a million."""

    NOTICEABLE = auto()
    STRONG = auto()
    OVERWHELMING = auto()


@dataclass(frozen=True, slots=True)
class Pace:
    """Of a member's votes: all, those whose reading time is known, and those that were faster."""

    votes: int = 0
    timed: int = 0
    fast: int = 0

    @property
    def is_hasty(self) -> bool:
        return self.fast >= FEWEST_FAST and self.fast >= FAST_SHARE * self.timed


@dataclass(frozen=True, slots=True)
class Suspect:
    """A member whose votes stand out; `evidence` is the natural logarithm of a likelihood ratio."""

    user_id: int
    pace: Pace
    manner: Manner | None
    evidence: float = 0.0

    @property
    def strength(self) -> Strength:
        if self.evidence >= OVERWHELMING:
            return Strength.OVERWHELMING
        return Strength.STRONG if self.evidence >= STRONG else Strength.NOTICEABLE


def suspects(paces: Mapping[int, Pace], weighed: Iterable[Evidence]) -> list[Suspect]:
    """Name those whose votes stand out, the strongest evidence first, then those who are hasty alone."""
    found = {each.member: _suspect(each, paces[each.member]) for each in weighed if each.stands_out}
    hasty = {
        user_id: Suspect(user_id, pace, None)
        for user_id, pace in paces.items()
        if pace.is_hasty and user_id not in found
    }
    return sorted((found | hasty).values(), key=lambda each: (-each.evidence, -each.pace.fast, each.user_id))


def _suspect(evidence: Evidence, pace: Pace) -> Suspect:
    if evidence.contrarian > evidence.coin:
        return Suspect(evidence.member, pace, Manner.CONTRARIAN, evidence.contrarian)
    return Suspect(evidence.member, pace, Manner.COIN, evidence.coin)
