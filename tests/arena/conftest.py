from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from bot.storage.database import open_database
from tests.databases import put_database

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from bot.storage.database import Database

START = 1_767_225_600.0


@dataclass(slots=True)
class Clock:
    """The time of day, and with it the time of the event loop: both stand still until told to pass."""

    passed: float = 0.0

    def __call__(self) -> float:
        return START + self.passed


@pytest.fixture
async def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let the loop's timers follow a clock that the test moves."""
    clock = Clock()
    loop = asyncio.get_running_loop()
    begun = loop.time()
    monkeypatch.setattr(loop, "time", lambda: begun + clock.passed)
    return clock


@pytest.fixture
async def database(tmp_path: Path) -> AsyncGenerator[Database]:
    async with open_database(put_database(tmp_path / "arena.sqlite3")) as opened:
        yield opened
