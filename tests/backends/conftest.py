"""A misbehaving server with a session to ask it, and the demo's local model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.backends.http.sessions import open_session
from bot.backends.local.engine import LocalEngines, open_engines
from tests.backends.fault_server import FaultServer, serve

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    import aiohttp


@pytest.fixture
async def server() -> AsyncGenerator[FaultServer, None]:
    async with serve() as running:
        yield running


@pytest.fixture
async def session() -> AsyncGenerator[aiohttp.ClientSession, None]:
    async with open_session() as opened:
        yield opened


@pytest.fixture
def gguf(cached_gguf: Path, tmp_path: Path) -> Path:
    """Give the model a path that no other test's processes have."""
    path = tmp_path / "model.gguf"
    path.symlink_to(cached_gguf)
    return path


@pytest.fixture
async def engines() -> AsyncGenerator[LocalEngines, None]:
    async with open_engines() as opened:
        yield opened
