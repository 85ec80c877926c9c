"""Votes of members on battles, the tallies of them, and the numbers of those who are no members."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum

LOWEST_NOBODY = -(2**62)
"""Members who wanted to be forgotten have numbers from here to -1; below are people of other places."""

_BITS = 62


class Vote(StrEnum):
    """Choices of a member; the values are those of the public arena data sets."""

    A = "a"
    B = "b"
    TIE = "tie"
    BOTH_BAD = "both_bad"


class Uncounted(StrEnum):
    """Reasons why a vote that was cast, and is kept, does not count."""

    ASKER = "asker"
    NEW_ACCOUNT = "new_account"
    NEW_MEMBER = "new_member"
    UNKNOWN = "unknown"
    """Nobody has told yet since when the voter is a member."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The counted votes of one battle."""

    a: int = 0
    b: int = 0
    tie: int = 0
    both_bad: int = 0

    @property
    def votes(self) -> int:
        return self.a + self.b + self.tie + self.both_bad

    @property
    def score_a(self) -> float:
        """The votes won by side A, with ties and both-bad as half a win."""
        return self.a + (self.tie + self.both_bad) / 2

    @property
    def winner(self) -> Vote | None:
        """The choice that most members made, a tie where several share that place, `None` without votes."""
        if not self.votes:
            return None
        most = max(map(self.count, Vote))
        leading = [vote for vote in Vote if self.count(vote) == most]
        return leading[0] if len(leading) == 1 else Vote.TIE

    def count(self, vote: Vote) -> int:
        return {Vote.A: self.a, Vote.B: self.b, Vote.TIE: self.tie, Vote.BOTH_BAD: self.both_bad}[vote]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A member whose votes do not count, since `excluded_at` (Unix seconds), and the moderator's reason."""

    user_id: int
    excluded_at: float
    actor_id: int
    reason: str


def without(tally: Tally, vote: Vote) -> Tally:
    """Take one vote out of a tally."""
    return Tally(**{each.value: tally.count(each) - (each is vote) for each in Vote})


def with_vote(tally: Tally, vote: Vote) -> Tally:
    """Put one vote more into a tally."""
    return Tally(**{each.value: tally.count(each) + (each is vote) for each in Vote})


def is_nobody(user_id: int) -> bool:
    """Tell whether a number stands for a member who wanted to be forgotten."""
    return LOWEST_NOBODY <= user_id < 0


def stranger(key: bytes, name: str) -> int:
    """Return the number of somebody of another place: no Discord id, and nobody's who was forgotten.

    The same name has the same number under the same key, and without the key it tells nothing.
    """
    digest = hmac.digest(key, name.encode(), hashlib.sha256)
    return LOWEST_NOBODY - 1 - (int.from_bytes(digest[:8], "big") >> (64 - _BITS))
