"""The vote on one message."""

from __future__ import annotations

import asyncio
import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from bot.arena.voting.eligibility import VoterEligibility
from bot.arena.voting.member_ballot import MemberBallot
from bot.domain.vote import Uncounted
from bot.errors import ArenaError
from bot.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.domain.vote import Vote

    OnEnough = Callable[[], None]
    OnChange = Callable[[int], None]

EVERYBODY = VoterEligibility()


class VoteClosedError(ArenaError):
    """A vote that has ended, or never was."""

    def __init__(self) -> None:
        super().__init__(N_("This vote is not open any more. The message of the battle shows how it ended."))


@dataclass(slots=True)
class Ballot:
    """The vote on one message."""

    battle_id: int
    eligibility: VoterEligibility
    member_ballots: dict[int, MemberBallot] = field(default_factory=dict[int, MemberBallot])
    opened: bool = False
    """Not before the models have written."""

    closes_at: float = math.inf
    """In Unix seconds, as members are told."""

    ends: float = math.inf
    """The same moment in the time of the event loop, which never jumps."""

    moved: set[int] = field(default_factory=set[int])
    """Members of whom an event came since the last look at the message began."""

    checking: asyncio.Lock = field(default_factory=asyncio.Lock)
    twice: set[tuple[int, Vote]] = field(default_factory=set[tuple[int, "Vote"]])
    """What a member reacted with both normally and super: who takes one of the two back keeps the other."""

    barred: dict[int, Uncounted] = field(default_factory=dict[int, Uncounted])
    """Members whose vote does not count."""

    counting: set[int] = field(default_factory=set[int])
    """Members whose vote does, as long as they have one."""

    wanted: float = math.inf
    """So many counting votes are enough: then `on_enough` is called."""

    on_enough: OnEnough | None = None
    on_change: OnChange | None = None
    """Is told who put a further reaction beside one that stands."""

    presses: defaultdict[int, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    """One press of a member waits for the one before."""

    @property
    def is_secret(self) -> bool:
        return self.eligibility.rules.ballot == "secret"

    def accepts(self, now: float) -> bool:
        """Tell whether votes count at a moment, which is one of the event loop's."""
        return self.opened and now < self.ends

    def judge(self, user_id: int, joined_at: float | None, now: float) -> None:
        """Decide whether the vote that a member casts now will count."""
        self.bar(user_id, self.eligibility.objection(user_id, joined_at, now))

    def bar(self, user_id: int, objection: Uncounted | None) -> None:
        if objection is None:
            self.barred.pop(user_id, None)
        else:
            self.barred[user_id] = objection

    def put(self, user_id: int, member_ballot: MemberBallot) -> None:
        self.member_ballots[user_id] = member_ballot
        if member_ballot.vote is not None and user_id not in self.barred:
            self.counting.add(user_id)
        else:
            self.counting.discard(user_id)
        if self.on_enough and len(self.counting) >= self.wanted:
            self.on_enough()

    def standing(self) -> Counter[Vote]:
        """Count the reactions that should be on the message, whether they are votes or not."""
        once = (vote for member_ballot in self.member_ballots.values() for vote in member_ballot.everything)
        return Counter(chain(once, (vote for _user_id, vote in self.twice)))
