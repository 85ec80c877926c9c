"""The command line against the stand-in."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

    from tests.wire.processes import Installation


async def finished(installation: Installation, *command: str) -> tuple[int | None, str]:
    """Run a command to its end; returns its status and what it printed."""
    installation.start_log()
    async with installation.bot(*command) as process, asyncio.timeout(30):
        await process.wait()
    return process.returncode, installation.log()


async def test_check_names_each_part_that_works(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        status, printed = await finished(arena.installation, "check")

    assert status == 0, printed
    for subject in ("config", "database", "token", "model Northern Light", "model Quiet Harbour"):
        assert f"ok    {subject}: " in printed
    assert "FAIL" not in printed


async def test_check_says_which_model_does_not_answer(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        arena.installation.edit('/v1"', '/elsewhere"')
        status, printed = await finished(arena.installation, "check")

    assert status == 2
    assert "FAIL  model Northern Light: not_found" in printed
    assert "ok    token" in printed


async def test_a_token_that_discord_refuses_is_one_clear_line(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        intruder = replace(arena.installation, token="of.another.bot")
        status, printed = await finished(intruder, "run")

    lines = [line for line in printed.splitlines() if line.startswith("arena-bot:")]
    assert status == 2
    assert lines == ["arena-bot: DISCORD_TOKEN: Discord does not accept this token"]
    assert "Traceback" not in printed


async def test_commands_are_registered_only_when_they_changed(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        for _ in range(2):
            async with connected_bot(arena):
                pass

        puts = [record for record in arena.playground.requests if record.method == "PUT"]

    assert [record.template for record in puts] == ["/applications/{application_id}/commands"]
