from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.storage.database import open_database
from tests.databases import put_database
from tests.exports.history import eventful_file
from tests.imports.moving import Moving

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from bot.storage.database import Database


@pytest.fixture
async def database(tmp_path: Path) -> AsyncGenerator[Database]:
    async with open_database(put_database(tmp_path / "arena.sqlite3")) as opened:
        yield opened


@pytest.fixture
async def eventful_database(tmp_path: Path) -> AsyncGenerator[Database]:
    """Open a database in which many battles of all kinds have been held, in another server."""
    file = tmp_path / "eventful.sqlite3"
    file.write_bytes(await eventful_file())
    async with open_database(file) as opened:
        yield opened


@pytest.fixture
async def moving(database: Database) -> Moving:
    found = Moving(database)
    await found.begin()
    return found
