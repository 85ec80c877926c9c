"""The recap of a week, from battles in a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete

from bot.arena.battles.closing import decide
from bot.arena.models.breaker import CircuitBreakers
from bot.arena.models.roster import Roster
from bot.arena.models.spending import Spending
from bot.arena.moderation.seasons import Seasons
from bot.arena.ratings.leaderboards import Leaderboards
from bot.arena.ratings.recaps import Recap, Recaps
from bot.arena.ratings.weeks import calendar_week, week_number
from bot.config import BattleDefaults
from bot.domain.audit import Actor
from bot.domain.vote import Vote
from bot.storage import seasons, votes
from bot.storage.schema import pair_days
from bot.storage.votes import StoredVote
from tests.arena.stored_battles import GUILD, NAMES, begun

if TYPE_CHECKING:
    from bot.arena.ratings.leaderboards import Board
    from bot.storage.database import Database

FIRST, SECOND, THIRD = NAMES
DEFAULTS = BattleDefaults(min_votes_ranked=3, min_battles_ranked=1)


def moment(day: int, hour: int = 12) -> float:
    return datetime(2026, 1, day, hour, tzinfo=UTC).timestamp()


WEEK = calendar_week(week_number(moment(5)))
"""From 5 to 11 January."""


@dataclass(slots=True)
class RecapServer:
    database: Database
    now: float = 0.0

    def clock(self) -> float:
        return self.now

    @property
    def roster(self) -> Roster:
        breakers, spending = CircuitBreakers(3, self.clock), Spending(self.database, self.clock)
        return Roster(self.database, [], breakers, lambda _model: None, self.clock, spending)

    async def wins(self, winner: str, loser: str, number: int, at: float, times: int = 1) -> None:
        """Hold battles that so many members say one model won."""
        for _ in range(times):
            await self._wins(winner, loser, number, at)

    async def _wins(self, winner: str, loser: str, number: int, at: float) -> None:
        battle = await begun(self.database, winner, loser)
        rows = [
            StoredVote(battle.battle_id, member, Vote.A, unclear=False, member_ballot="", changed_at=at)
            for member in range(number)
        ]
        async with self.database.write() as connection:
            await votes.save(connection, rows)
        assert await decide(self.database, battle, at)

    async def end_season(self, at: float) -> None:
        self.now = at
        await Seasons(self.database, self.clock).end(Actor(GUILD, 1), "Winter")

    async def recap(self) -> Recap:
        return await Recaps(self.database, self.roster, DEFAULTS).of(GUILD, WEEK)

    async def board(self) -> Board:
        return await Leaderboards(self.database, self.roster, DEFAULTS, self.clock).board(GUILD)


@pytest.fixture
def server(database: Database) -> RecapServer:
    return RecapServer(database)


async def test_the_figures_are_those_of_the_board_then_and_a_week_before(server: RecapServer) -> None:
    await server.wins(FIRST, SECOND, 4, moment(2))
    before = {row.name: row.rating.rating for row in (await server.board()).standings}
    await server.wins(SECOND, FIRST, 6, moment(5, 0), times=9)
    await server.wins(SECOND, THIRD, 6, moment(11, 23), times=9)
    after = {row.name: row.rating for row in (await server.board()).standings}
    await server.wins(THIRD, SECOND, 9, moment(12, 0))
    recap = await server.recap()

    assert recap.champion
    assert recap.climber
    assert recap.champion.name == SECOND
    assert recap.champion.rating.rating == pytest.approx(after[SECOND].rating, abs=1e-9)
    assert recap.champion.rating.half_width == pytest.approx(after[SECOND].half_width, abs=1e-9)
    assert recap.climber.name == SECOND
    assert recap.climber.before == pytest.approx(before[SECOND], abs=1e-9)
    assert recap.climber.after == pytest.approx(after[SECOND].rating, abs=1e-9)
    assert [move.name for move in recap.movers] == [SECOND, FIRST]
    assert recap.figures == (18, 108, 6, 3)


async def test_the_days_before_the_week_are_not_read(server: RecapServer) -> None:
    await server.wins(FIRST, SECOND, 4, moment(2))
    await server.wins(SECOND, FIRST, 6, moment(7))
    await server.wins(SECOND, FIRST, 6, moment(12, 0))
    before = await server.recap()
    async with server.database.write() as connection:
        await connection.execute(delete(pair_days).where(pair_days.c.day < WEEK.first_day))

    assert before.climber
    assert await server.recap() == before


async def test_a_season_that_ended_after_the_week_is_still_its_season(server: RecapServer) -> None:
    await server.wins(FIRST, SECOND, 4, moment(7), times=9)
    await server.end_season(moment(12, 5))
    recap = await server.recap()

    assert recap.champion
    assert recap.champion.name == FIRST


async def test_a_season_that_began_in_the_week_begins_anew(server: RecapServer) -> None:
    await server.wins(FIRST, SECOND, 4, moment(2))
    await server.wins(FIRST, SECOND, 4, moment(7))
    await server.end_season(moment(8))
    await server.wins(SECOND, FIRST, 4, moment(9), times=9)
    recap = await server.recap()

    assert recap.champion
    assert recap.champion.name == SECOND
    assert recap.climber is None
    assert recap.figures.battles == 10


async def test_a_season_that_was_imported_is_none_of_those_that_ended_before(server: RecapServer) -> None:
    await server.wins(FIRST, SECOND, 4, moment(7), times=9)
    async with server.database.write() as connection:
        await seasons.add_imported(connection, GUILD, "Elsewhere", moment(3))
    recap = await server.recap()

    assert recap.champion
    assert recap.champion.name == FIRST


async def test_models_with_few_votes_neither_lead_nor_climb(server: RecapServer) -> None:
    await server.wins(FIRST, SECOND, 1, moment(2))
    await server.wins(SECOND, FIRST, 1, moment(7))
    recap = await server.recap()

    assert recap.champion is None
    assert recap.climber is None
    assert recap.movers == ()


async def test_a_week_without_decided_battles_is_empty(server: RecapServer) -> None:
    await server.wins(FIRST, SECOND, 9, moment(2))
    await begun(server.database)

    assert (await server.recap()).is_empty
