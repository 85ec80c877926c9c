"""Whatever members, moderators and the clock do, every stored sum is what a recount makes it."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, replace
from itertools import count
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)
from hypothesis.stateful import run_state_machine_as_test as run_machine

from bot.app import run_arena
from bot.arena.battles.card import CardAddress
from bot.arena.battles.request import BattleRequest
from bot.arena.models.factory import open_factory
from bot.arena.models.keyring import Keyring
from bot.arena.tournaments.service import Plan, Spot
from bot.arena.voting.message import CardState
from bot.backends.base import BackendError, Failure
from bot.config import Config
from bot.domain.audit import Actor
from bot.domain.battle import BattleState, VoidReason
from bot.domain.days import DAY_SECONDS
from bot.domain.pauses import USUAL
from bot.domain.vote import Vote
from bot.errors import ArenaError
from bot.storage.database import open_database
from tests.arena.conftest import Clock
from tests.arena.tournaments.channels import PlainChannel
from tests.arena.waiting import until
from tests.behaviour.place import lenient
from tests.cards import PlainCard
from tests.competitors import competitor
from tests.databases import put_database
from tests.examples import examples
from tests.storage.sums.recounted import wrong_sums

if TYPE_CHECKING:
    from collections.abc import Coroutine, Generator, Iterator
    from pathlib import Path
    from typing import TypeVar

    from hypothesis.stateful import MultipleResults

    from bot.domain.battle import Battle
    from bot.services import Arena
    from bot.storage.database import Database

    T = TypeVar("T")

NAMES = ("Zephyrine", "Quillon", "Marrowby", "Tamsin")
PROMPTS = ("Why?", "なぜ空は青いのですか?", "Mend this:\n```python\nprint(1\n```")
NO_PAUSES = replace(USUAL, between_matches=0.0, before_next_try=0.0, before_cleanup=0.0)
ASKER, MEMBERS = 30, (101, 102, 103)

cast_votes = st.sampled_from([Vote.A, Vote.B, *Vote])
ballots = st.dictionaries(st.sampled_from([*MEMBERS, ASKER]), cast_votes, min_size=1)
members = st.sampled_from(MEMBERS)


@dataclass(slots=True)
class ServicesUnderTest:
    """What all histories stand on; each is that of another guild."""

    runner: asyncio.Runner
    database: Database
    arena: Arena
    clock: Clock
    troubles: list[BackendError]
    guilds: Iterator[int]
    cards: dict[int, PlainCard]

    def card(self, battle: Battle) -> PlainCard:
        return self.cards.setdefault(battle.battle_id, PlainCard())


async def opened(stack: AsyncExitStack, runner: asyncio.Runner, path: Path) -> ServicesUnderTest:
    clock, loop, troubles = Clock(), asyncio.get_running_loop(), list[BackendError]()
    begun = loop.time()
    pytest.MonkeyPatch().setattr(loop, "time", lambda: begun + clock.passed)
    database = await stack.enter_async_context(open_database(put_database(path)))
    factory = await stack.enter_async_context(open_factory(lenient(Config()), Keyring([])))
    competitors = [competitor(name, troubles=troubles) for name in NAMES]
    arena = await stack.enter_async_context(
        run_arena(factory, database, competitors, clock, Random(1), NO_PAUSES)
    )
    return ServicesUnderTest(runner, database, arena, clock, troubles, count(1), {})


@pytest.fixture
def services(tmp_path: Path) -> Generator[ServicesUnderTest]:
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        yield runner.run(opened(stack, runner, tmp_path / "arena.sqlite3"))
        runner.run(stack.aclose())


class SumHistories(RuleBasedStateMachine):
    """One guild's history; an action that the arena refuses changes nothing."""

    battles: Bundle[int] = Bundle("battles")

    def __init__(self, services: ServicesUnderTest) -> None:
        super().__init__()
        self.services, self.arena = services, services.arena
        self.guild_id = next(services.guilds)
        self.boss = Actor(self.guild_id, 7)
        self.held_tournament = False
        self.arena.supervisor.show_with(services.card)

    def run(self, work: Coroutine[None, None, T]) -> T:
        return self.services.runner.run(work)

    @initialize(target=battles, cast=st.lists(ballots, min_size=3, max_size=3))
    def hold_some(self, cast: list[dict[int, Vote]]) -> MultipleResults[int]:
        """Begin with battles that are closed, and as many that are open."""
        held = [self.run(self.held("Why?")) for _ in range(2 * len(cast))]
        for battle_id, votes in zip(held, cast, strict=False):
            self.run(self.ended(battle_id, votes))
        return multiple(*held)

    @rule(target=battles, prompt=st.sampled_from(PROMPTS), failures=st.sampled_from([0, 0, 1, 3]))
    def open(self, prompt: str, failures: int) -> MultipleResults[int]:
        """Begin a battle; models that fail are replaced, or it is called off."""
        self.services.troubles += [BackendError(Failure.BROKE_OFF, "the line is cut")] * failures
        try:
            return multiple(self.run(self.held(prompt)))
        except ArenaError:
            return multiple()
        finally:
            self.services.troubles.clear()

    @rule(battle_id=battles, cast=ballots)
    def vote(self, battle_id: int, cast: dict[int, Vote]) -> None:
        self.run(self.voted(battle_id, cast))

    @rule(battle_id=battles, cast=ballots)
    def close(self, battle_id: int, cast: dict[int, Vote]) -> None:
        self.run(self.ended(battle_id, cast))

    @rule(battle_id=battles)
    def call_off(self, battle_id: int) -> None:
        self.run(self.lost(battle_id))

    @rule(battle_id=battles)
    def void(self, battle_id: int) -> None:
        with suppress(ArenaError):
            self.run(self.arena.rulings.void(self.boss, battle_id, "cheating"))

    @rule(battle_id=battles)
    def unvoid(self, battle_id: int) -> None:
        with suppress(ArenaError):
            self.run(self.arena.rulings.unvoid(self.boss, battle_id))

    @rule(member=members)
    def exclude(self, member: int) -> None:
        with suppress(ArenaError):
            self.run(self.arena.exclusions.exclude(self.boss, member, "trolling"))

    @rule(member=members)
    def include(self, member: int) -> None:
        with suppress(ArenaError):
            self.run(self.arena.exclusions.include(self.boss, member))

    @rule(member=st.sampled_from([*MEMBERS, ASKER]))
    def forget(self, member: int) -> None:
        self.run(self.arena.privacy.erase(self.guild_id, member))

    @rule(name=st.sampled_from(NAMES))
    def mask_or_unmask(self, name: str) -> None:
        self.run(self.masked(name))

    @rule(number=st.integers(1, 4))
    def end_season(self, number: int) -> None:
        with suppress(ArenaError):
            self.run(self.arena.seasons.end(self.boss, f"Season {number}"))

    @rule()
    def take_back_a_season(self) -> None:
        with suppress(ArenaError):
            season = self.run(self.arena.seasons.last(self.guild_id))
            self.run(self.arena.seasons.undo(self.boss, season.number))

    @rule()
    def pass_a_day(self) -> None:
        """End every vote that is open."""
        self.run(self.a_day_later())

    @precondition(lambda self: not self.held_tournament)
    @rule(is_rated=st.booleans(), cast=st.lists(cast_votes, min_size=3, max_size=3))
    def hold_tournament(self, is_rated: bool, cast: list[Vote]) -> None:  # noqa: FBT001 - hypothesis names it
        self.held_tournament = True
        channel = PlainChannel(self.arena, lambda _battle: cast)
        self.arena.supervisor.show_with(
            lambda battle: channel.card(battle) if battle.match else self.services.card(battle)
        )
        self.arena.tournaments.show_with(lambda _tournament: channel)
        self.run(self.a_tournament(is_rated=is_rated))

    def teardown(self) -> None:
        self.run(self.a_day_later())
        self.every_sum_is_that_of_a_recount()

    @invariant()
    def every_sum_is_that_of_a_recount(self) -> None:
        assert self.run(wrong_sums(self.services.database, self.guild_id)) == []

    async def held(self, prompt: str) -> int:
        """Begin a battle and await its ballot, or its end."""
        begun: list[int] = []

        async def post(battle: Battle) -> CardAddress:
            begun.append(battle.battle_id)
            return CardAddress(900_000 + battle.battle_id)

        request = BattleRequest(self.guild_id, 20, ASKER, prompt, "en-US", None)
        await self.arena.battles.start(request, post)
        (battle_id,) = begun
        drawn = self.services.cards.setdefault(battle_id, PlainCard()).drawn
        await until(lambda: drawn[CardState.BALLOT].is_set() or drawn[CardState.END].is_set())
        return battle_id

    async def voted(self, battle_id: int, cast: dict[int, Vote]) -> None:
        for member, vote in cast.items():
            self.services.cards[battle_id].reactions[vote].add(member)
            self.arena.ballots.add(900_000 + battle_id, member, vote)
        await self.arena.ballots.flush()

    async def ended(self, battle_id: int, cast: dict[int, Vote]) -> None:
        if self.is_open(battle_id):
            await self.voted(battle_id, cast)
            self.arena.battles.end_early(battle_id, 0, moderator=True)
            await self.arena.supervisor.until_over(battle_id)

    async def lost(self, battle_id: int) -> None:
        if self.is_open(battle_id):
            await self.arena.supervisor.lose(VoidReason.MESSAGE_GONE, message_ids={900_000 + battle_id})
            await self.arena.supervisor.until_over(battle_id)

    async def masked(self, name: str) -> None:
        model = (await self.arena.models.find(self.guild_id, name, moderator=True)).model
        with suppress(ArenaError):
            if model.code_name:
                await self.arena.models.unmask(self.boss, model)
            else:
                await self.arena.models.mask(self.boss, model, f"gpt2-{model.model_id}")

    async def a_day_later(self) -> None:
        self.services.clock.passed += DAY_SECONDS
        for battle_id in self.services.cards:
            await self.arena.supervisor.until_over(battle_id)

    async def a_tournament(self, *, is_rated: bool) -> None:
        spot = Spot(self.guild_id, 40 + self.guild_id, None, frozenset())
        await self.arena.tournaments.start(self.boss, spot, Plan("4", "7 d", is_rated, "en-US"))
        for author in (*MEMBERS, *MEMBERS):
            await self.arena.tournaments.suggest(spot, author, "One?")
        while (await self.arena.tournaments.find(self.guild_id, spot.channel_id)).battles < 2:
            self.services.clock.passed += 1.0
        await self.arena.tournaments.stop(self.boss, spot.channel_id)
        await until(lambda: not self.arena.tournaments.is_busy)

    def is_open(self, battle_id: int) -> bool:
        runner = self.arena.supervisor.runner(battle_id)
        return runner is not None and runner.battle.state is BattleState.VOTING


def test_any_history_leaves_the_sums_that_it_makes(services: ServicesUnderTest) -> None:
    # Shortening a failing history would take longer than a test may; `print_blob` repeats it.
    bounds = settings(
        examples(15),
        stateful_step_count=25,
        phases=[Phase.reuse, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
        print_blob=True,
    )

    class SumHistoriesHere(SumHistories):
        def __init__(self) -> None:
            super().__init__(services)

    run_machine(SumHistoriesHere, settings=bounds)
