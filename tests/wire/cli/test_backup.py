"""`arena-bot backup` beside a running bot, and `arena-bot restore` where none runs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.cli.test_main import arena_bot
from tests.databases import put_database
from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

    from tests.wire.processes import Installation

PAGE = 4096


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make an installation with a server in its database."""
    (tmp_path / "config.toml").write_text("")
    guild_in(put_database(tmp_path / "arena.sqlite3"), 1)
    return tmp_path


def guild_in(database: Path, guild_id: int) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("insert into guilds (guild_id, first_seen_at) values (?, 0)", [guild_id])


def guilds_of(database: Path) -> list[int]:
    with closing(sqlite3.connect(database)) as connection:
        return [row[0] for row in connection.execute("select guild_id from guilds order by 1")]


def fill(database: Path) -> None:
    """Make the database some pages larger."""
    with closing(sqlite3.connect(database)) as connection, connection:
        rows = [(number, 0) for number in range(10, 5000)]
        connection.executemany("insert into guilds (guild_id, first_seen_at) values (?, ?)", rows)


def damage(database: Path) -> None:
    """Overwrite the pages in the middle of the file, as a failing disk does."""
    content = bytearray(database.read_bytes())
    middle = len(content) // PAGE // 2 * PAGE
    content[middle : middle + 8 * PAGE] = b"\xff" * 8 * PAGE
    database.write_bytes(bytes(content))


def left_in(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.glob(pattern))


async def run(installation: Installation, command: str, file: Path) -> tuple[int, str, str]:
    return await arena_bot(
        installation.folder, command, str(file), "--config", str(installation.folder / "config.toml")
    )


async def test_a_backup_made_while_a_vote_is_open_lets_that_vote_go_on_from_there(tmp_path: Path) -> None:
    backup = tmp_path / "backup.sqlite3"
    async with scene(tmp_path) as arena:
        installation, people = arena.installation, arena.playground.people
        async with connected_bot(arena):
            card = await arena.battle()
            await arena.until(card, "Your last reaction counts")
            people.react(arena.members[1], card, "🅰️")
            await installation.until("select vote from votes", [("a",)])
            saved = await run(installation, "backup", backup)
            people.react(arena.members[2], card, "🅱️")
            await installation.until("select count(*) from votes", [(2,)])
            over_a_running_bot = await run(installation, "restore", backup)
        restored = await run(installation, "restore", backup)
        votes = installation.rows("select vote from votes")
        assert restored[0] == 0, restored
        (kept,) = left_in(tmp_path, "arena.sqlite3.before-restore-*")
        with closing(sqlite3.connect(kept)) as database:
            votes_kept = database.execute("select vote from votes order by user_id").fetchall()
        async with connected_bot(arena):
            await installation.until("select count(*) from votes", [(2,)])
            await people.press(arena.members[0], card, "arena:close:1").finished()
            await arena.until(card, "tie")

    assert saved[0] == 0
    assert "bytes, checked" in saved[1]
    assert over_a_running_bot[0] == 2
    assert "in use by arena-bot run, process" in over_a_running_bot[2]
    assert str(kept) in restored[1]
    assert votes == [("a",)]
    assert votes_kept == [("a",), ("b",)]
    assert left_in(tmp_path, ".*.part*") == []


async def test_a_backup_replaces_no_file_unless_it_is_told_to(folder: Path) -> None:
    file = folder / "backup.sqlite3"
    file.write_text("Dear diary")
    refused = await arena_bot(folder, "backup", "backup.sqlite3")
    untouched = file.read_text()
    forced = await arena_bot(folder, "backup", "backup.sqlite3", "--force")

    assert refused[::2] == (2, "arena-bot: backup.sqlite3 is there already; --force replaces it\n")
    assert untouched == "Dear diary"
    assert forced[0] == 0
    assert guilds_of(file) == [1]


async def test_a_damaged_database_is_not_backed_up_and_check_says_so(folder: Path) -> None:
    fill(folder / "arena.sqlite3")
    damage(folder / "arena.sqlite3")
    status, _, err = await arena_bot(folder, "backup", "backup.sqlite3")
    _, checked, _ = await arena_bot(folder, "check")

    assert status == 2
    assert err.startswith("arena-bot: arena.sqlite3 is damaged: ")
    assert err.count("\n") == 1
    assert not (folder / "backup.sqlite3").exists()
    assert "FAIL  database: arena.sqlite3 is damaged: " in checked


async def test_no_file_that_is_not_a_sound_backup_takes_the_place_of_the_database(folder: Path) -> None:
    (folder / "diary").write_text("Dear diary, I am no database. " * 400)
    with closing(sqlite3.connect(folder / "other")) as other, other:
        other.execute("create table t (x)")
    put_database(folder / "newer")
    with closing(sqlite3.connect(folder / "newer")) as newer, newer:
        newer.execute("update alembic_version set version_num = '9999'")
    fill(put_database(folder / "damaged"))
    damage(folder / "damaged")
    said = {
        name: await arena_bot(folder, "restore", name)
        for name in ("diary", "other", "newer", "damaged", "missing")
    }

    assert [status for status, _, _ in said.values()] == [2] * 5
    assert {name: err for name, (_, _, err) in said.items()} == {
        "diary": "arena-bot: diary: file is not a database; nothing was changed\n",
        "other": "arena-bot: other is no database of arena-bot; nothing was changed\n",
        "newer": "arena-bot: newer was written by a newer version of arena-bot (schema 9999);"
        " nothing was changed\n",
        "damaged": said["damaged"][2],
        "missing": "arena-bot: missing: unable to open database file; nothing was changed\n",
    }
    assert said["damaged"][2].startswith("arena-bot: damaged is damaged: ")
    assert guilds_of(folder / "arena.sqlite3") == [1]
    assert left_in(folder, "*before-restore*") == []


async def test_a_backup_takes_the_place_of_a_database_that_is_damaged(folder: Path) -> None:
    await arena_bot(folder, "backup", "backup.sqlite3")
    (folder / "arena.sqlite3").write_text("what the disk made of it" * 400)
    (folder / "arena.sqlite3-wal").write_text("and of this")
    status, _, err = await arena_bot(folder, "restore", "backup.sqlite3")
    kept = {
        path.name.partition("Z")[2]: path.read_text()[:10] for path in left_in(folder, "*before-restore*")
    }

    assert status == 0, err
    assert guilds_of(folder / "arena.sqlite3") == [1]
    assert kept == {"": "what the d", "-wal": "and of thi"}


async def test_a_database_that_another_program_has_open_is_not_replaced(folder: Path) -> None:
    await arena_bot(folder, "backup", "backup.sqlite3")
    guild_in(folder / "arena.sqlite3", 2)
    with closing(sqlite3.connect(folder / "arena.sqlite3")) as other:
        other.execute("select * from guilds").fetchone()
        status, _, err = await arena_bot(folder, "restore", "backup.sqlite3")

    assert status == 2
    assert "another process has it open; stop that first" in err
    assert guilds_of(folder / "arena.sqlite3") == [1, 2]
    assert left_in(folder, "*before-restore*") == []
