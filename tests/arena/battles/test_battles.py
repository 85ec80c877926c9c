from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

import pytest

from bot.app import run_arena
from bot.arena.battles.card import CardAddress
from bot.arena.battles.request import BattleRequest
from bot.arena.models.factory import open_factory
from bot.arena.models.keyring import Keyring
from bot.arena.voting.message import CardState
from bot.backends.base import BackendError, Failure
from bot.config import Config, Limits
from bot.domain.battle import BattleState, Side, VoidReason
from bot.domain.pair_sums import Scope
from bot.domain.vote import Tally, Vote
from bot.errors import ArenaError, MessageGoneError, MessageUnavailableError
from bot.storage import battles, pairs
from tests.arena.waiting import until
from tests.behaviour.place import lenient
from tests.cards import PlainCard
from tests.competitors import asked, competitor

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable

    from bot.arena.models.roster import Competitor
    from bot.domain.battle import Battle
    from bot.services import Arena
    from bot.storage.database import Database
    from tests.arena.conftest import Clock

GUILD, CHANNEL, ASKER, MESSAGE = 10, 20, 30, 900
ANN, BEN = 101, 102
REQUEST = BattleRequest(GUILD, CHANNEL, ASKER, "Why?", "en-US", "token")


@dataclass(slots=True)
class BattleServices:
    """The services, and the card of their first battle."""

    arena: Arena
    database: Database
    clock: Clock
    card: PlainCard

    async def hold(self) -> None:
        async def post(_battle: Battle) -> CardAddress:
            return CardAddress(MESSAGE)

        await self.arena.battles.start(REQUEST, post)

    async def hold_until_the_ballot(self) -> None:
        await self.hold()
        await self.card.drawn[CardState.BALLOT].wait()

    async def until_the_end(self) -> Battle:
        """Let the voting time pass, or what is left of it."""
        while not self.card.drawn[CardState.END].is_set():
            self.clock.passed += 1.0
            await asyncio.sleep(0)
        return self.card.ends[0]

    async def stored(self) -> Battle:
        """Return the first battle once its card is known to be redrawn."""
        while True:
            async with self.database.read() as connection:
                if not await battles.unfinished(connection):
                    found = await battles.get(connection, GUILD, 1)
                    assert found
                    return found
            await asyncio.sleep(0)


@asynccontextmanager
async def services(
    database: Database,
    clock: Clock,
    competitors: Iterable[Competitor],
    card: PlainCard | None = None,
    limits: Limits | None = None,
) -> AsyncGenerator[BattleServices]:
    async with (
        open_factory(lenient(Config(limits=limits or Limits())), Keyring([])) as factory,
        run_arena(factory, database, competitors, clock, Random(1)) as arena,
    ):
        here = BattleServices(arena, database, clock, card or PlainCard())
        arena.supervisor.show_with(lambda _battle: here.card)
        yield here


def pair() -> list[Competitor]:
    return [competitor("Zephyrine"), competitor("Quillon")]


async def test_a_battle_runs_to_its_end(database: Database, clock: Clock) -> None:
    async with services(database, clock, pair()) as here:
        await here.hold_until_the_ballot()
        here.card.reactions[Vote.A].add(ANN)
        here.arena.ballots.add(MESSAGE, ANN, Vote.A)
        end = await here.until_the_end()

    assert end.state is BattleState.CLOSED
    assert end.tally == Tally(a=1)
    assert here.card.state is CardState.END
    assert here.card.looks == 1


async def test_a_reaction_before_the_ballot_opens_does_not_count(database: Database, clock: Clock) -> None:
    ready = asyncio.Event()
    async with services(
        database, clock, [competitor("Zephyrine", ready, "Sun."), competitor("Quillon")]
    ) as here:
        await here.hold()
        await asyncio.sleep(0)
        here.card.reactions[Vote.A].add(ANN)
        here.arena.ballots.add(MESSAGE, ANN, Vote.A)
        ready.set()
        await here.card.drawn[CardState.BALLOT].wait()
        end = await here.until_the_end()

    assert end.tally == Tally()
    assert end.unclear == 0


async def test_two_who_close_at_once_bring_one_reveal(database: Database, clock: Clock) -> None:
    async with services(database, clock, pair()) as here:
        await here.hold_until_the_ballot()
        here.arena.battles.end_early(1, ASKER, moderator=False)
        here.arena.battles.end_early(1, BEN, moderator=True)
        await here.stored()

    assert len(here.card.ends) == 1
    assert clock.passed == 0.0


async def test_a_vote_cannot_be_closed_while_the_models_write(database: Database, clock: Clock) -> None:
    never = asyncio.Event()
    async with services(database, clock, [competitor("Zephyrine", never), competitor("Quillon")]) as here:
        await here.hold()

        with pytest.raises(ArenaError, match="not open"):
            here.arena.battles.end_early(1, ASKER, moderator=True)


async def test_a_vote_that_is_over_cannot_be_closed(database: Database, clock: Clock) -> None:
    async with services(database, clock, pair()) as here:
        await here.hold_until_the_ballot()
        await here.until_the_end()
        await here.stored()

        with pytest.raises(ArenaError, match="not open"):
            here.arena.battles.end_early(1, ASKER, moderator=False)


async def test_a_card_that_cannot_be_posted_voids_the_battle_and_asks_no_model(
    database: Database, clock: Clock
) -> None:
    competitors = pair()

    async def refuse(_battle: Battle) -> CardAddress:
        raise ArenaError("no")

    async with services(database, clock, competitors) as here:
        with pytest.raises(ArenaError, match="no"):
            await here.arena.battles.start(REQUEST, refuse)
        await here.card.drawn[CardState.END].wait()
        battle = await here.stored()

    assert battle.voided is VoidReason.NOT_POSTED
    assert not asked(competitors[0]) + asked(competitors[1])


async def test_the_only_rival_that_asks_for_a_pause_is_waited_for(database: Database, clock: Clock) -> None:
    troubles = [BackendError(Failure.RATE_LIMITED, "slow down", retry_after=30.0)]
    competitors = [competitor("Zephyrine", troubles=troubles), competitor("Quillon", troubles=troubles)]
    async with services(database, clock, competitors) as here:
        await here.hold()
        while not here.card.drawn[CardState.BALLOT].is_set():
            clock.passed += 1.0
            await asyncio.sleep(0)
        here.arena.battles.end_early(1, ASKER, moderator=False)
        battle = await here.stored()

    assert battle.state is BattleState.CLOSED
    assert sorted(len(asked(one)) for one in competitors) == [1, 2]


@pytest.mark.parametrize("reason", [VoidReason.CHANNEL_GONE, VoidReason.GUILD_GONE])
async def test_a_place_lost_while_the_models_write_voids_the_battle(
    database: Database, clock: Clock, reason: VoidReason
) -> None:
    never = asyncio.Event()
    async with services(database, clock, [competitor("Zephyrine", never), competitor("Quillon")]) as here:
        await here.hold()
        await asyncio.sleep(0)
        await here.arena.supervisor.lose(reason, channel_id=CHANNEL)
        battle = await here.stored()

    assert battle.voided is reason
    assert len(here.card.ends) == 1


async def test_a_stage_lost_at_any_call_voids_the_battle_once(database: Database, clock: Clock) -> None:
    async with services(database, clock, pair()) as here:
        here.card.troubles.append(MessageGoneError(VoidReason.NO_PERMISSION))
        await here.hold()
        battle = await here.stored()

    assert battle.voided is VoidReason.NO_PERMISSION
    assert [end.voided for end in here.card.ends] == [VoidReason.NO_PERMISSION]


async def test_the_reveal_is_offered_again_until_discord_takes_it(database: Database, clock: Clock) -> None:
    async with services(database, clock, pair()) as here:
        await here.hold_until_the_ballot()
        here.card.troubles += [
            MessageUnavailableError("look"),
            MessageUnavailableError("1"),
            MessageUnavailableError("2"),
        ]
        await here.until_the_end()
        battle = await here.stored()

    assert battle.state is BattleState.CLOSED
    assert len(here.card.ends) == 1


async def test_stopping_leaves_an_open_vote_to_the_next_start(database: Database, clock: Clock) -> None:
    async with services(database, clock, pair()) as here:
        await here.hold_until_the_ballot()
        here.arena.ballots.add(MESSAGE, ANN, Vote.A)
        here.card.reactions[Vote.A].add(ANN)
    async with services(database, clock, pair(), here.card) as later:
        await later.arena.supervisor.restore()
        later.arena.supervisor.resume(lambda _guild: True)
        end = await later.until_the_end()

    assert end.tally == Tally(a=1)
    assert len(here.card.ends) == 1


async def test_a_bot_that_is_stopping_takes_no_new_battle(database: Database, clock: Clock) -> None:
    async with services(database, clock, pair()) as here:
        await here.arena.supervisor.stop()

        with pytest.raises(ArenaError, match="about to restart"):
            await here.hold()


async def test_a_battle_that_was_generating_is_voided_by_a_restart_and_says_so(
    database: Database, clock: Clock
) -> None:
    never = asyncio.Event()
    async with services(database, clock, [competitor("Zephyrine", never), competitor("Quillon")]) as here:
        await here.hold()
        await asyncio.sleep(0)
    async with services(database, clock, pair(), here.card) as later:
        await later.arena.supervisor.restore()
        later.arena.supervisor.resume(lambda _guild: True)
        battle = await later.stored()

    assert battle.voided is VoidReason.RESTARTED
    assert [end.voided for end in here.card.ends] == [VoidReason.RESTARTED]


async def test_a_vote_whose_card_was_not_drawn_yet_is_drawn_after_a_restart(
    database: Database, clock: Clock
) -> None:
    ready = asyncio.Event()
    async with services(
        database, clock, [competitor("Zephyrine", ready, "Sun."), competitor("Quillon")]
    ) as here:
        await here.hold()
        await until(lambda: bool(here.card.seeds))
        here.card.troubles.append(MessageUnavailableError("503"))
        ready.set()
        await until(lambda: not here.card.troubles)
    async with services(database, clock, pair(), here.card) as later:
        await later.arena.supervisor.restore()
        later.arena.supervisor.resume(lambda _guild: True)
        await here.card.drawn[CardState.BALLOT].wait()

    assert here.card.state is CardState.BALLOT
    assert here.card.seeds == set(Vote)


async def test_a_closed_battle_is_not_taken_up_again(database: Database, clock: Clock) -> None:
    async with services(database, clock, pair()) as here:
        await here.hold_until_the_ballot()
        await here.until_the_end()
        await here.stored()
    async with services(database, clock, pair(), here.card) as later:
        await later.arena.supervisor.restore()
        later.arena.supervisor.resume(lambda _guild: True)
        await later.stored()

    assert len(here.card.ends) == 1


async def test_the_sums_and_both_ratings_move_with_the_reveal(database: Database, clock: Clock) -> None:
    async with services(database, clock, pair()) as here:
        await here.hold_until_the_ballot()
        here.card.reactions[Vote.B].add(ANN)
        here.arena.ballots.add(MESSAGE, ANN, Vote.B)
        end = await here.until_the_end()
        async with database.read() as connection:
            (sums,) = (await pairs.load(connection, GUILD, Scope())).values()

    a, b = (end.contestant(side) for side in Side)
    assert sums.battles == sums.votes == 1
    assert (a.rating_before, b.rating_before) == (1000.0, 1000.0)
    assert a.rating_after is not None
    assert b.rating_after is not None
    assert a.rating_after < 1000.0 < b.rating_after
