"""`arena-bot import` as a real process."""

from __future__ import annotations

import json
import sqlite3
from contextlib import asynccontextmanager, closing
from typing import TYPE_CHECKING

import pytest

from bot.storage import models
from bot.storage.database import open_database
from tests.cli.test_main import arena_bot, configure
from tests.databases import put_database

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

GUILD = 515151515151515151
ASKED = ("import", "--guild", str(GUILD), "--format", "fastchat", "--season", "Old  days", "rows.json")
ROW = {"question_id": "1", "model_a": "Zephyrine", "model_b": "Quillon", "winner": "model_a", "judge": "me"}
ROWS = [
    ROW,
    {**ROW, "question_id": "2", "winner": "tie"},
    {**ROW, "question_id": "3", "winner": "\u202enobody"},
    {**ROW, "question_id": "4", "anony": False},
]
SUMMARY = """\
rows                               4
battles                            2
votes                              2
votes that were there              0
models known here                  1
models added, retired              1
rows refused                       2
  no winner that is known          1
  names were shown                 1
added: Quillon
"""


@asynccontextmanager
async def installation(folder: Path) -> AsyncGenerator[None]:
    """Keep the database open meanwhile, as a running bot does."""
    configure(folder, "")
    (folder / "rows.json").write_text(json.dumps(ROWS))
    async with open_database(put_database(folder / "arena.sqlite3")) as database:
        async with database.write() as connection:
            await models.ensure(connection, GUILD, ["Zephyrine"], 1.0)
        yield


def held(folder: Path) -> tuple[int, list[tuple[int, str]]]:
    with closing(sqlite3.connect(folder / "arena.sqlite3")) as file:
        (count,) = file.execute("select count(*) from battles").fetchone()
        return count, file.execute("select number, name from seasons").fetchall()


def folders(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir() if each.is_dir()]


async def test_it_imports_beside_a_running_bot_and_says_what_it_did(tmp_path: Path) -> None:
    async with installation(tmp_path):
        status, out, err = await arena_bot(tmp_path, *ASKED)
        again = await arena_bot(tmp_path, *ASKED)

    assert status == 0, err
    assert out == SUMMARY
    first, second = err.splitlines()
    assert first == "row 3: winner is '\\u202enobody', not model_a, model_b, tie or both_bad"
    assert second == "row 4: the names were shown (anony is false); --with-names takes such votes too"
    assert [line.split()[-1] for line in again[1].splitlines()[:6]] == ["4", "0", "0", "2", "2", "0"]
    assert held(tmp_path) == (2, [(0, "Old days")])


async def test_a_dry_run_says_the_same_and_changes_nothing(tmp_path: Path) -> None:
    async with installation(tmp_path):
        before = held(tmp_path)
        status, out, err = await arena_bot(tmp_path, *ASKED, "--dry-run")
        after = held(tmp_path)

    assert status == 0, err
    assert out == SUMMARY + "this was a dry run: nothing was changed\n"
    assert before == after == (0, [])
    assert folders(tmp_path) == []


async def test_afterwards_every_sum_is_what_recompute_counts(tmp_path: Path) -> None:
    async with installation(tmp_path):
        await arena_bot(tmp_path, *ASKED)
    status, out, err = await arena_bot(tmp_path, "recompute")

    assert status == 0, err
    assert out == "all sums equal the votes and draws\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--guild", "1"), "--guild 1: the bot knows no such guild"),
        (("--season", " "), "--season: a name of 1 to 80 characters"),
        (("--models", "none.toml"), "--models none.toml: No such file or directory"),
    ],
)
async def test_what_must_be_mended_is_one_line(tmp_path: Path, arguments: tuple[str, str], said: str) -> None:
    async with installation(tmp_path):
        status, _, err = await arena_bot(tmp_path, *ASKED, *arguments)

    assert status == 2
    assert err.startswith(f"arena-bot: {said}")
    assert err.count("\n") == 1


async def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    async with installation(tmp_path):
        (tmp_path / "rows.json").unlink()
        status, _, err = await arena_bot(tmp_path, *ASKED)

    assert status == 2
    assert err == "arena-bot: rows.json: No such file or directory\n"


async def test_a_mapping_names_models(tmp_path: Path) -> None:
    async with installation(tmp_path):
        (tmp_path / "models.toml").write_text('"Quillon" = "Zephyrine two"\n')
        _, out, _ = await arena_bot(tmp_path, *ASKED, "--models", "models.toml")

    assert out.endswith("added: Zephyrine two\n")
