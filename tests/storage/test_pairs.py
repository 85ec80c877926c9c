from __future__ import annotations

from collections import defaultdict
from random import Random
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete

from bench.setup.holds import MOST_HOLD, collector_at_rest, watch_holds
from bot.domain.pair_sums import Key, PairSums, Scope, SeasonKey
from bot.domain.vote import Tally
from bot.storage import models, pair_recounts, pairs
from bot.storage.schema import pair_days

if TYPE_CHECKING:
    from bot.domain.pair_sums import Pair
    from bot.storage.database import Connection, Database
    from tests.storage.cuts import DatabaseFile

GUILD = 10
NAMES = ("Zephyrine", "Quillon", "Marrowby")


def battle(random: Random, models: list[int]) -> tuple[Key, PairSums]:
    i, j = sorted(random.sample(models, 2))
    day = random.randrange(20_000, 20_004)
    votes = (random.randrange(4) for _ in range(4))
    return Key(random.choice(("all", "code")), day // 20_002 + 1, day, i, j), PairSums.of(Tally(*votes))


@pytest.mark.parametrize("seed", range(5))
async def test_where_no_battle_is_left_no_row_is_either(database: Database, seed: int) -> None:
    random = Random(seed)
    async with database.write() as connection:
        await models.ensure(connection, GUILD, NAMES, 0.0)
        ids = sorted(await models.names(connection, GUILD))
        held = [battle(random, ids) for _ in range(40)]
        for key, sums in held:
            await pairs.add(connection, GUILD, {key: sums})
        random.shuffle(held)
        for taken_out in (held[:10], held[10:25]):
            changes: defaultdict[Key, PairSums] = defaultdict(PairSums)
            for key, sums in taken_out:
                changes[key] -= sums
            await pairs.add(connection, GUILD, changes)
        stored = await pair_recounts.stored(connection, GUILD)

    by_day: defaultdict[Key, PairSums] = defaultdict(PairSums)
    by_season: defaultdict[SeasonKey, PairSums] = defaultdict(PairSums)
    for key, sums in held[25:]:
        by_day[key] += sums
        by_season[SeasonKey(key.category, key.season, key.model_i, key.model_j)] += sums
    assert stored == pair_recounts.Sums(by_day, by_season)


async def added_up(
    connection: Connection, season: int, first_day: int, last_day: int
) -> tuple[dict[Pair, PairSums], dict[Pair, PairSums]]:
    """Add up all days before and all days until then."""
    found = [
        await pairs.load_steps(
            connection, GUILD, Scope(season=season), first_day=0, last_day=day, step=day + 1
        )
        for day in (first_day - 1, last_day)
    ]
    return found[0].get(0, {}), found[1].get(0, {})


@pytest.mark.parametrize("seed", range(5))
async def test_a_season_around_some_days_is_what_its_days_add_up_to(database: Database, seed: int) -> None:
    random = Random(seed)
    async with database.write() as connection:
        await models.ensure(connection, GUILD, NAMES, 0.0)
        ids = sorted(await models.names(connection, GUILD))
        for key, sums in [battle(random, ids) for _ in range(40)]:
            await pairs.add(connection, GUILD, {key: sums})
        for season in (1, 2, 3):
            for days in ((20_000, 20_000), (20_001, 20_002), (20_002, 20_005), (20_004, 20_010)):
                first, last = days
                found = await pairs.load_around(connection, GUILD, season, first_day=first, last_day=last)
                assert found == await added_up(connection, season, first, last)


async def test_a_season_before_some_days_is_known_without_the_days_before(database: Database) -> None:
    random = Random(1)
    async with database.write() as connection:
        await models.ensure(connection, GUILD, NAMES, 0.0)
        ids = sorted(await models.names(connection, GUILD))
        for key, sums in [battle(random, ids) for _ in range(40)]:
            await pairs.add(connection, GUILD, {key: sums})
        expected = await added_up(connection, 1, 20_001, 20_001)
        await connection.execute(delete(pair_days).where(pair_days.c.day < 20_001))
        found = await pairs.load_around(connection, GUILD, 1, first_day=20_001, last_day=20_001)

    assert found == expected


async def test_a_long_trend_holds_the_event_loop_for_moments_only(
    database: Database, file: DatabaseFile
) -> None:
    """Forty steps of 50 models that all met in each."""
    met = [(day, i, j) for day in range(40) for i in range(50) for j in range(i)]
    file.connection.execute("begin")
    file.connection.executemany(
        "insert into pair_days (guild_id, category, season, day, model_i, model_j, votes, score, weight,"
        " weighted, squares, u, wins_i, wins_j, ties, both_bad, battles)"
        " values (?, 'all', 1, ?, ?, ?, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1)",
        [(GUILD, day, j, i) for day, i, j in met],
    )
    file.connection.execute("commit")
    held: dict[str, float] = {}
    async with database.read() as connection:
        await pairs.days(connection, GUILD, Scope())
        with collector_at_rest(), watch_holds(MOST_HOLD, lambda by, seconds: held.update({by: seconds})):
            steps = await pairs.load_steps(connection, GUILD, Scope(), first_day=0, last_day=39, step=1)

    assert sum(map(len, steps.values())) == len(met)
    assert held == {}
