"""The client's connection to Discord, which is begun while the arena is still being opened."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import aiohttp

from bot.client import ArenaBot, stay_connected

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from bot.services import Arena

CLOSE_SECONDS = 3.0


class Connection:
    """Logs in at once, which posts nothing; once it has the arena, the bot connects and hears of members."""

    def __init__(self, token: str) -> None:
        # aiohttp would prefer aiodns, where somebody installed it, to the system's resolver.
        connector = aiohttp.TCPConnector(resolver=aiohttp.ThreadedResolver(), limit=0)
        self._bot = ArenaBot(connector=connector)
        self._client = asyncio.create_task(stay_connected(self._bot, token), name="client")

    def is_up(self) -> bool:
        return self._bot.is_connected()

    async def hold(self, arena: Arena) -> None:
        """Let the arena be used until the connection is closed; raises `StartupError` where there is none."""
        self._bot.open(arena)
        # What ends the connection is closing the bot, which says goodbye to Discord first.
        await asyncio.shield(self._client)

    async def close(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._bot.close()

    async def end(self) -> None:
        """Close, and give up what is still under way; what became of it, `hold` has said."""
        await self.close()
        self._client.cancel()
        await asyncio.wait([self._client])
        if not self._client.cancelled():
            self._client.exception()


@asynccontextmanager
async def connecting(token: str) -> AsyncGenerator[Connection]:
    """Begin to connect, and close the connection at the end."""
    connection = Connection(token)
    await asyncio.sleep(0)  # a client can be closed from when it has begun to log in
    try:
        yield connection
    finally:
        await connection.end()
