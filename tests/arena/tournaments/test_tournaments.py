from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING

import pytest

from bot.app import run_arena
from bot.arena.battles.admission import DAY_SECONDS
from bot.arena.models.factory import open_factory
from bot.arena.models.keyring import Keyring
from bot.arena.tournaments.service import Plan, Spot
from bot.arena.voting.message import CardState
from bot.backends.base import BackendError, Failure
from bot.config import Config, Limits
from bot.domain.audit import Actor
from bot.domain.battle import Place, VoidReason
from bot.domain.model import ModelState
from bot.domain.pair_sums import Scope
from bot.domain.pauses import USUAL, Pauses
from bot.domain.tournament import MatchOutcome, Tournament
from bot.domain.vote import Vote
from bot.errors import ArenaError, MessageGoneError, MessageUnavailableError
from bot.storage import battles, models, pairs, tournament_matches, tournaments
from tests.arena.tournaments.channels import PlainChannel, for_the_first
from tests.arena.waiting import until
from tests.behaviour.place import lenient
from tests.competitors import asked, competitor

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable

    from bot.arena.models.roster import Competitor
    from bot.services import Arena
    from bot.storage.database import Database
    from tests.arena.conftest import Clock
    from tests.arena.tournaments.channels import Crowd

GUILD, CHANNEL, MONA, ANN, BEN = 10, 20, 30, 101, 102
SPOT = Spot(GUILD, CHANNEL, None, frozenset())
ACTOR = Actor(GUILD, MONA)
NAMES = ("Zephyrine", "Quillon", "Marrowby", "Aurelian", "Bellweather")
NO_PAUSES = replace(USUAL, between_matches=0.0, before_next_try=0.0)
"""So that nothing waits for the clock but what is to."""


@dataclass(slots=True)
class TournamentServices:
    """The services, and the channel of the one tournament."""

    arena: Arena
    database: Database
    clock: Clock
    channel: PlainChannel

    async def start(self, models: str = "4", voting: str | None = "7 d", *, is_rated: bool = False) -> None:
        plan = Plan(models, voting, is_rated, "en-US")
        await self.arena.tournaments.start(ACTOR, SPOT, plan)

    async def suggest(self, *prompts: str, author: int = ANN) -> None:
        for prompt in prompts:
            await self.arena.tournaments.suggest(SPOT, author, prompt)

    async def now(self) -> Tournament:
        return await self.arena.tournaments.find(GUILD, CHANNEL)

    async def let_pass_until(self, holds: Callable[[], bool]) -> None:
        """Let time pass until a condition holds."""
        while not holds():
            self.clock.passed += 0.5
            await asyncio.sleep(0)

    async def until_the_end(self) -> Tournament:
        while (tournament := await self.now()).is_running:
            self.clock.passed += 5.0
        return tournament

    async def resume(self) -> None:
        """Do what a start does once the events of the server come."""
        await self.arena.supervisor.restore()
        self.arena.supervisor.resume(lambda _guild: True)
        await self.arena.tournaments.resume(lambda _guild: True)


@asynccontextmanager
async def services(
    database: Database,
    clock: Clock,
    competitors: Iterable[Competitor],
    crowd: Crowd = for_the_first,
    limits: Limits | None = None,
    channel: PlainChannel | None = None,
    pauses: Pauses = NO_PAUSES,
) -> AsyncGenerator[TournamentServices]:
    async with (
        open_factory(lenient(Config(limits=limits or Limits())), Keyring([])) as factory,
        run_arena(factory, database, competitors, clock, Random(1), pauses) as arena,
    ):
        channel = channel or PlainChannel(arena, crowd)
        channel.arena = arena
        arena.supervisor.show_with(channel.card)
        arena.tournaments.show_with(lambda _tournament: channel)
        yield TournamentServices(arena, database, clock, channel)


def four() -> list[Competitor]:
    return [competitor(name) for name in NAMES[:4]]


async def test_a_tournament_is_held_to_its_champion(database: Database, clock: Clock) -> None:
    competitors = four()
    async with services(database, clock, competitors) as here:
        await here.start()
        await here.suggest("One?", "Two?", "Three?")
        tournament = await here.until_the_end()

    assert [result.place for result in here.channel.results][-1] == Place(2, 0)
    assert {place: result.winner for place, result in tournament.results.items()} == {
        Place(4, 0): 1,
        Place(4, 1): 2,
        Place(2, 0): 1,
    }
    assert [(result.votes_won, result.votes_lost) for result in here.channel.results] == [(2, 1)] * 3
    assert (
        sorted(prompt for one in competitors for prompt in asked(one))
        == ["One?"] * 2 + ["Three?"] * 2 + ["Two?"] * 2
    )


async def test_matches_are_not_rated_unless_that_was_chosen(database: Database, clock: Clock) -> None:
    async with services(database, clock, four()) as here:
        await here.start()
        await here.suggest("One?", "Two?", "Three?")
        await here.until_the_end()
        async with database.read() as connection:
            before = await pairs.load(connection, GUILD, Scope())
            found = await battles.get(connection, GUILD, 1)
        await here.start(is_rated=True)
        await here.suggest("One?", "Two?", "Three?")
        await here.until_the_end()
        async with database.read() as connection:
            after = await pairs.load(connection, GUILD, Scope())

    assert found
    assert found.unrated == "tournament"
    assert sum(sums.battles for sums in before.values()) == 0
    assert sum(sums.battles for sums in after.values()) == 3


async def test_it_waits_for_prompts_and_asks_for_them_once(database: Database, clock: Clock) -> None:
    async with services(database, clock, four()) as here:
        await here.start()
        await here.suggest("One?")
        await until(lambda: "call after 1" in here.channel.news)
        waiting = await here.now()
        await here.suggest("Two?", "Three?")
        await here.until_the_end()

    assert waiting.is_running
    assert len(waiting.results) == 1
    assert [news for news in here.channel.news if isinstance(news, str)] == ["call after 1"]


async def test_prompts_of_all_who_suggest_are_asked_in_turn(database: Database, clock: Clock) -> None:
    competitors = four()
    async with services(database, clock, competitors) as here:
        await here.start()
        await here.suggest("Ann 1?", "Ann 2?", "Ann 3?", author=ANN)
        await here.suggest("Ben 1?", author=BEN)
        await here.until_the_end()

    assert [battle.prompt for battle in here.channel.posted] == ["Ann 1?", "Ben 1?", "Ann 2?"]
    assert [battle.asker_id for battle in here.channel.posted] == [ANN, BEN, ANN]


async def test_a_draw_is_played_again_and_then_the_better_seed_goes_on(
    database: Database, clock: Clock
) -> None:
    async with services(database, clock, four(), crowd=lambda _battle: [Vote.TIE]) as here:
        await here.start()
        await here.suggest("1?", "2?", "3?", "4?", "5?")
        await here.suggest("6?", author=BEN)
        tournament = await here.until_the_end()

    assert {result.outcome for result in tournament.results.values()} == {MatchOutcome.SEED}
    assert tournament.results[Place(2, 0)].winner == 1
    assert len(here.channel.posted) == 6
    assert here.channel.news.count("draw") == 3


async def test_a_model_that_is_retired_meanwhile_gives_way(database: Database, clock: Clock) -> None:
    async with services(database, clock, four()) as here:
        await here.start()
        await here.suggest("One?")
        await until(lambda: len(here.channel.results) == 1)
        async with database.write() as connection:
            (gone,) = [each for each in await models.of_guild(connection, GUILD) if each.name == NAMES[0]]
        await here.arena.models.set_state(ACTOR, gone, ModelState.DISABLED)
        await here.suggest("Two?", "Three?")
        tournament = await here.until_the_end()

    champion = tournament.entrant(tournament.results[Place(2, 0)].winner)
    assert champion.name == NAMES[1]
    assert MatchOutcome.WALKOVER in {result.outcome for result in tournament.results.values()}


async def test_a_model_that_fails_twice_gives_way_and_its_prompts_are_asked_again(
    database: Database, clock: Clock
) -> None:
    troubles = [BackendError(Failure.OVERLOADED, "tired") for _ in range(9)]
    competitors = [competitor(NAMES[0], troubles=troubles), *four()[1:]]
    async with services(database, clock, competitors) as here:
        await here.start()
        await here.suggest("One?", "Two?", "Three?")
        tournament = await here.until_the_end()

    beaten = tournament.results[Place(4, 0)]
    assert (beaten.winner, beaten.outcome) == (4, MatchOutcome.WALKOVER)
    assert len(troubles) == 7
    async with database.read() as connection:
        tries = await tournament_matches.of_place(connection, 1, Place(4, 0))
    assert [each.failed_model_id for each in tries] == [1, 1]


async def test_five_models_begin_with_one_match(database: Database, clock: Clock) -> None:
    competitors = [competitor(name) for name in NAMES]
    async with services(database, clock, competitors) as here:
        await here.start("5")
        await here.suggest("1?", "2?", "3?", "4?")
        await here.until_the_end()

    assert here.channel.posted[0].match
    assert here.channel.posted[0].match.place == Place(8, 1)
    assert len(here.channel.posted) == 4


async def test_the_matches_of_a_round_come_in_an_order_that_chance_decides(
    database: Database, clock: Clock
) -> None:
    firsts: set[Place] = set()
    async with services(database, clock, four()) as here:
        here.channel.ends_early = False
        for _ in range(8):
            await here.start(voting="1 min")
            await here.suggest("One?")
            await until(lambda: len(here.channel.posted) > len(here.channel.results))
            match = here.channel.posted[-1].match
            assert match
            firsts.add(match.place)
            await here.arena.tournaments.stop(ACTOR, CHANNEL)
            await here.let_pass_until(lambda: not here.arena.tournaments.is_busy)
            here.channel.posted.clear()
            here.channel.news.clear()

    assert firsts == {Place(4, 0), Place(4, 1)}


async def test_a_channel_has_one_tournament_at_a_time(database: Database, clock: Clock) -> None:
    async with services(database, clock, four()) as here:
        await here.start()

        with pytest.raises(ArenaError, match="under way in this channel already"):
            await here.start()
        await here.arena.tournaments.stop(ACTOR, CHANNEL)
        await here.start()


async def test_a_tournament_that_is_stopped_lets_the_vote_under_way_end(
    database: Database, clock: Clock
) -> None:
    async with services(database, clock, four()) as here:
        here.channel.ends_early = False
        await here.start()
        await here.suggest("One?", "Two?")
        await until(lambda: bool(here.channel.cards))
        await here.channel.cards[1].drawn[CardState.BALLOT].wait()
        await here.arena.tournaments.stop(ACTOR, CHANNEL)
        here.arena.battles.end_early(1, MONA, moderator=True)
        await until(lambda: here.arena.supervisor.runner(1) is None)
        await until(lambda: not here.arena.tournaments.is_busy)
        tournament = await here.now()
        async with database.read() as connection:
            battle = await battles.get(connection, GUILD, 1)

    assert not tournament.is_running
    assert not tournament.waiting
    assert battle
    assert battle.tally.votes == 3
    assert len(here.channel.posted) == 1
    assert not here.channel.results


async def test_a_match_that_outlives_its_tournament_holds_no_prompt_of_the_next_back(
    database: Database, clock: Clock
) -> None:
    async with services(database, clock, four()) as here:
        here.channel.ends_early = False
        for number in (1, 2):
            await here.start()
            await here.suggest("One?")
            await until(lambda: len(here.channel.posted) == number)  # noqa: B023 - it is awaited at once
            await here.arena.tournaments.stop(ACTOR, CHANNEL)

    assert [battle.battle_id for battle in here.channel.posted] == [1, 2]


@pytest.mark.parametrize("reason", [VoidReason.CHANNEL_GONE, VoidReason.GUILD_GONE])
async def test_a_tournament_ends_with_its_channel(
    database: Database, clock: Clock, reason: VoidReason
) -> None:
    async with services(database, clock, four()) as here:
        await here.start()
        here.channel.troubles.append(MessageGoneError(reason))
        await here.suggest("One?")
        tournament = await here.until_the_end()

    assert not tournament.results


async def test_no_match_begins_in_a_thread_that_is_shut(database: Database, clock: Clock) -> None:
    async with services(database, clock, four()) as here:
        await here.start()
        here.channel.shut = 20
        await here.suggest("One?", "Two?", "Three?")
        tournament = await here.until_the_end()

    assert len(here.channel.posted) == len(tournament.results)
    assert {result.outcome for result in tournament.results.values()} == {MatchOutcome.VOTES}
    async with database.read() as connection:
        assert await battles.get(connection, tournament.guild_id, len(here.channel.posted) + 1) is None


async def test_a_channel_that_is_lost_while_nothing_is_played_ends_it_too(
    database: Database, clock: Clock
) -> None:
    async with services(database, clock, four()) as here:
        await here.start()
        await here.arena.tournaments.lose(channel_id=CHANNEL)
        await until(lambda: not here.arena.tournaments.is_busy)

        assert not (await here.now()).is_running


async def test_what_discord_does_not_take_is_offered_again(database: Database, clock: Clock) -> None:
    async with services(database, clock, four()) as here:
        await here.start()
        await until(lambda: True)
        here.channel.troubles += [
            MessageUnavailableError("503"),
            MessageGoneError(VoidReason.NO_PERMISSION),
        ]
        await here.suggest("One?", "Two?", "Three?")
        tournament = await here.until_the_end()

    assert len(tournament.results) == 3
    assert [result.place for result in here.channel.results] == list(tournament.results)


async def test_the_limits_of_the_server_hold_a_match_up_and_the_channel_is_told_why(
    database: Database, clock: Clock
) -> None:
    async with services(database, clock, four(), limits=Limits(battles_per_day=1)) as here:

        def told() -> list[str]:
            texts = [news for news in here.channel.news if isinstance(news, str)]
            return [text for text in texts if "used up its battles of today" in text]

        await here.start()
        await here.suggest("One?", "Two?", "Three?")
        for day in (1, 2):
            await until(lambda: len(told()) == day)  # noqa: B023 - it is awaited at once
            assert len(here.channel.posted) == day
            clock.passed += DAY_SECONDS
        tournament = await here.until_the_end()

    assert len(tournament.results) == 3
    assert len(told()) == 2


@pytest.mark.parametrize("seed", range(4))
async def test_a_process_may_end_anywhere_and_the_next_goes_on(
    database: Database, clock: Clock, seed: int
) -> None:
    channel: PlainChannel | None = None
    random = Random(seed)
    competitors = [competitor(name) for name in NAMES]
    starts, is_running = 0, True
    while is_running:
        async with services(database, clock, competitors, channel=channel, pauses=USUAL) as here:
            channel = here.channel
            await here.resume()
            if not starts:
                await here.start("5")
                await here.suggest("1?", "2?", "3?", "4?", "5?")
            starts += 1
            for _ in range(random.choice([0, 1, 3, 10, 30])):
                clock.passed += 5.0
                is_running = (await here.now()).is_running
    async with database.read() as connection:
        tournament = await tournaments.get(connection, 1)
        unfinished = await tournament_matches.unsettled(connection, 1)

    assert starts > 1
    assert unfinished is None
    assert {place: result.winner for place, result in tournament.results.items()} == {
        Place(8, 1): 4,
        Place(4, 0): 1,
        Place(4, 1): 2,
        Place(2, 0): 1,
    }
    assert channel
    assert set(channel.results) == set(tournament.results.values())


async def test_a_queue_holds_a_few_prompts_of_each_member(database: Database, clock: Clock) -> None:
    async with services(database, clock, four()) as here:
        here.channel.ends_early = False
        with pytest.raises(ArenaError, match="No tournament is under way"):
            await here.suggest("Too early?")
        await here.start()
        await here.suggest("In use")
        await until(lambda: bool(here.channel.posted))
        await here.suggest("1?", "2?", "3?", "4?", "5?")
        with pytest.raises(ArenaError, match="5 prompts of yours wait already"):
            await here.suggest("6?")
        with pytest.raises(ArenaError, match="needs some text"):
            await here.suggest("  ", author=BEN)
        await here.suggest("7?", author=BEN)


@pytest.mark.parametrize("voting", ["5", "8 d", "soon", ""])
async def test_a_voting_time_out_of_bounds_is_refused(database: Database, clock: Clock, voting: str) -> None:
    async with services(database, clock, four()) as here:
        with pytest.raises(ArenaError, match="is not a time from 10 s to 7 days"):
            await here.start(voting=voting)


async def test_a_vote_lasts_as_long_as_was_chosen(database: Database, clock: Clock) -> None:
    async with services(database, clock, four()) as here:
        await here.start(voting="1 h")
        await here.suggest("One?")
        await until(lambda: bool(here.channel.posted))

    assert here.channel.posted[0].rules.voting_seconds == 3600
    assert here.channel.posted[0].rules.early_close == "moderators"
