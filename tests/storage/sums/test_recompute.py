"""The repair of sums that differ, while somebody else writes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, event

from bot.arena.battles.closing import decide
from bot.cli.recompute import recompute
from bot.domain.draws import WHOLE, Drawing
from bot.domain.vote import Vote
from bot.storage import draws, votes
from bot.storage.votes import StoredVote
from tests.arena.stored_battles import GUILD, OPENED, begun
from tests.storage.sums.recounted import wrong_sums

if TYPE_CHECKING:
    from pathlib import Path

    from bot.storage.database import Database

DAY = 24 * 3600.0
CHANCES = {1: WHOLE // 2, 2: WHOLE, 3: WHOLE // 2}
SPOILT = {
    "a tally": "update battles set votes_a = 7 where battle_id = 1",
    "a day": "update pair_days set votes = 99 where day % 2 = 0",
    "a season": "update pair_sums set battles = 5",
    "a pair that never met": "insert into pair_days select guild_id, 'code', day, season, model_i, 3,"
    " battles, votes, score, weight, weighted, squares, u, wins_i, wins_j, ties, both_bad"
    " from pair_days limit 1",
    "no row of a season": "delete from pair_sums",
    "a member's votes": "update voters set votes = 9 where user_id = 100",
    "a member who never voted": "insert into voters select guild_id, category, season, 77, 1"
    " from voters limit 1",
    "no voter": "delete from voters",
    "draws of a model": "update model_draws set expected = expected + 1, seats = 0 where model_id = 2",
    "draws of the server": "update guild_draws set wins_a = 9, since = 1.0",
}


async def hold(database: Database, day: int, *cast: Vote) -> None:
    battle = await begun(database)
    rows = [
        StoredVote(battle.battle_id, 100 + n, each, unclear=False, member_ballot="", changed_at=OPENED)
        for n, each in enumerate(cast)
    ]
    async with database.write() as connection:
        await draws.add(connection, battle.battle_id, Drawing(1, 2, CHANCES))
        await votes.save(connection, rows)
    assert await decide(database, battle, OPENED + 60.0 + day * DAY)


async def history(database: Database) -> None:
    for day, cast in enumerate([(Vote.A,), (Vote.B, Vote.A), (Vote.TIE, Vote.A), (Vote.A, Vote.A)]):
        await hold(database, day, *cast)


async def told(path: Path) -> list[str]:
    return [str(difference) async for difference in recompute(path)]


@pytest.mark.parametrize("statement", SPOILT.values(), ids=SPOILT)
async def test_every_sum_that_is_wrong_is_told_and_repaired(
    database: Database, path: Path, statement: str
) -> None:
    await history(database)
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(statement)
    first, second = await told(path), await told(path)

    assert first
    assert second == []
    assert await wrong_sums(database, GUILD) == []


@pytest.mark.parametrize("statement", SPOILT.values(), ids=SPOILT)
async def test_a_battle_that_ends_after_the_count_is_in_the_repaired_sums(
    database: Database, path: Path, statement: str
) -> None:
    await history(database)
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(statement)
    is_first = True
    async for _ in recompute(path):
        if is_first:
            await hold(database, 0, Vote.A)
            await hold(database, 9, Vote.B)
            is_first = False

    assert await wrong_sums(database, GUILD) == []


async def test_nobody_is_kept_from_writing_while_sums_are_counted(database: Database, path: Path) -> None:
    await history(database)
    counted: list[str] = []
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other:

        def write(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if "FROM battles" in statement or "FROM pair_days" in statement:
                other.execute("BEGIN IMMEDIATE")
                other.execute("ROLLBACK")
                counted.append(statement)

        event.listen(Engine, "before_cursor_execute", write)
        try:
            found = await told(path)
        finally:
            event.remove(Engine, "before_cursor_execute", write)

    assert found == []
    assert counted
