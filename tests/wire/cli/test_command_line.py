"""The command line against the stand-in."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.cli.test_main import arena_bot
from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

    from tests.wire.processes import Installation


async def told(installation: Installation, command: str, expected: int = 0) -> str:
    """Run a command, beside the bot or without it; returns what it printed."""
    config = str(installation.folder / "config.toml")
    status, out, err = await arena_bot(
        installation.folder, command, "--config", config, DISCORD_TOKEN=installation.token
    )
    assert status == expected, out + err
    return out + err


async def test_check_names_each_part_that_works(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        printed = await told(arena.installation, "check")

    for subject in ("config", "database", "token", "model Northern Light", "model Quiet Harbour"):
        assert f"ok    {subject}: " in printed
    assert "FAIL" not in printed


async def test_check_says_which_model_does_not_answer(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        arena.installation.edit('/v1"', '/elsewhere"')
        printed = await told(arena.installation, "check", expected=2)

    assert "FAIL  model Northern Light: not_found" in printed
    assert "ok    token" in printed


async def test_recompute_repairs_what_differs_from_the_votes(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        async with connected_bot(arena):
            people, members = arena.playground.people, arena.members
            card = await arena.battle()
            await arena.until(card, "Your last reaction counts")
            for member in members:
                people.react(member, card, "🅰️")
            await people.press(members[0], card, "arena:close:1").finished()
            await arena.until(card, "wins")
        right = arena.installation.rows("select * from pair_sums")
        arena.installation.change("update pair_sums set votes = 99, battles = 7")
        arena.installation.change("update guild_draws set called_off = 3")
        arena.installation.change(
            "insert into models (guild_id, name, created_at) select guild_id, 'Ghost', 0 from guilds"
        )
        arena.installation.change(
            "insert into pair_sums"
            " select guild_id, category, season, 1, 3, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0 from pair_sums"
        )
        printed = [await told(arena.installation, "recompute") for _ in range(2)]
        repaired = arena.installation.rows("select * from pair_sums")

    assert repaired == right
    assert "99 votes in 7 battles stored, 3 votes in 1 battles counted" in printed[0]
    assert "1 votes in 1 battles stored, 0 votes in 0 battles counted" in printed[0]
    assert "draws of the server: ServerDraws(since=" in printed[0]
    assert "5 sums were repaired" in printed[0]
    assert printed[1].strip() == "all sums equal the votes and draws"


async def test_a_token_that_discord_refuses_is_one_clear_line(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        intruder = replace(arena.installation, token="of.another.bot")
        async with intruder.command("run") as process, asyncio.timeout(60):
            status = await process.wait()
    printed = intruder.log()

    lines = [line for line in printed.splitlines() if line.startswith("arena-bot:")]
    assert status == 2
    assert lines == ["arena-bot: DISCORD_TOKEN: Discord does not accept this token"]
    assert "Traceback" not in printed


async def test_commands_are_registered_only_when_they_changed(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        for _ in range(2):
            async with arena.installation.command("run"):
                await arena.playground.ready()

        puts = [record for record in arena.playground.requests if record.method == "PUT"]

    assert [record.template for record in puts] == ["/applications/{application_id}/commands"]
