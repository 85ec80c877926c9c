"""How many members the votes of a board are of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.arena.battles.closing import decide
from bot.domain.days import DAY_SECONDS, day_of
from bot.domain.pair_sums import Scope
from bot.domain.vote import Vote
from bot.storage import battle_categories, erasures, voters
from tests.arena.moderation.test_vote_audits import held
from tests.arena.stored_battles import GUILD, OPENED

if TYPE_CHECKING:
    from bot.storage.database import Database

NEXT_DAY = OPENED + DAY_SECONDS


async def counted(database: Database, scope: Scope, guild_id: int = GUILD) -> int:
    async with database.read() as connection:
        return await voters.count(connection, guild_id, scope)


async def test_members_count_once_and_only_where_their_vote_does(database: Database) -> None:
    coding = await held(database, {1: Vote.A, 2: Vote.B})
    async with database.write() as connection:
        await battle_categories.add(connection, coding.battle_id, ["code"])
    await decide(database, coding, OPENED)
    await decide(database, await held(database, {2: Vote.A, 3: Vote.TIE}), NEXT_DAY)
    await held(database, {4: Vote.A})

    assert await counted(database, Scope()) == 3
    assert await counted(database, Scope(category="code")) == 2
    assert await counted(database, Scope(since_day=day_of(NEXT_DAY))) == 2
    assert await counted(database, Scope(category="code", since_day=day_of(OPENED))) == 2
    assert await counted(database, Scope(category="code", since_day=day_of(NEXT_DAY))) == 0
    assert await counted(database, Scope(season=2)) == 0
    assert await counted(database, Scope(), GUILD + 1) == 0


async def test_all_who_were_forgotten_count_as_one(database: Database) -> None:
    for _ in range(2):
        await decide(database, await held(database, dict.fromkeys((1, 2, 3), Vote.A)), OPENED)
    async with database.write() as connection:
        for member in (1, 2):
            await erasures.erase(connection, GUILD, member, NEXT_DAY)

    since = day_of(OPENED)
    assert await counted(database, Scope()) == 2
    assert await counted(database, Scope(since_day=since)) == 2
    assert await counted(database, Scope(since_day=since, season=1)) == 2
    assert await counted(database, Scope(since_day=since + 1)) == 0
