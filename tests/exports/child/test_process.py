"""The process that writes an export for Discord."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import TYPE_CHECKING

import msgspec
import pytest

from bot.errors import ArenaError, StorageError
from bot.exports import service
from bot.exports.child import process
from bot.exports.child.job import ExportJob
from bot.exports.child.process import ChildEndedError
from bot.exports.formats import Format
from bot.exports.service import Exports
from tests.arena.waiting import until
from tests.exports.child.endless_worker import REPORT
from tests.exports.history import GUILD, SALT, decided
from tests.exports.loading import rows

if TYPE_CHECKING:
    from pathlib import Path

    from bot.storage.database import Database

ENDLESS = "tests.exports.child.endless_worker"


def job(tmp_path: Path, name: str = "out/votes.csv") -> ExportJob:
    (tmp_path / "out").mkdir()
    return ExportJob(str(tmp_path / "arena.sqlite3"), GUILD, Format.CSV, SALT, str(tmp_path / name), 10**6)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_the_bot_itself_writes_nothing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await decided(database)
    monkeypatch.delattr(service, "open_sheet")
    async with Exports(database).attachment(GUILD, Format.JSONL, 10**6) as written:
        (battle,) = rows(written.path)

    assert battle["prompt"] == "Why?"
    assert (written.battles, written.rows) == (1, 1)


async def test_it_ends_when_who_asked_for_it_gives_up(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "WORKER", ENDLESS)
    monkeypatch.setenv("ARENA_SECRET_KEYS", "a key")
    monkeypatch.setenv("DISCORD_TOKEN", "a token")
    await decided(database)
    writing = asyncio.create_task(process.write(job(tmp_path)))
    await until((tmp_path / REPORT).exists)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    told = json.loads((tmp_path / REPORT).read_text())

    assert not is_running(told["pid"])
    assert SALT not in " ".join(told["arguments"])
    assert told["environment"].keys().isdisjoint({"ARENA_SECRET_KEYS", "DISCORD_TOKEN"})


async def test_it_ends_when_it_takes_too_long_and_the_way_around_is_told(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "WORKER", ENDLESS)
    monkeypatch.setattr(service, "ATTACHMENT_SECONDS", 1.0)
    with pytest.raises(ArenaError, match="arena-bot export --guild"):
        async with Exports(database).attachment(GUILD, Format.CSV, 10**6):
            pass
    report = tmp_path / REPORT

    assert not report.exists() or not is_running(json.loads(report.read_text())["pid"])


@pytest.mark.usefixtures("database")
async def test_it_ends_with_the_bot_and_leaves_nothing(tmp_path: Path) -> None:
    child = await asyncio.create_subprocess_exec(sys.executable, "-m", ENDLESS, stdin=asyncio.subprocess.PIPE)
    assert child.stdin
    child.stdin.write(msgspec.json.encode(job(tmp_path)) + b"\n")
    await until((tmp_path / REPORT).exists)
    assert (tmp_path / "out/votes.csv").exists()
    child.stdin.close()

    assert await child.wait() == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("database")
async def test_a_file_that_cannot_be_written_is_told_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(ArenaError, match=r"could not be written: No such file or directory\."):
        await process.write(job(tmp_path, "nowhere/votes.csv"))


async def test_trouble_with_the_database_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "arena.sqlite3").write_bytes(b"no database" * 1000)
    with pytest.raises(StorageError, match="not a database"):
        await process.write(job(tmp_path))


async def test_a_process_that_ends_without_a_word_says_why_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "WORKER", "tests.exports.nowhere")
    with pytest.raises(ChildEndedError, match=r"status 1: .*No module named tests\.exports\.nowhere"):
        await process.write(job(tmp_path))
