from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.storage.database import open_database
from tests.databases import put_database
from tests.storage.cuts import DatabaseFile

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator
    from pathlib import Path

    from bot.storage.database import Database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "arena.sqlite3"


@pytest.fixture
async def database(path: Path) -> AsyncGenerator[Database]:
    async with open_database(put_database(path)) as opened:
        yield opened


@pytest.fixture
def file(path: Path) -> Generator[DatabaseFile]:
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        yield DatabaseFile(connection)
