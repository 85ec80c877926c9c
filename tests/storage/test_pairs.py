from __future__ import annotations

from collections import defaultdict
from random import Random
from typing import TYPE_CHECKING

import pytest

from bot.domain.pair_sums import Key, PairSums, SeasonKey
from bot.domain.vote import Tally
from bot.storage import models, pair_recounts, pairs

if TYPE_CHECKING:
    from bot.storage.database import Database

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
