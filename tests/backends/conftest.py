"""A misbehaving server and a session to ask it with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.backends.network import open_session
from tests.backends.fault_server import FaultServer, serve

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    import aiohttp


@pytest.fixture
async def server() -> AsyncGenerator[FaultServer, None]:
    async with serve() as running:
        yield running


@pytest.fixture
async def session() -> AsyncGenerator[aiohttp.ClientSession, None]:
    async with open_session() as opened:
        yield opened
