from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.storage.database import open_database
from tests.databases import put_database

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from bot.storage.database import Database


@pytest.fixture
async def database(tmp_path: Path) -> AsyncGenerator[Database]:
    async with open_database(put_database(tmp_path / "arena.sqlite3")) as opened:
        yield opened
