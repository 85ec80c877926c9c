from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from bot.arena.ratings import fit
from bot.domain import PairSums, Tally
from bot.exports.sheets import Format
from bot.storage import models, pairs
from bot.storage.pairs import Scope
from tests.exports.history import GUILD, eventful, exported
from tests.exports.loading import rows

if TYPE_CHECKING:
    from pathlib import Path

    from bot.storage.database import Database
    from tests.exports.loading import Row


def sums_of(found: list[Row], battle: str, ids: dict[str, int]) -> dict[tuple[int, int], PairSums]:
    """Count the votes of each battle, then add the battles up: all that a leaderboard needs."""
    by_battle: defaultdict[str, list[Row]] = defaultdict(list)
    for row in found:
        by_battle[str(row[battle])].append(row)
    sums: defaultdict[tuple[int, int], PairSums] = defaultdict(PairSums)
    for cast in by_battle.values():
        winners = [row["winner"] for row in cast]
        tally = Tally(*map(winners.count, ("model_a", "model_b", "tie", "both_bad")))
        pair, change = pairs.in_order(ids[str(cast[0]["model_a"])], ids[str(cast[0]["model_b"])], tally)
        sums[pair] += change
    return dict(sums)


@pytest.mark.parametrize(
    ("format_", "battle"),
    [
        (Format.LMARENA, "evaluation_session_id"),
        (Format.PARQUET, "battle_id"),
        (Format.CSV, "battle_id"),
    ],
)
async def test_the_board_can_be_computed_from_an_export(
    database: Database, tmp_path: Path, format_: Format, battle: str
) -> None:
    await eventful(database)
    async with database.read() as connection:
        ids = {name: number for number, name in (await models.names(connection, GUILD)).items()}
        kept = await pairs.load(connection, GUILD, Scope())
    found = rows(await exported(database, tmp_path, format_))
    rebuilt = sums_of(found, battle, ids)

    assert rebuilt == kept
    assert fit(sorted(ids.values()), rebuilt).rows == fit(sorted(ids.values()), kept).rows
