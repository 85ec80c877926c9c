"""Whatever the bot writes can be read by its owner alone."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.cli.test_main import arena_bot
from tests.wire.cli.test_demo import battle, demo, visit
from tests.wire.scenes import scene

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


@pytest.fixture(autouse=True)
def usual_umask() -> Generator[None]:
    """Give new files to everybody's eyes, as most systems do."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def open_to_others(folder: Path, *but: str) -> list[str]:
    """Return the files and folders in a folder, and the folder, that others can read."""
    return [
        path.name
        for path in (folder, *folder.rglob("*"))
        if path.name not in but and path.stat().st_mode & 0o077
    ]


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*")}


async def test_nobody_else_reads_the_database_of_a_running_bot_or_what_commands_write(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        installation = arena.installation
        installation.database.unlink()
        async with installation.command("run"):
            await arena.playground.ready()
            await arena.press_in_answer(arena.members[0], arena.channel, "privacy", "arena:privacy:leave_out")
            guild, member = str(arena.guild.id), str(arena.members[0].id)
            for command in (
                ("export", "--guild", guild, "--format", "jsonl", "--out", "exports"),
                ("member-data", "--guild", guild, "--member", member, "--out", "exports"),
                ("backup", "backup.sqlite3"),
            ):
                status, out, err = await arena_bot(tmp_path, *command)
                assert status == 0, out + err
            written = names_in(tmp_path)
            readable = open_to_others(tmp_path, tmp_path.name, "config.toml", "bot.log")

    assert {"arena.sqlite3-wal", "arena.sqlite3.lock", "backup.sqlite3", "exports"} <= written
    assert readable == []


async def test_nobody_else_reads_the_folder_of_a_demo(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    async with demo("--toys", "--data", str(folder)) as (url, _), visit(url) as visitor:
        await battle(visitor)
        while_it_runs = open_to_others(folder)

    assert while_it_runs == []
    assert open_to_others(folder) == []
