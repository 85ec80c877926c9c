"""`arena-bot export` as a real process."""

from __future__ import annotations

import json
import re
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from bot.domain.vote import Vote
from bot.exports.formats import Format
from bot.storage.database import open_database
from tests.cli.test_main import arena_bot, configure
from tests.databases import put_database
from tests.exports.history import ASKER, GUILD, PlannedBattle, decided
from tests.exports.loading import rows

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

ASKED = ("export", "--guild", str(GUILD), "--out", "out", "--format")
SALT = "0123456789abcdef"


@asynccontextmanager
async def installation(folder: Path) -> AsyncGenerator[None]:
    """Keep the database open meanwhile, as a running bot does."""
    configure(folder, "")
    async with open_database(put_database(folder / "arena.sqlite3")) as database:
        await decided(database, PlannedBattle((Vote.A, Vote.B)))
        yield


@pytest.mark.parametrize("format_", Format)
async def test_it_writes_the_file_and_says_what_is_in_it(tmp_path: Path, format_: Format) -> None:
    async with installation(tmp_path):
        status, out, err = await arena_bot(tmp_path, *ASKED, format_)
        found = rows(tmp_path / "out" / format_.file_name)

    assert status == 0, err
    assert out.splitlines()[0] == f"out/{format_.file_name}: {len(found)} rows from 1 battles"
    assert [file.name for file in (tmp_path / "out").iterdir()] == [format_.file_name]
    assert err == ""


async def test_the_salt_that_it_prints_gives_the_same_ids_again(tmp_path: Path) -> None:
    async with installation(tmp_path):
        _, out, _ = await arena_bot(tmp_path, *ASKED, "csv")
        once = (tmp_path / "out" / "votes.csv").read_text()
        salt = re.findall(r"salt: ([0-9a-f]{32}) ", out)
        _, again_out, _ = await arena_bot(tmp_path, *ASKED, "csv", "--force", "--salt", salt[0])
        again = (tmp_path / "out" / "votes.csv").read_text()
        await arena_bot(tmp_path, *ASKED, "csv", "--force", ARENA_EXPORT_SALT=SALT)
        other = (tmp_path / "out" / "votes.csv").read_text()

    assert once == again != other
    assert "salt" not in again_out


async def test_an_unknown_server_is_one_line_that_names_the_known_ones(tmp_path: Path) -> None:
    async with installation(tmp_path):
        status, _, err = await arena_bot(
            tmp_path, "export", "--guild", "1", "--format", "csv", "--out", "out"
        )

    assert status == 2
    assert err == f"arena-bot: --guild 1: the bot knows no such guild; it knows {GUILD}\n"


async def test_a_file_that_is_there_is_not_replaced_unasked(tmp_path: Path) -> None:
    async with installation(tmp_path):
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "votes.csv").write_text("mine")
        status, _, err = await arena_bot(tmp_path, *ASKED, "csv")
        kept = (tmp_path / "out" / "votes.csv").read_text()

    assert status == 2
    assert err == "arena-bot: out/votes.csv is there already; --force replaces it\n"
    assert kept == "mine"


async def test_a_folder_that_cannot_be_written_to_is_one_line(tmp_path: Path) -> None:
    async with installation(tmp_path):
        (tmp_path / "out").write_text("I am no folder")
        status, _, err = await arena_bot(tmp_path, *ASKED, "csv")

    assert status == 2
    assert err == "arena-bot: --out out: File exists\n"


@pytest.mark.parametrize("folder", ["/proc/nothing", "/dev/null"])
async def test_so_is_one_that_cannot_be_made(tmp_path: Path, folder: str) -> None:
    async with installation(tmp_path):
        status, _, err = await arena_bot(tmp_path, *ASKED[:3], "--out", folder, "--format", "csv")

    assert status == 2
    assert err.startswith(f"arena-bot: --out {folder}: ")
    assert err.count("\n") == 1


async def test_a_salt_that_can_be_guessed_is_refused(tmp_path: Path) -> None:
    async with installation(tmp_path):
        status, _, err = await arena_bot(tmp_path, *ASKED, "csv", "--salt", "pepper")

    assert status == 2
    assert err == "arena-bot: --salt: at least 16 characters, or the ids could be guessed\n"


async def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    configure(tmp_path, "")
    status, _, err = await arena_bot(tmp_path, *ASKED, "xlsx")

    assert status == 2
    assert "lmarena" in err


async def test_member_data_writes_what_is_kept_of_a_member(tmp_path: Path) -> None:
    asked = ("member-data", "--guild", str(GUILD), "--member", str(ASKER), "--out", "out")
    async with installation(tmp_path):
        status, out, err = await arena_bot(tmp_path, *asked)
        again, _, refused = await arena_bot(tmp_path, *asked)
        written = json.loads((tmp_path / "out" / "arena-bot-data.json").read_text())

    assert (status, err) == (0, "")
    assert out == "out/arena-bot-data.json\n"
    assert written["member"] == str(ASKER)
    assert [battle["prompt"] for battle in written["battles"]] == ["Why?"]
    assert again == 2
    assert refused == "arena-bot: out/arena-bot-data.json is there already; --force replaces it\n"
