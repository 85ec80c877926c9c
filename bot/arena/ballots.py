"""Open ballots: reactions become papers at once, papers become rows in batches, rows are what counts."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from bot.arena.ballot_paper import Paper
from bot.arena.franchise import Franchise
from bot.domain import Uncounted, Vote
from bot.errors import StorageError
from bot.storage import votes
from bot.storage.votes import VoteRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bot.arena.stage import Sighting, Stage
    from bot.storage.database import Database
    from bot.storage.votes import KeptPaper

    OnEnough = Callable[[], None]

RETRY_SECONDS = 1.0
CHECK_ROUNDS = 3
EVERYBODY = Franchise()

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(slots=True)
class Ballot:
    """The vote on one message; `opens_at` and `closes_at` in Unix seconds, `None` while models write."""

    battle_id: int
    franchise: Franchise
    papers: dict[int, Paper] = field(default_factory=dict[int, Paper])
    opens_at: float | None = None
    closes_at: float | None = None
    moved: set[int] = field(default_factory=set[int])
    """Members of whom an event came since the last look at the message began."""

    checking: asyncio.Lock = field(default_factory=asyncio.Lock)
    barred: dict[int, Uncounted] = field(default_factory=dict[int, Uncounted])
    """Members whose vote does not count."""

    counting: set[int] = field(default_factory=set[int])
    """Members whose vote does, as long as they have one."""

    wanted: float = math.inf
    """So many counting votes are enough: then `on_enough` is called."""

    on_enough: OnEnough | None = None

    def accepts(self, now: float) -> bool:
        return (
            self.opens_at is not None and self.closes_at is not None and self.opens_at <= now < self.closes_at
        )

    def judge(self, user_id: int, joined_at: float | None, now: float) -> None:
        """Decide whether the vote that a member casts now will count."""
        objection = self.franchise.objection(user_id, joined_at, now)
        if objection is None:
            self.barred.pop(user_id, None)
        else:
            self.barred[user_id] = objection

    def put(self, user_id: int, paper: Paper) -> None:
        self.papers[user_id] = paper
        if paper.vote is not None and user_id not in self.barred:
            self.counting.add(user_id)
        else:
            self.counting.discard(user_id)
        if self.on_enough and len(self.counting) >= self.wanted:
            self.on_enough()

    def standing(self) -> Counter[Vote]:
        """Count the reactions that should be on the message, whether they are votes or not."""
        return Counter(vote for paper in self.papers.values() for vote in paper.everything)


class Ballots:
    """All ballots of the process, by message. `run` must be under way for votes to be committed."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
        self._by_message: dict[int, Ballot] = {}
        self._dirty: dict[tuple[int, int], VoteRow] = {}
        self._wake = asyncio.Event()
        self._writing = asyncio.Lock()

    def watch(
        self,
        message_id: int,
        battle_id: int,
        papers: Mapping[int, KeptPaper] | None = None,
        franchise: Franchise = EVERYBODY,
    ) -> Ballot:
        """Follow a message from before its ballot opens, or again after a restart with the papers kept."""
        ballot = self._by_message[message_id] = Ballot(battle_id, franchise)
        for user_id, (paper, uncounted) in (papers or {}).items():
            if uncounted is not None:
                ballot.barred[user_id] = uncounted
            ballot.put(user_id, Paper.decode(paper))
        return ballot

    def open(self, message_id: int, closes_at: float) -> list[VoteRow]:
        """Let votes in from now on; returns rows for the reactions that came too early to count."""
        ballot = self._by_message[message_id]
        ballot.opens_at, ballot.closes_at = self._clock(), closes_at
        return [self._row(ballot, user_id) for user_id in ballot.papers]

    def extend(self, message_id: int, closes_at: float) -> None:
        """Let votes in until another moment than was said before."""
        self._by_message[message_id].closes_at = closes_at

    def call_when_enough(self, message_id: int, wanted: int, on_enough: OnEnough) -> None:
        """Call once as many votes as `wanted` count, which may be now, and with each one more."""
        ballot = self._by_message[message_id]
        ballot.wanted, ballot.on_enough = wanted, on_enough
        if len(ballot.counting) >= wanted:
            on_enough()

    def shut(self, message_id: int) -> None:
        """Follow the message no longer. What was voted so far stays pending until the next `flush`."""
        self._by_message.pop(message_id, None)

    def add(self, message_id: int, user_id: int, vote: Vote, joined_at: float | None = None) -> None:
        """Take in a reaction of a member, who came to the server at `joined_at`."""
        if ballot := self._by_message.get(message_id):
            paper = ballot.papers.get(user_id, Paper())
            accepted = ballot.accepts(self._clock())
            ballot.judge(user_id, joined_at, self._clock())
            self._put(ballot, user_id, paper.add(vote) if accepted else paper.ignore(vote))

    def remove(self, message_id: int, user_id: int, vote: Vote) -> None:
        ballot = self._by_message.get(message_id)
        if ballot and (paper := ballot.papers.get(user_id)):
            self._put(ballot, user_id, self._without(ballot, paper, vote))

    def clear(self, message_id: int, choices: Iterable[Vote] = tuple(Vote)) -> None:
        """Take in that a moderator removed all reactions of these kinds."""
        for vote in choices:
            ballot = self._by_message.get(message_id)
            for user_id in list(ballot.papers) if ballot else ():
                self.remove(message_id, user_id, vote)

    async def check(self, message_id: int, stage: Stage, *, thorough: bool) -> None:
        """Compare the ballot with its message and take in what was missed.

        Only choices whose count differs are read; `thorough` reads all that anyone chose, because equal
        counts can hide a swap after a time without any events. Members of whom an event comes while the
        message is read are left to that event, and looked at in another round.
        """
        ballot = self._by_message[message_id]
        async with ballot.checking:
            for _ in range(CHECK_ROUNDS):
                ballot.moved.clear()
                if not await self._compare(ballot, stage, await stage.look(), thorough=thorough):
                    break
            await self._ask_since_when(ballot, stage)

    async def flush(self) -> None:
        """Commit what is pending; raises `StorageError`, and then it is still pending."""
        async with self._writing:
            batch, self._dirty = self._dirty, {}
            try:
                await self._commit(batch)
            except (StorageError, asyncio.CancelledError):
                self._dirty = batch | self._dirty
                raise

    async def run(self) -> None:
        """Commit in groups: whatever gathers while one transaction is written goes into the next."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self.flush()
            except StorageError as exc:
                _log.error(
                    "votes could not be written, trying again", error=str(exc), pending=len(self._dirty)
                )
                await asyncio.sleep(RETRY_SECONDS)
                self._wake.set()

    async def _compare(self, ballot: Ballot, stage: Stage, sighting: Sighting, *, thorough: bool) -> bool:
        """Return whether someone voted while the message was read, so that another look is due."""
        expected = ballot.standing()
        counts = sighting.counts
        differing = [vote for vote in Vote if thorough or counts.get(vote, 0) != expected[vote]]
        voters = {
            vote: await stage.voters(vote) if counts.get(vote) else frozenset[int]() for vote in differing
        }
        for user_id in set(ballot.papers).union(*voters.values()) - ballot.moved:
            if user_id not in ballot.papers:
                ballot.judge(user_id, None, self._clock())
            paper = ballot.papers.get(user_id, Paper())
            unread = paper.everything.difference(differing)
            seen = unread.union(vote for vote in differing if user_id in voters[vote])
            if seen != paper.everything:
                self._store(ballot, user_id, paper.reconcile(seen))
        return bool(differing and ballot.moved)

    async def _ask_since_when(self, ballot: Ballot, stage: Stage) -> None:
        """Find out how long those are members of whose votes no event came, where the rules ask for it."""
        unknown = [user for user, reason in ballot.barred.items() if reason is Uncounted.UNKNOWN]
        for user_id in unknown:
            joined_at = await stage.joined_at(user_id)
            if joined_at is not None and ballot.barred.get(user_id) is Uncounted.UNKNOWN:
                ballot.judge(user_id, joined_at, self._clock())
                self._store(ballot, user_id, ballot.papers[user_id])

    def _without(self, ballot: Ballot, paper: Paper, vote: Vote) -> Paper:
        """Take a reaction off; a vote cast in time stays cast when that happens after the end."""
        late = ballot.opens_at is not None and not ballot.accepts(self._clock())
        return paper if late and vote not in paper.ignored else paper.remove(vote)

    def _put(self, ballot: Ballot, user_id: int, paper: Paper) -> None:
        ballot.moved.add(user_id)
        if paper != ballot.papers.get(user_id):
            self._store(ballot, user_id, paper)

    def _store(self, ballot: Ballot, user_id: int, paper: Paper) -> None:
        ballot.put(user_id, paper)
        if ballot.opens_at is not None:
            self._dirty[ballot.battle_id, user_id] = self._row(ballot, user_id)
            self._wake.set()

    async def _commit(self, batch: Mapping[tuple[int, int], VoteRow]) -> None:
        if batch:
            async with self._database.write() as connection:
                await votes.save(connection, batch.values())

    def _row(self, ballot: Ballot, user_id: int) -> VoteRow:
        paper = ballot.papers[user_id]
        return VoteRow(
            ballot.battle_id,
            user_id,
            paper.vote,
            paper.unclear,
            paper.encode(),
            self._clock(),
            ballot.barred.get(user_id),
        )
