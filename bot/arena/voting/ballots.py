"""Open ballots: reactions and presses become choices of members, written as rows, which are what counts."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.arena.voting.ballot import EVERYBODY, Ballot, VoteClosedError
from bot.arena.voting.member_ballot import MemberBallot
from bot.arena.voting.vote_writer import VoteWriter
from bot.domain.vote import Uncounted, Vote
from bot.errors import ArenaError, StorageError
from bot.i18n import N_
from bot.storage.votes import StoredVote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bot.arena.voting.ballot import OnChange, OnEnough
    from bot.arena.voting.eligibility import VoterEligibility
    from bot.arena.voting.message import BallotMessage, CardSnapshot
    from bot.domain.pauses import Pauses
    from bot.domain.rules import BattleRules
    from bot.storage.database import Database
    from bot.storage.votes import StoredBallot

CHECK_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Receipt:
    """What has become of a press on a button of a secret ballot."""

    vote: Vote | None
    """The choice that stands now: none where the press took it back."""

    objection: Uncounted | None
    rules: BattleRules
    closes_at: float
    """In Unix seconds; infinite while the models write a further turn."""


class Ballots:
    """All ballots of the process, by message. `run` must be under way for votes to be committed."""

    def __init__(self, database: Database, clock: Callable[[], float], pauses: Pauses) -> None:
        self._writer = VoteWriter(database, pauses.before_rewriting)
        self._clock = clock
        self._by_message: dict[int, Ballot] = {}

    def watch(
        self,
        message_id: int,
        battle_id: int,
        member_ballots: Mapping[int, StoredBallot] | None = None,
        eligibility: VoterEligibility = EVERYBODY,
    ) -> Ballot:
        """Follow a message from before its ballot opens, or again after a restart with the choices kept."""
        ballot = self._by_message[message_id] = Ballot(battle_id, eligibility)
        for user_id, (member_ballot, uncounted) in (member_ballots or {}).items():
            if uncounted is not None:
                ballot.barred[user_id] = uncounted
            ballot.put(user_id, MemberBallot.decode(member_ballot))
        return ballot

    def open(self, message_id: int, closes_at: float = math.inf) -> list[StoredVote]:
        """Let votes in from now on; returns rows for the reactions that came too early to count."""
        ballot = self._by_message[message_id]
        ballot.opened = True
        self.extend(message_id, closes_at)
        return [self._row(ballot, user_id) for user_id in ballot.member_ballots]

    def change_rules(self, message_id: int, eligibility: VoterEligibility) -> None:
        """Go on with other rules; what was voted so far stands."""
        if ballot := self._by_message.get(message_id):
            ballot.eligibility = eligibility

    def extend(self, message_id: int, closes_at: float) -> None:
        """Let votes in until another moment than before. A clock that jumps meanwhile changes nothing."""
        if ballot := self._by_message.get(message_id):
            ballot.closes_at = closes_at
            ballot.ends = _loop_time() + (closes_at - self._clock())

    def call_when_enough(self, message_id: int, wanted: int, on_enough: OnEnough) -> None:
        """Call once as many votes as `wanted` count, which may be now, and with each one more."""
        ballot = self._by_message[message_id]
        ballot.wanted, ballot.on_enough = wanted, on_enough
        if len(ballot.counting) >= wanted:
            on_enough()

    def voters(self, message_id: int) -> int:
        """Count the members whose vote counts, as far as is known."""
        ballot = self._by_message.get(message_id)
        return len(ballot.counting) if ballot else 0

    def shut(self, message_id: int) -> None:
        """Follow the message no longer. What was voted so far stays pending until the next `flush`."""
        self._by_message.pop(message_id, None)

    def add(self, message_id: int, user_id: int, vote: Vote, joined_at: float | None = None) -> None:
        """Take in a reaction of a member, who came to the server at `joined_at`."""
        if ballot := self._with_reactions(message_id):
            member_ballot = ballot.member_ballots.get(user_id, MemberBallot())
            accepted = ballot.accepts(_loop_time())
            if vote in member_ballot.everything:  # of one kind Discord tells once
                ballot.twice.add((user_id, vote))
            ballot.judge(user_id, joined_at, self._clock())
            self._put(ballot, user_id, member_ballot.add(vote) if accepted else member_ballot.ignore(vote))
            if accepted and ballot.on_change and ballot.member_ballots[user_id].surpassed:
                ballot.on_change(user_id)

    def remove(self, message_id: int, user_id: int, vote: Vote) -> None:
        ballot = self._with_reactions(message_id)
        if ballot and (user_id, vote) in ballot.twice:
            ballot.twice.discard((user_id, vote))
        elif ballot and (member_ballot := ballot.member_ballots.get(user_id)):
            self._put(ballot, user_id, self._without(ballot, member_ballot, vote))

    def clear(self, message_id: int, choices: Iterable[Vote] = tuple(Vote)) -> None:
        """Take in that a moderator removed all reactions of these kinds; the votes stand."""
        gone = frozenset(choices)
        if ballot := self._with_reactions(message_id):
            ballot.twice = {each for each in ballot.twice if each[1] not in gone}
            for user_id, member_ballot in tuple(ballot.member_ballots.items()):
                self._put(ballot, user_id, member_ballot.clear(gone))

    def call_on_change(self, message_id: int, on_change: OnChange) -> None:
        """Call with each member who has put a further reaction beside one that stands, now or later."""
        ballot = self._by_message[message_id]
        ballot.on_change = on_change
        for user_id, member_ballot in ballot.member_ballots.items():
            if member_ballot.surpassed:
                on_change(user_id)

    def surpassed(self, message_id: int, user_id: int) -> frozenset[Vote]:
        """Return the reactions of a member that do not matter any more, as long as the ballot is open."""
        ballot = self._with_reactions(message_id)
        if ballot is None or not ballot.accepts(_loop_time()):
            return frozenset()
        return ballot.member_ballots.get(user_id, MemberBallot()).surpassed

    async def cast(self, message_id: int, user_id: int, vote: Vote, joined_at: float | None) -> Receipt:
        """Take in a press on a button of a secret ballot, and return once that is committed.

        The choice that stands, pressed again, is taken back. Raises `ArenaError` where nothing has changed.
        """
        ballot = self._by_message.get(message_id)
        if ballot is None or not ballot.is_secret:
            raise VoteClosedError
        async with ballot.presses[user_id]:
            now = self._clock()
            if self._by_message.get(message_id) is not ballot or not ballot.accepts(_loop_time()):
                raise VoteClosedError
            objection = ballot.eligibility.objection(user_id, joined_at, now)
            member_ballot = ballot.member_ballots.get(user_id, MemberBallot()).press(vote)
            # From the question whether the ballot is open to here nothing is awaited: what the writer holds
            # when the ballot is shut is written before the votes are counted.
            try:
                await self._writer.commit(self._row_of(ballot, user_id, member_ballot, objection))
            except StorageError as exc:
                raise ArenaError(
                    N_("Your vote could not be saved; nothing has changed. Please try again in a moment.")
                ) from exc
            ballot.bar(user_id, objection)
            ballot.put(user_id, member_ballot)
        return Receipt(member_ballot.vote, objection, ballot.eligibility.rules, ballot.closes_at)

    async def check(self, message_id: int, message: BallotMessage, *, thorough: bool) -> None:
        """Compare the ballot with its message and take in what was missed.

        Only choices whose count differs are read; `thorough` reads all that anyone chose, because equal
        counts can hide a swap after a time without any events. Members of whom an event comes while the
        message is read are left to that event, and looked at in another round. A secret ballot leaves nothing
        on its message.
        """
        ballot = self._by_message[message_id]
        if ballot.is_secret:
            return
        async with ballot.checking:
            for _ in range(CHECK_ROUNDS):
                ballot.moved.clear()
                if not await self._compare(ballot, message, await message.look(), thorough=thorough):
                    break
            await self._ask_since_when(ballot, message)

    async def flush(self) -> None:
        """Commit what is pending; raises `StorageError` where that fails."""
        await self._writer.flush()

    async def run(self) -> None:
        """Commit votes as they come, until cancelled."""
        await self._writer.run()

    def _with_reactions(self, message_id: int) -> Ballot | None:
        ballot = self._by_message.get(message_id)
        return ballot if ballot and not ballot.is_secret else None

    async def _compare(
        self, ballot: Ballot, message: BallotMessage, snapshot: CardSnapshot, *, thorough: bool
    ) -> bool:
        """Return whether someone voted while the message was read, so that another look is due."""
        expected = ballot.standing()
        counts = snapshot.counts
        differing = [vote for vote in Vote if thorough or counts.get(vote, 0) != expected[vote]]
        voters = {
            vote: await message.voters(vote) if counts.get(vote) else frozenset[int]() for vote in differing
        }
        ballot.twice = {(user, vote) for user, vote in ballot.twice if user in voters.get(vote, {user})}
        for user_id in set(ballot.member_ballots).union(*voters.values()) - ballot.moved:
            if user_id not in ballot.member_ballots:
                ballot.judge(user_id, None, self._clock())
            member_ballot = ballot.member_ballots.get(user_id, MemberBallot())
            unread = member_ballot.everything.difference(differing)
            seen = unread.union(vote for vote in differing if user_id in voters[vote])
            if seen != member_ballot.everything:
                self._store(ballot, user_id, member_ballot.reconcile(seen))
        return bool(differing and ballot.moved)

    async def _ask_since_when(self, ballot: Ballot, message: BallotMessage) -> None:
        """Find out how long those are members of whose votes no event came, where the rules ask for it."""
        unknown = [user for user, reason in ballot.barred.items() if reason is Uncounted.UNKNOWN]
        for user_id in unknown:
            joined_at = await message.joined_at(user_id)
            if joined_at is not None and ballot.barred.get(user_id) is Uncounted.UNKNOWN:
                ballot.judge(user_id, joined_at, self._clock())
                self._store(ballot, user_id, ballot.member_ballots[user_id])

    def _without(self, ballot: Ballot, member_ballot: MemberBallot, vote: Vote) -> MemberBallot:
        """Take a reaction off; a vote cast in time stays cast when that happens after the end."""
        late = ballot.opened and not ballot.accepts(_loop_time())
        return member_ballot if late and vote not in member_ballot.ignored else member_ballot.remove(vote)

    def _put(self, ballot: Ballot, user_id: int, member_ballot: MemberBallot) -> None:
        ballot.moved.add(user_id)
        if member_ballot != ballot.member_ballots.get(user_id):
            self._store(ballot, user_id, member_ballot)

    def _store(self, ballot: Ballot, user_id: int, member_ballot: MemberBallot) -> None:
        ballot.put(user_id, member_ballot)
        if ballot.opened:
            self._writer.put(self._row(ballot, user_id))

    def _row(self, ballot: Ballot, user_id: int) -> StoredVote:
        return self._row_of(ballot, user_id, ballot.member_ballots[user_id], ballot.barred.get(user_id))

    def _row_of(
        self, ballot: Ballot, user_id: int, member_ballot: MemberBallot, objection: Uncounted | None
    ) -> StoredVote:
        return StoredVote(
            ballot.battle_id,
            user_id,
            member_ballot.vote,
            member_ballot.unclear,
            member_ballot.encode(),
            self._clock(),
            objection,
        )


def _loop_time() -> float:
    return asyncio.get_running_loop().time()
