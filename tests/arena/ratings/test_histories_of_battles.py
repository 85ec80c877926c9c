"""Whatever happens to battles, the stored sums and every board are what the history makes them."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from itertools import count, pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from bot.arena.battles.closing import decide
from bot.arena.models.breaker import CircuitBreakers
from bot.arena.models.roster import Roster
from bot.arena.models.spending import Spending
from bot.arena.moderation.rulings import Rulings
from bot.arena.moderation.seasons import Seasons
from bot.arena.ratings.board_filter import ALL_TIME, THIS_SEASON, BoardFilter, past_season
from bot.arena.ratings.bradley_terry import fit
from bot.arena.ratings.leaderboards import Board, Leaderboards
from bot.config import BattleDefaults
from bot.domain.audit import Actor
from bot.domain.battle import BattleState, UnratedReason
from bot.domain.days import DAY_SECONDS, day_of
from bot.domain.pair_sums import OVERALL, Scope
from bot.domain.vote import Vote
from bot.errors import ArenaError
from bot.storage import battles, pair_recounts, pairs, votes
from bot.storage.battles import NewBattle
from bot.storage.database import Database, open_database
from bot.storage.votes import StoredVote
from tests.arena.ratings.told import RememberedBattle, by_evalica, from_scratch
from tests.competitors import competitor
from tests.databases import added, put_database
from tests.examples import examples

if TYPE_CHECKING:
    from collections.abc import Coroutine, Generator, Iterator
    from pathlib import Path
    from typing import TypeVar

    from bot.domain.pair_sums import PairSums
    from bot.storage.pair_recounts import Sums

    T = TypeVar("T")

START = 1_767_225_600.0
NAMES = ("Zephyrine", "Quillon", "Marrowby", "Tamsin")
CATEGORIES = ("lang:en", "lang:ja", "code")
LAST_WEEK = "7d"

seats = st.permutations(range(len(NAMES)))
ballots = st.dictionaries(st.integers(1, 6), st.sampled_from([*Vote, None]))
some_ballots = st.dictionaries(st.integers(1, 6), st.sampled_from([*Vote, None]), min_size=2)


@dataclass(frozen=True, slots=True)
class HistoryServices:
    """What all histories stand on; each is that of another guild."""

    runner: asyncio.Runner
    database: Database
    guilds: Iterator[int]


@pytest.fixture
def ground(tmp_path: Path) -> Generator[HistoryServices]:
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        opening = stack.enter_async_context(open_database(put_database(tmp_path / "arena.sqlite3")))
        yield HistoryServices(runner, runner.run(opening), count(1))
        runner.run(stack.aclose())


class BattleHistories(RuleBasedStateMachine):
    """One guild's history, told to the product and remembered beside it."""

    open_battles: Bundle[RememberedBattle] = Bundle("open_battles")
    closed_battles: Bundle[RememberedBattle] = Bundle("closed_battles")

    def __init__(self, ground: HistoryServices) -> None:
        super().__init__()
        self.ground, self.database = ground, ground.database
        self.guild_id = next(ground.guilds)
        self.actor = Actor(self.guild_id, 7)
        self.now, self.season = START, 1
        self.told: list[RememberedBattle] = []
        self.checked: tuple[int, int, list[int]] | None = None
        self.rulings = Rulings(self.database, self.clock)
        self.seasons = Seasons(self.database, self.clock)
        roster = Roster(
            self.database,
            map(competitor, NAMES),
            CircuitBreakers(3, self.clock),
            lambda _model: None,
            self.clock,
            Spending(self.database, self.clock),
        )
        self.leaderboards = Leaderboards(self.database, roster, BattleDefaults(), self.clock)
        self.ids = sorted(self.run(roster.of(self.guild_id)).names)

    def clock(self) -> float:
        return self.now

    def run(self, work: Coroutine[None, None, T]) -> T:
        return self.ground.runner.run(work)

    @rule(
        target=open_battles,
        seats=seats,
        categories=st.frozensets(st.sampled_from(CATEGORIES)),
        unrated=st.sampled_from([None, None, None, UnratedReason.LEAK]),
    )
    def open(
        self, seats: list[int], categories: frozenset[str], unrated: UnratedReason | None
    ) -> RememberedBattle:
        before = self.run(self.stored())
        battle = self.run(self.begun(self.ids[seats[0]], self.ids[seats[1]], categories, unrated))
        self.told.append(battle)
        with pytest.raises(ArenaError):
            self.run(self.rulings.void(self.actor, battle.battle_id, "too early"))
        with pytest.raises(ArenaError):
            self.run(self.rulings.unvoid(self.actor, battle.battle_id))

        assert self.run(self.stored()) == before
        return battle

    @rule(battle=open_battles, cast=ballots)
    def vote(self, battle: RememberedBattle, cast: dict[int, Vote | None]) -> None:
        """Let members vote, change their votes, or take them back."""
        before = self.run(self.stored())
        self.run(self.cast(battle, cast))
        changed = battle.votes | cast
        battle.votes = {member: vote for member, vote in changed.items() if vote is not None}

        assert self.run(self.stored()) == before

    @rule(target=closed_battles, battle=consumes(open_battles), cast=some_ballots)
    def close(self, battle: RememberedBattle, cast: dict[int, Vote | None]) -> RememberedBattle:
        self.vote(battle, cast)
        battle.day, battle.season = day_of(self.now), self.season

        assert self.run(self.decided(battle))
        assert not self.run(self.decided(battle))
        return battle

    @rule(battle=closed_battles)
    def void_or_bring_back(self, battle: RememberedBattle) -> None:
        battle.voided = not battle.voided
        self.rule_on(battle)

        with pytest.raises(ArenaError):
            self.rule_on(battle)

    @rule(battle=closed_battles)
    def void_or_bring_back_and_repent(self, battle: RememberedBattle) -> None:
        before = self.run(self.stored()), self.run(self.boards())
        self.void_or_bring_back(battle)
        self.the_sums_are_those_of_a_recount()
        self.void_or_bring_back(battle)

        assert (self.run(self.stored()), self.run(self.boards())) == before

    @rule()
    def end_season(self) -> None:
        self.run(self.seasons.end(self.actor, f"Season {self.season}"))
        self.season += 1

    @rule(days=st.sampled_from([0, 1, 6, 7]), seconds=st.sampled_from([0, 3600]))
    def pass_time(self, days: int, seconds: int) -> None:
        self.now += days * DAY_SECONDS + seconds

    @invariant()
    def the_sums_are_those_of_a_recount(self) -> None:
        assert self.run(self.stored()) == self.run(self.counted())

    @invariant()
    def every_board_is_what_the_history_makes_it(self) -> None:
        state = self.season, day_of(self.now), [battle.battle_id for battle in self.told if battle.counts]
        if state == self.checked:
            return
        self.checked = state
        for board in self.run(self.boards()):
            counting = [battle for battle in self.told if self.counts(battle, board.view)]
            shown = (
                self.ids
                if board.view.is_plain
                else sorted({model for each in counting for model in each.pair})
            )
            expected = from_scratch(shown, counting)
            rows = {standing.rating.model: standing.rating for standing in board.standings}
            assert rows.keys() == expected.keys()
            for model, figures in expected.items():
                assert (rows[model].rating, rows[model].half_width) == pytest.approx(figures, abs=1e-9)
            assert board.battles == len(counting)
            assert board.votes == sum(len(battle.votes) for battle in counting)

    def teardown(self) -> None:
        """Compare with another implementation, on a history in which every model won and lost."""
        for a, b in pairwise(self.ids):
            battle = self.run(self.begun(a, b, frozenset(), None))
            self.told.append(battle)
            self.close(battle, {1: Vote.A, 2: Vote.B})
        sums = self.run(self.all_time())
        ours = [row.rating for row in fit(self.ids, sums, prior=1e-9).rows]
        theirs = by_evalica(self.ids, [battle for battle in self.told if battle.counts])

        assert ours == pytest.approx(theirs, abs=0.01)

    def counts(self, battle: RememberedBattle, view: BoardFilter) -> bool:
        if not battle.counts or battle.day is None:
            return False
        periods = {
            ALL_TIME: True,
            THIS_SEASON: battle.season == self.season,
            LAST_WEEK: battle.day > day_of(self.now) - 7,
            past_season(battle.season or 0): battle.season != self.season,
        }
        return view.category in {OVERALL, *battle.categories} and periods.get(view.period, False)

    def rule_on(self, battle: RememberedBattle) -> None:
        if battle.voided:
            self.run(self.rulings.void(self.actor, battle.battle_id, "cheating"))
        else:
            self.run(self.rulings.unvoid(self.actor, battle.battle_id))

    async def begun(
        self, a: int, b: int, categories: frozenset[str], unrated: UnratedReason | None
    ) -> RememberedBattle:
        new = NewBattle(
            guild_id=self.guild_id,
            channel_id=20,
            asker_id=30,
            prompt="Why?",
            locale="en-US",
            opened_at=self.now,
            interaction_token="token",
            drawn_probability=0.5,
            model_a=a,
            model_b=b,
            categories=categories,
        )
        async with self.database.write() as connection:
            stored = await added(connection, new)
            battle = replace(stored, state=BattleState.VOTING, closes_at=self.now + 120, unrated=unrated)
            await battles.begin_voting(connection, battle, voting_at=self.now, drawn_probability=0.5)
        return RememberedBattle(battle.battle_id, a, b, categories, unrated is not None)

    async def cast(self, battle: RememberedBattle, cast: dict[int, Vote | None]) -> None:
        rows = [
            StoredVote(battle.battle_id, member, vote, unclear=False, member_ballot="||", changed_at=self.now)
            for member, vote in cast.items()
        ]
        async with self.database.write() as connection:
            await votes.save(connection, rows)

    async def decided(self, told: RememberedBattle) -> bool:
        async with self.database.read() as connection:
            battle = await battles.get(connection, self.guild_id, told.battle_id)
        assert battle
        return await decide(self.database, battle, self.now) is not None

    async def stored(self) -> Sums:
        async with self.database.read() as connection:
            return await pair_recounts.stored(connection, self.guild_id)

    async def counted(self) -> Sums:
        async with self.database.read() as connection:
            return await pair_recounts.counted(connection, self.guild_id)

    async def all_time(self) -> dict[tuple[int, int], PairSums]:
        async with self.database.read() as connection:
            return await pairs.load(connection, self.guild_id, Scope())

    async def boards(self) -> list[Board]:
        past = map(past_season, range(1, self.season))
        views = [BoardFilter(period=period) for period in (THIS_SEASON, ALL_TIME, LAST_WEEK, *past)]
        views += [BoardFilter(category, ALL_TIME) for category in CATEGORIES]
        return [await self.leaderboards.board(self.guild_id, view) for view in views]


def test_any_history_leaves_the_sums_and_boards_that_it_makes(ground: HistoryServices) -> None:
    # Shortening a failing history would take longer than a test may; `print_blob` repeats it.
    bounds = settings(
        examples(10),
        stateful_step_count=25,
        phases=[Phase.reuse, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
        print_blob=True,
    )

    class HistoriesHere(BattleHistories):
        def __init__(self) -> None:
            super().__init__(ground)

    run_machine(HistoriesHere, settings=bounds)
