from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.arena.voting.ballots import Ballots
from bot.arena.voting.eligibility import VoterEligibility
from bot.arena.voting.reaction_cleanup import cleaned_up
from bot.domain.battle import VoidReason
from bot.domain.pauses import USUAL
from bot.domain.rules import BattleRules
from bot.domain.vote import Vote
from bot.errors import MessageGoneError, MessageUnavailableError
from tests.arena.stored_battles import begun
from tests.arena.transactions import recorded
from tests.arena.waiting import until
from tests.cards import PlainCard

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from bot.storage.database import Database
    from tests.arena.conftest import Clock

A, B, TIE, BAD = Vote
MESSAGE = 901
ANN, BEN, CID = 101, 102, 103
TIDY = BattleRules(single_reaction=True)


class ReactingMessage(PlainCard):
    """A message whose events reach the ballots; Discord can be made to take its time over a removal."""

    def __init__(self, ballots: Ballots) -> None:
        super().__init__()
        self.ballots = ballots
        self.willing = asyncio.Event()
        self.willing.set()
        self.at_once = self.most_at_once = 0

    def react(self, member: int, *choices: Vote) -> None:
        for vote in choices:
            self.reactions[vote].add(member)
            self.ballots.add(MESSAGE, member, vote)

    async def remove(self, vote: Vote, user_id: int) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await self.willing.wait()
        self.at_once -= 1
        await super().remove(vote, user_id)
        self.ballots.remove(MESSAGE, user_id, vote)


@asynccontextmanager
async def ballot(
    database: Database, clock: Clock, rules: BattleRules = TIDY
) -> AsyncGenerator[tuple[Ballots, ReactingMessage]]:
    """Open a vote of two minutes, by rules that want one reaction a member."""
    battle = replace(await begun(database), rules=rules)
    ballots = Ballots(database, clock, USUAL)
    ballots.watch(MESSAGE, battle.battle_id, eligibility=VoterEligibility(rules=rules))
    ballots.open(MESSAGE, clock() + 120.0)
    message = ReactingMessage(ballots)
    async with cleaned_up(ballots, battle, message, USUAL.before_cleanup):
        yield ballots, message


async def a_while(clock: Clock, seconds: float = 2.0) -> None:
    """Let time pass, and everything happen that is due then."""
    clock.passed += seconds
    for _ in range(10):
        await asyncio.sleep(0)


async def test_a_change_of_mind_takes_the_earlier_reaction_away_and_the_vote_stays(
    database: Database, clock: Clock
) -> None:
    async with ballot(database, clock) as (ballots, message):
        message.react(ANN, A, B)
        await a_while(clock)
    await ballots.flush()

    assert message.removed == [(A, ANN)]
    assert await recorded(database) == {ANN: "b"}


async def test_a_single_reaction_is_left_alone(database: Database, clock: Clock) -> None:
    async with ballot(database, clock) as (_, message):
        message.react(ANN, A)
        message.react(BEN, B)
        await a_while(clock)

    assert message.removed == []


async def test_a_reaction_from_before_the_ballot_goes_too(database: Database, clock: Clock) -> None:
    battle = replace(await begun(database), rules=TIDY)
    ballots = Ballots(database, clock, USUAL)
    ballots.watch(MESSAGE, battle.battle_id)
    message = ReactingMessage(ballots)
    message.react(ANN, A)
    ballots.open(MESSAGE, clock() + 120.0)
    async with cleaned_up(ballots, battle, message, USUAL.before_cleanup):
        message.react(ANN, B)
        await a_while(clock)

    assert message.removed == [(A, ANN)]


async def test_who_is_still_choosing_is_left_alone(database: Database, clock: Clock) -> None:
    async with ballot(database, clock) as (_, message):
        message.react(ANN, A, B)
        await a_while(clock, 0.9)
        message.react(ANN, TIE)
        await a_while(clock, 0.9)
        between = list(message.removed)
        await a_while(clock, 0.2)

    assert between == []
    assert sorted(message.removed) == [(A, ANN), (B, ANN)]


async def test_a_reaction_taken_back_and_put_again_is_the_one_that_stays(
    database: Database, clock: Clock
) -> None:
    async with ballot(database, clock) as (ballots, message):
        message.react(ANN, A, B)
        ballots.remove(MESSAGE, ANN, A)
        message.react(ANN, A)
        await a_while(clock)
    await ballots.flush()

    assert message.removed == [(B, ANN)]
    assert await recorded(database) == {ANN: "a"}


async def test_votes_do_not_wait_for_a_removal(database: Database, clock: Clock) -> None:
    async with ballot(database, clock) as (ballots, message):
        message.willing.clear()
        message.react(ANN, A, B)
        await a_while(clock)
        message.react(BEN, TIE)
        await ballots.flush()
        during = await recorded(database)

    assert during == {ANN: "b", BEN: "tie"}


async def test_of_a_flood_a_hundred_wait_their_turn_and_all_votes_count(
    database: Database, clock: Clock
) -> None:
    async with ballot(database, clock) as (ballots, message):
        for member in range(1000, 2000):
            message.react(member, A, B)
        clock.passed += 2.0
        await until(lambda: len(message.removed) == 100)
        await a_while(clock)
    await ballots.flush()

    assert len(message.removed) == 100
    assert message.most_at_once == 1
    assert set((await recorded(database)).values()) == {"b"}


async def test_a_member_who_changes_often_has_one_place_in_the_queue(
    database: Database, clock: Clock
) -> None:
    async with ballot(database, clock) as (_, message):
        for _ in range(200):
            message.react(ANN, A, B)
        message.react(BEN, A, TIE)
        await a_while(clock)

    assert message.removed == [(A, ANN), (A, BEN)]


async def test_once_the_ballot_is_shut_nothing_is_removed_any_more(database: Database, clock: Clock) -> None:
    async with ballot(database, clock) as (ballots, message):
        message.react(ANN, A, B)
        ballots.shut(MESSAGE)
        await a_while(clock)

    assert message.removed == []


async def test_after_the_end_nothing_is_removed_any_more(database: Database, clock: Clock) -> None:
    async with ballot(database, clock) as (_, message):
        message.react(ANN, A, B)
        await a_while(clock, 120.0)

    assert message.removed == []


async def test_reactions_whose_order_nobody_knows_stay(database: Database, clock: Clock) -> None:
    async with ballot(database, clock) as (ballots, message):
        message.reactions[A].add(ANN)
        message.reactions[B].add(ANN)
        await ballots.check(MESSAGE, message, thorough=True)
        await a_while(clock)
    await ballots.flush()

    assert message.removed == []
    assert await recorded(database) == {ANN: None}


async def test_a_removal_that_discord_does_not_take_now_is_let_go(database: Database, clock: Clock) -> None:
    async with ballot(database, clock) as (_, message):
        message.troubles.append(MessageUnavailableError("429"))
        message.react(ANN, A, B)
        message.react(BEN, A, B)
        await a_while(clock)

    assert message.removed == [(A, BEN)]


@pytest.mark.parametrize(
    "error", [MessageGoneError(VoidReason.NO_PERMISSION), RuntimeError("our own mistake")]
)
async def test_without_the_permission_the_vote_goes_on_and_reactions_stay(
    database: Database, clock: Clock, error: Exception
) -> None:
    async with ballot(database, clock) as (ballots, message):
        message.troubles.append(error)
        message.react(ANN, A, B)
        await a_while(clock)
        message.react(BEN, A, B)
        await a_while(clock)
    await ballots.flush()

    assert message.removed == []
    assert await recorded(database) == {ANN: "b", BEN: "b"}


@pytest.mark.parametrize("rules", [BattleRules(), BattleRules(ballot="secret", single_reaction=True)])
async def test_where_the_rules_do_not_ask_for_it_reactions_stay(
    database: Database, clock: Clock, rules: BattleRules
) -> None:
    async with ballot(database, clock, rules) as (_, message):
        message.react(ANN, A, B)
        await a_while(clock)

    assert message.removed == []
