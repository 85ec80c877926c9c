from __future__ import annotations

import asyncio
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.arena.ratings.bradley_terry import fit
from bot.domain import pair_sums
from bot.domain.pair_sums import PairSums, Scope
from bot.domain.vote import Tally
from bot.exports.formats import Format
from bot.storage import models, pairs
from tests.exports.history import GUILD, exported
from tests.exports.loading import rows

if TYPE_CHECKING:
    from bot.storage.database import Database
    from tests.exports.loading import Row

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "export.md"


def sums_of(found: list[Row], battle: str, ids: dict[str, int]) -> dict[tuple[int, int], PairSums]:
    """Count the votes of each battle, then add the battles up: all that a leaderboard needs."""
    by_battle: defaultdict[str, list[Row]] = defaultdict(list)
    for row in found:
        by_battle[str(row[battle])].append(row)
    sums: defaultdict[tuple[int, int], PairSums] = defaultdict(PairSums)
    for cast in by_battle.values():
        winners = [row["winner"] for row in cast]
        tally = Tally(*map(winners.count, ("model_a", "model_b", "tie", "both_bad")))
        pair, change = pair_sums.in_order(ids[str(cast[0]["model_a"])], ids[str(cast[0]["model_b"])], tally)
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
    eventful_database: Database, tmp_path: Path, format_: Format, battle: str
) -> None:
    async with eventful_database.read() as connection:
        ids = {name: number for number, name in (await models.names(connection, GUILD)).items()}
        kept = await pairs.load(connection, GUILD, Scope())
    found = rows(await exported(eventful_database, tmp_path, format_))
    rebuilt = sums_of(found, battle, ids)

    assert rebuilt == kept
    assert fit(sorted(ids.values()), rebuilt).rows == fit(sorted(ids.values()), kept).rows


async def test_the_documentation_shows_how(eventful_database: Database, tmp_path: Path) -> None:
    await exported(eventful_database, tmp_path, Format.LMARENA)
    async with eventful_database.read() as connection:
        names = await models.names(connection, GUILD)
        kept = await pairs.load(connection, GUILD, Scope())
    *_, program = re.findall(r"```python\n(.*?)```", DOCUMENTATION.read_text(encoding="utf-8"), re.DOTALL)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program),
        cwd=tmp_path,
        env={"PYTHONPATH": ":".join(filter(None, sys.path))},
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await process.communicate()

    board = sorted(fit(sorted(names), kept).rows, key=lambda row: -row.rating)
    assert [line.split() for line in printed.decode().splitlines()] == [
        [names[row.model], f"{row.rating:.0f}", "±", f"{row.half_width:.0f}"] for row in board
    ]
