"""Programs that others wrote read what is exported."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.arena.battles.closing import decide
from bot.domain.draws import WHOLE, Drawing
from bot.exports.formats import Format
from bot.storage import draws
from bot.storage.schema import contestants
from tests.exports.history import NAMES, OPENED, PlannedBattle, exported, held
from tests.exports.loading import frame, rows

if TYPE_CHECKING:
    from bot.storage.database import Database
    from tests.exports.loading import Value

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "export.md"
BLOCKS = re.findall(r"```python\n(.*?)```", DOCUMENTATION.read_text(encoding="utf-8"), re.DOTALL)
INSTALLED = ("pandas", "duckdb")
"""Of the libraries that the documentation names, those that the extra `dev` brings."""


STYLE = ("sum_assistant", "header_count", "list_count", "bold_count")


FASTCHAT = ["model_a", "model_b", "winner", "judge", "turn", "anony", "language", "tstamp"]
"""What its clean_battle_data writes, and all that its elo_analysis looks for without texts."""


async def output(folder: Path, *arguments: str) -> str:
    """Run Python in a folder; returns what it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    printed, said = await process.communicate()
    assert process.returncode == 0, said.decode()
    return printed.decode()


def snippet(library: str) -> str:
    (found,) = [block for block in BLOCKS if "battles.jsonl" in block and f"import {library}" in block]
    return found


@pytest.mark.parametrize("library", INSTALLED)
async def test_the_documentation_shows_how_to_load_every_export(
    eventful_database: Database, tmp_path: Path, library: str
) -> None:
    drawn = await held(eventful_database, PlannedBattle())
    async with eventful_database.write() as connection:
        await draws.add(connection, drawn.battle_id, Drawing(1, 2, {1: WHOLE, 2: WHOLE // 2, 3: WHOLE // 2}))
    await decide(eventful_database, drawn, OPENED + 120.0)
    paths = {each: await exported(eventful_database, tmp_path, each) for each in Format}
    program = snippet(library)
    votes, battles, chances = (await output(tmp_path, "-c", program)).split()

    assert [path.name for path in paths.values() if path.name not in program] == ["votes-evalica.csv"]
    assert int(votes) == len(rows(paths[Format.PARQUET])) > 40
    assert int(battles) == len(rows(paths[Format.JSONL])) > 40
    assert int(chances) == 3


@pytest.mark.parametrize("library", ["pl", "datasets"])
def test_what_is_shown_for_other_libraries_is_python(library: str) -> None:
    (program,) = [block for block in BLOCKS if re.search(rf"(as|from) {library}\b", block)]

    compile(program, library, "exec")


async def test_the_command_line_of_evalica_reads_its_format(
    eventful_database: Database, tmp_path: Path
) -> None:
    path = await exported(eventful_database, tmp_path, Format.EVALICA)
    winners = [
        str(row["winner"]) for row in rows(await exported(eventful_database, tmp_path, Format.PARQUET))
    ]
    told = [row["winner"] for row in rows(path)]
    printed = await output(tmp_path, "-m", "evalica", "-i", path.name, "pairwise", "bradley-terry")
    head, *board = printed.splitlines()

    assert head == "item,score,rank"
    assert sorted(line.split(",")[0] for line in board) == sorted(NAMES)
    assert told.count("left") == winners.count("model_a") > 10
    assert told.count("right") == winners.count("model_b") > 10
    assert told.count("tie") == winners.count("tie") + winners.count("both_bad") > 10


async def test_fastchat_finds_its_columns_in_a_flat_file(eventful_database: Database, tmp_path: Path) -> None:
    found = rows(await exported(eventful_database, tmp_path, Format.PARQUET))
    (program,) = [block for block in BLOCKS if "fastchat_winner" in block]
    await output(tmp_path, "-c", program)
    written = json.loads((tmp_path / "clean_battle.json").read_text())

    assert [list(vote) for vote in written] == [FASTCHAT] * len(found)
    assert {vote["winner"] for vote in written} == {"model_a", "model_b", "tie", "tie (bothbad)"}
    assert {type(vote[name]) for vote in written for name in ("tstamp", "turn")} <= {int, float}
    assert {vote["anony"] for vote in written} == {True}
    assert [vote["judge"] for vote in written] == [row["member"] for row in found]


def style(metadata: Value, name: str, side: str) -> float:
    """Return what arena-rank's notebook and FastChat's reports take for a measure of style."""
    assert isinstance(metadata, dict)
    found = metadata[f"{name}_{side}_tokens" if name == "sum_assistant" else f"{name}_{side}"]
    if isinstance(found, dict):
        return sum(count for count in found.values() if isinstance(count, int))
    assert isinstance(found, int), (name, found)
    return found


async def test_style_control_finds_a_number_in_every_row(eventful_database: Database, tmp_path: Path) -> None:
    async with eventful_database.write() as connection:
        uncounted = contestants.update().where(contestants.c.battle_id % 2 == 0)
        await connection.execute(uncounted.values(input_tokens=None, output_tokens=None))
    found = frame(await exported(eventful_database, tmp_path, Format.LMARENA)).to_dict("records")
    features = [
        [style(row["conv_metadata"], name, side) for name in STYLE for side in ("a", "b")] for row in found
    ]

    assert len(features) > 40
    assert min(row[0] for row in features) > 0
