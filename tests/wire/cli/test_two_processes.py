"""Two processes on one database: the second says who the first is, and changes nothing."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import pytest

from bot.arena.models.keyring import Keyring, new_key
from tests.arena.models.test_keyring import sealed_in
from tests.cli.test_main import arena_bot
from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

    from tests.wire.processes import Installation

LONG = "word " * 400


@pytest.mark.parametrize("command", ["run", "rotate-keys"])
async def test_a_second_process_says_in_one_line_who_holds_the_database(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARENA_SECRET_KEYS", new_key())
    async with scene(tmp_path) as arena, connected_bot(arena) as first:
        installation = arena.installation
        installation.change("insert into guilds (guild_id, first_seen_at) values (1, 0)")
        installation.change("insert into guild_draws values (1, null, 0, 0, 0, 0, 0, 3, 0)")
        async with installation.command(command) as second, asyncio.timeout(60):
            status = await second.wait()

        assert status == 2
        (said,) = [line for line in installation.log().splitlines() if line.startswith("arena-bot:")]
        assert re.fullmatch(
            rf"arena-bot: database {installation.database}: in use by arena-bot run, process \d+,"
            r" since [\d: -]+ UTC; stop that first",
            said,
        )
        assert "Traceback" not in installation.log()
        assert installation.rows("select called_off from guild_draws") == [(3,)]
        assert first.returncode is None


async def test_sums_are_recomputed_beside_the_bot(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena) as bot:
        installation = arena.installation
        installation.change("insert into guilds (guild_id, first_seen_at) values (1, 0)")
        installation.change("insert into guild_draws values (1, null, 0, 0, 0, 0, 0, 3, 0)")
        config = str(installation.folder / "config.toml")
        status, out, err = await arena_bot(installation.folder, "recompute", "--config", config)

        assert status == 0, err
        assert "guild 1: draws of the server: ServerDraws(since=None, " in out
        assert installation.rows("select called_off from guild_draws") == [(0,)]
        assert bot.returncode is None


async def test_keys_are_rotated_only_while_no_bot_runs_with_the_old_one_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = new_key(), new_key()
    async with scene(tmp_path) as arena:
        database = arena.installation.database
        await sealed_in(database, Keyring([old]).seal("sk-secret"))
        monkeypatch.setenv("ARENA_SECRET_KEYS", old)
        before = sealed(arena.installation)
        async with connected_bot(arena):
            beside = await rotated(arena.installation, f"{new},{old}")
            left = sealed(arena.installation)
        alone = await rotated(arena.installation, f"{new},{old}")

        assert beside == 2
        assert left == before
        assert alone == 0
        assert Keyring([new]).open(sealed(arena.installation)) == "sk-secret"


def sealed(installation: Installation) -> str:
    ((found,),) = installation.rows("select sealed from models where sealed is not null")
    return str(found)


async def rotated(installation: Installation, keys: str) -> int:
    config = str(installation.folder / "config.toml")
    status, _, _ = await arena_bot(
        installation.folder, "rotate-keys", "--config", config, ARENA_SECRET_KEYS=keys
    )
    return status


async def test_a_battle_that_was_decided_elsewhere_is_shown_as_that_left_it(tmp_path: Path) -> None:
    async with scene(tmp_path, reply=LONG) as arena, connected_bot(arena):
        card = await arena.battle()
        await arena.until(card, "Both models are writing")
        arena.installation.change(
            "update battles set state = 'voided', voided = 'restarted', closed_at = opened_at"
        )
        await arena.until(card, "was called off")

        assert arena.installation.rows("select state, voided, voting_at from battles") == [
            ("voided", "restarted", None)
        ]
        assert "decided elsewhere" in arena.installation.log()
        assert "Traceback" not in arena.installation.log()


async def test_check_recounts_draws_too(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        async with connected_bot(arena):
            card = await arena.battle()
            people = arena.playground.people
            await arena.until(card, "Your last reaction counts")
            people.react(arena.members[1], card, "🅰️")
            await people.press(arena.members[0], card, "arena:close:1").finished()
            await arena.until(card, "wins")
        arena.installation.change("update guild_draws set called_off = 3")
        status, out, _ = await arena_bot(tmp_path, "check", DISCORD_TOKEN=arena.installation.token)

    assert status == 2
    assert "FAIL  database: sums differ from votes and draws in guild" in out
