"""The order of a start: the login is begun first, and the bot connects when it can answer."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.wire.processes import TOKEN
from tests.wire.scenes import scene

if TYPE_CHECKING:
    from pathlib import Path

    from bot.playground import Playground

LOGIN = {
    ("GET", "/users/@me"),
    ("GET", "/oauth2/applications/@me"),
    ("GET", "/applications/{application_id}/commands"),
}
"""What a start asks first: who the bot is, and which commands are registered."""


def asked(playground: Playground) -> set[tuple[str, str]]:
    return {(record.method, record.template) for record in playground.requests}


async def test_the_bot_logs_in_while_its_database_is_opened_and_connects_afterwards(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        with closing(sqlite3.connect(arena.installation.database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            async with arena.installation.command("run"):
                await arena.installation.until_true(lambda: asked(arena.playground) >= LOGIN)
                meanwhile = asked(arena.playground)
                identified = arena.playground.gateway.identified
                other.execute("ROLLBACK")
                await arena.playground.ready()

    assert identified == 0
    assert meanwhile == LOGIN


@pytest.mark.parametrize("token", [TOKEN, "of.another.bot"])
async def test_a_database_that_is_refused_after_the_login_is_one_line_as_well(
    tmp_path: Path, token: str
) -> None:
    async with scene(tmp_path) as arena:
        arena.installation.change("update alembic_version set version_num = '9999'")
        installation = replace(arena.installation, token=token)
        async with installation.command("run") as process, asyncio.timeout(60):
            status = await process.wait()
        printed = arena.installation.log()

    lines = [line for line in printed.splitlines() if line.startswith("arena-bot:")]
    assert status == 2
    assert len(lines) == 1
    assert "was written by a newer version of arena-bot (schema 9999)" in lines[0]
    assert "Traceback" not in printed
    assert "never retrieved" not in printed
    assert arena.playground.gateway.identified == 0
