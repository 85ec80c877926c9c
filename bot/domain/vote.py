"""Votes of members on battles, and the tallies of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
