"""A full disk, a locked and a damaged file: said in one clear line, and no vote is lost."""

from __future__ import annotations

import resource
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from bot.storage import dialects
from tests.forked import BotStart
from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

    from tests.forked import ForkedProcess

UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
FULL = 32_768
"""More than the log has, and less than what lies beside the database after a battle."""

NOT_WRITTEN = "votes could not be written, trying again"


def let_files_grow(process: ForkedProcess, most: int | None) -> None:
    """Let a process write no file beyond so many bytes, as on a disk that is full; `None`: as it likes."""
    limits = UNLIMITED if most is None else (most, resource.RLIM_INFINITY)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, limits)


async def test_votes_outlast_a_full_disk(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena) as process:
        people, installation = arena.playground.people, arena.installation
        card = await arena.battle()
        await arena.until(card, "Your last reaction counts")
        let_files_grow(process, FULL)
        people.react(arena.members[1], card, "🅰️")
        people.react(arena.members[2], card, "🅱️")
        await installation.until_true(lambda: NOT_WRITTEN in installation.log())
        refused = people.slash(arena.members[0], arena.channel, "battle", prompt="Why?")
        told = (await refused.told()).text
        let_files_grow(process, None)
        await installation.until("select count(*) from votes where vote is not null", [(2,)])
        people.press(arena.members[0], card, "arena:close:1")
        await arena.until(card, "🅰️ 1 · 🅱️ 1")
        log = installation.log()

    assert "the operator's database or disk has trouble" in told
    assert "Traceback" not in log
    assert "disk" in log


class ImpatientStart(BotStart):
    """A bot that waits for others less long than its ten seconds."""

    def run(self) -> None:
        dialects.BUSY_SECONDS = 0
        BotStart.run(self)


async def test_votes_outlast_a_file_that_another_program_keeps_locked(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena, start=ImpatientStart):
        people, installation = arena.playground.people, arena.installation
        card = await arena.battle()
        await arena.until(card, "Your last reaction counts")
        with closing(sqlite3.connect(installation.database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            people.react(arena.members[1], card, "🅰️")
            people.react(arena.members[2], card, "🅱️")
            await installation.until_true(lambda: NOT_WRITTEN in installation.log())
            refused = people.slash(arena.members[0], arena.channel, "battle", prompt="Why?")
            told = (await refused.told()).text
            people.press(arena.members[0], card, "arena:close:1")
            await installation.until_true(lambda: "trying again" in installation.log().split(NOT_WRITTEN)[-1])
            other.execute("ROLLBACK")
        await arena.until(card, "🅰️ 1 · 🅱️ 1")
        log = installation.log()

    assert "the operator's database or disk has trouble" in told
    assert "Traceback" not in log
    assert "database is locked" in log


async def test_a_damaged_file_is_named_in_one_line_and_left_as_it_is(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        database = arena.installation.database
        damaged = database.read_bytes()[:4096] + b"\xff" * 8192 + database.read_bytes()[12288:]
        database.write_bytes(damaged)
        async with arena.installation.command("run") as process:
            status = await process.wait()
        said = arena.installation.log()

    trouble = [line for line in said.splitlines() if "[info" not in line]
    assert status == 2, said
    assert len(trouble) == 1, said
    assert str(database) in trouble[0]
    assert "malformed" in trouble[0]
    assert arena.playground.gateway.identified == 0
    assert database.read_bytes() == damaged
