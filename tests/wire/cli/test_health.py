"""`arena-bot health`: whether the bot that runs is connected to Discord."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.errors import StartupError
from bot.heartbeat import STALE_AFTER, age_of_heartbeat, heartbeat_file, keep_beating
from tests.wire.cli.test_command_line import told
from tests.wire.processes import NO_PAUSES
from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

OFTEN = replace(NO_PAUSES, between_heartbeats=0.02)


def grow_old(file: Path) -> None:
    long_ago = file.stat().st_mtime - STALE_AFTER - 1
    os.utime(file, (long_ago, long_ago))


async def test_a_connected_bot_is_healthy_and_one_that_is_gone_is_not(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        file = heartbeat_file(tmp_path / "arena.sqlite3")
        before = await told(arena.installation, "health", expected=2)
        async with connected_bot(arena, OFTEN) as process:
            await arena.installation.until_true(file.exists)
            running = await told(arena.installation, "health")
            process.kill()
            await process.wait()
        grow_old(file)
        gone = await told(arena.installation, "health", expected=2)

    assert "no bot has been connected to Discord with it" in before
    assert "connected to Discord 0 s ago" in running
    assert "its bot was last connected to Discord" in gone


async def test_a_bot_that_discord_cut_off_is_healthy_once_it_is_back(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena, OFTEN):
        file = heartbeat_file(tmp_path / "arena.sqlite3")
        await arena.installation.until_true(file.exists)
        await arena.playground.gateway.drop()
        grow_old(file)
        old = file.stat().st_mtime
        await arena.installation.until_true(lambda: file.stat().st_mtime > old)
        back = await told(arena.installation, "health")

    assert "connected to Discord" in back


async def test_a_bot_without_a_connection_leaves_the_heartbeat_as_it_is(tmp_path: Path) -> None:
    database, looks = tmp_path / "arena.sqlite3", 0
    looked = asyncio.Event()

    def is_connected() -> bool:
        nonlocal looks
        looks += 1
        if looks == 4:
            looked.set()
        return looks == 1

    beating = asyncio.create_task(keep_beating(database, is_connected, 0.0))
    async with asyncio.timeout(60):
        while not heartbeat_file(database).exists():  # noqa: ASYNC110 - a thread writes it
            await asyncio.sleep(0)
        grow_old(heartbeat_file(database))
        await looked.wait()
    beating.cancel()

    with pytest.raises(StartupError, match="last connected to Discord"):
        age_of_heartbeat(database)
