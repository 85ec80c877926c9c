from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arena.voting.ballots import Ballots, Receipt
from bot.arena.voting.eligibility import VoterEligibility
from bot.arena.voting.member_ballot import MemberBallot
from bot.domain.pauses import USUAL
from bot.domain.rules import BattleRules
from bot.domain.vote import Uncounted, Vote
from bot.errors import ArenaError
from bot.storage import votes
from tests.arena.stored_battles import begun
from tests.arena.transactions import WatchedDatabase, committing, recorded
from tests.cards import PlainCard

if TYPE_CHECKING:
    from bot.storage.database import Database
    from tests.arena.conftest import Clock

A, B, TIE, BAD = Vote
MESSAGE = 901
ANN, BEN, CID = 101, 102, 103
SECRET = BattleRules(ballot="secret")


async def opened(
    database: Database, clock: Clock, eligibility: VoterEligibility | None = None
) -> tuple[Ballots, WatchedDatabase]:
    """Return ballots with one secret vote open for two minutes, and transactions that go through at once."""
    battle = await begun(database)
    watched = WatchedDatabase(database)
    watched.gate.set()
    ballots = Ballots(watched, clock, USUAL)
    ballots.watch(MESSAGE, battle.battle_id, eligibility=eligibility or VoterEligibility(rules=SECRET))
    ballots.open(MESSAGE, clock() + 120.0)
    return ballots, watched


def press(ballots: Ballots, member: int, vote: Vote) -> asyncio.Task[Receipt]:
    """Let a member press a button, and begin to take that in."""
    return asyncio.create_task(ballots.cast(MESSAGE, member, vote, None))


async def test_a_vote_is_acknowledged_only_once_it_is_committed(database: Database, clock: Clock) -> None:
    ballots, watched = await opened(database, clock)
    watched.gate.clear()
    async with committing(ballots):
        pressed = press(ballots, ANN, A)
        await watched.begun.wait()
        before = pressed.done()
        watched.gate.set()
        receipt = await pressed

    assert not before
    assert receipt == Receipt(A, None, SECRET, clock() + 120.0)
    assert await recorded(database) == {ANN: "a"}


async def test_presses_that_gather_during_a_transaction_share_the_next(
    database: Database, clock: Clock
) -> None:
    ballots, watched = await opened(database, clock)
    watched.gate.clear()
    async with committing(ballots):
        first = press(ballots, ANN, A)
        await watched.begun.wait()
        others = [press(ballots, member, B) for member in range(200, 400)]
        await asyncio.sleep(0)
        watched.gate.set()
        await asyncio.gather(first, *others)

    assert watched.transactions == 2
    assert len(await recorded(database)) == 201


async def test_another_choice_takes_the_place_of_the_first(database: Database, clock: Clock) -> None:
    ballots, _ = await opened(database, clock)
    async with committing(ballots):
        await press(ballots, ANN, A)
        receipt = await press(ballots, ANN, TIE)

    assert receipt.vote is TIE
    assert await recorded(database) == {ANN: "tie"}


async def test_the_same_choice_again_is_taken_back(database: Database, clock: Clock) -> None:
    ballots, _ = await opened(database, clock)
    async with committing(ballots):
        await press(ballots, ANN, A)
        receipt = await press(ballots, ANN, A)

    assert receipt.vote is None
    assert await recorded(database) == {ANN: None}


@given(presses=st.lists(st.sampled_from(Vote), max_size=12))
def test_whatever_is_pressed_the_last_choice_stands_unless_it_was_pressed_again(presses: list[Vote]) -> None:
    member_ballot, expected = MemberBallot(), None
    for vote in presses:
        member_ballot = MemberBallot.decode(member_ballot.press(vote).encode())
        expected = None if vote is expected else vote

    assert member_ballot.vote is expected
    assert not member_ballot.unclear


async def test_presses_of_one_member_are_taken_in_their_order(database: Database, clock: Clock) -> None:
    ballots, watched = await opened(database, clock)
    watched.gate.clear()
    async with committing(ballots):
        presses = [press(ballots, ANN, vote) for vote in (A, A, B, TIE)]
        await watched.begun.wait()
        watched.gate.set()
        receipts = await asyncio.gather(*presses)

    assert [receipt.vote for receipt in receipts] == [A, None, B, TIE]
    assert await recorded(database) == {ANN: "tie"}


async def test_a_vote_that_cannot_be_saved_is_refused_and_never_was(database: Database, clock: Clock) -> None:
    ballots, watched = await opened(database, clock)
    watched.refusals = 1
    async with committing(ballots):
        with pytest.raises(ArenaError, match="could not be saved"):
            await press(ballots, ANN, A)
    await ballots.flush()

    assert await recorded(database) == {}


async def test_after_a_failure_the_vote_before_stands_and_the_same_press_is_a_vote(
    database: Database, clock: Clock
) -> None:
    ballots, watched = await opened(database, clock)
    async with committing(ballots):
        await press(ballots, ANN, A)
        watched.refusals = 1
        with pytest.raises(ArenaError):
            await press(ballots, ANN, B)
        between = await recorded(database)
        clock.passed += 1.0  # the box waits so long after a failure
        receipt = await press(ballots, ANN, B)

    assert between == {ANN: "a"}
    assert receipt.vote is B
    assert await recorded(database) == {ANN: "b"}


async def test_a_failure_is_no_vote_that_could_end_the_ballot(database: Database, clock: Clock) -> None:
    ballots, watched = await opened(database, clock)
    ended: list[str] = []
    ballots.call_when_enough(MESSAGE, 1, lambda: ended.append("enough"))
    watched.refusals = 1
    async with committing(ballots):
        with pytest.raises(ArenaError):
            await press(ballots, ANN, A)
        before = list(ended)
        clock.passed += 1.0
        await press(ballots, BEN, A)

    assert before == []
    assert ended == ["enough"]


async def test_before_the_ballot_opens_nobody_can_vote(database: Database, clock: Clock) -> None:
    battle = await begun(database)
    ballots = Ballots(database, clock, USUAL)
    ballots.watch(MESSAGE, battle.battle_id, eligibility=VoterEligibility(rules=SECRET))

    with pytest.raises(ArenaError, match="not open"):
        await press(ballots, ANN, A)


async def test_the_last_moment_counts_and_the_end_does_not(database: Database, clock: Clock) -> None:
    ballots, _ = await opened(database, clock)
    async with committing(ballots):
        clock.passed = 119.9
        await press(ballots, ANN, A)
        clock.passed = 120.0
        with pytest.raises(ArenaError, match="not open any more"):
            await press(ballots, BEN, A)

    assert await recorded(database) == {ANN: "a"}


async def test_a_ballot_with_reactions_takes_no_presses(database: Database, clock: Clock) -> None:
    ballots, _ = await opened(database, clock, VoterEligibility())

    with pytest.raises(ArenaError, match="not open"):
        await press(ballots, ANN, A)


async def test_reactions_are_nothing_to_a_secret_ballot(database: Database, clock: Clock) -> None:
    ballots, _ = await opened(database, clock)
    async with committing(ballots):
        await press(ballots, ANN, A)
        ballots.add(MESSAGE, ANN, B)
        ballots.add(MESSAGE, BEN, B)
        ballots.remove(MESSAGE, ANN, A)
        ballots.clear(MESSAGE)
        shown = PlainCard()
        shown.reactions[B].add(CID)
        await ballots.check(MESSAGE, shown, thorough=True)
    await ballots.flush()

    assert shown.looks == 0
    assert await recorded(database) == {ANN: "a"}


async def test_a_vote_that_does_not_count_is_kept_and_says_why(database: Database, clock: Clock) -> None:
    rules = BattleRules(ballot="secret", asker_votes=False)
    ballots, _ = await opened(database, clock, VoterEligibility(ANN, rules))
    async with committing(ballots):
        receipt = await press(ballots, ANN, A)
        await press(ballots, BEN, B)

    async with database.read() as connection:
        count = await votes.count(connection, 1)
    assert receipt == Receipt(A, Uncounted.ASKER, rules, clock() + 120.0)
    assert (count.tally.a, count.tally.b, count.uncounted) == (0, 1, 1)


async def test_only_votes_that_count_are_enough(database: Database, clock: Clock) -> None:
    rules = BattleRules(ballot="secret", asker_votes=False)
    ballots, _ = await opened(database, clock, VoterEligibility(ANN, rules))
    ended: list[str] = []
    ballots.call_when_enough(MESSAGE, 2, lambda: ended.append("enough"))
    async with committing(ballots):
        await press(ballots, ANN, A)
        await press(ballots, BEN, A)
        before = list(ended)
        await press(ballots, CID, B)

    assert before == []
    assert ended == ["enough"]


async def test_papers_kept_are_gone_on_with(database: Database, clock: Clock) -> None:
    ballots, _ = await opened(database, clock)
    async with committing(ballots):
        await press(ballots, ANN, A)
        await press(ballots, BEN, TIE)
    async with database.read() as connection:
        kept = await votes.member_ballots(connection, 1)
    restarted = Ballots(database, clock, USUAL)
    restarted.watch(MESSAGE, 1, kept, VoterEligibility(rules=SECRET))
    restarted.open(MESSAGE, clock() + 60.0)
    async with committing(restarted):
        receipt = await press(restarted, ANN, A)

    assert receipt.vote is None
    assert await recorded(database) == {ANN: None, BEN: "tie"}
