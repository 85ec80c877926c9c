"""A full search for garbage lets nothing else run: what is loaded at the start is left out of it."""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING, cast

from bot.client import stay_connected

if TYPE_CHECKING:
    from bot.client import ArenaBot

OBJECTS = 500_000
MOST_SECONDS = 0.05


class LoadingBot:
    """Loads a lot when it logs in, and looks for garbage once it is connected."""

    def __init__(self) -> None:
        self.loaded: list[list[None]] = []
        self.searched = 0.0

    async def start(self, token: str) -> None:
        """Do what discord.py's own start does."""
        await self.login(token)
        await self.connect()

    async def login(self, token: str) -> None:
        del token
        self.loaded = [[None] for _ in range(OBJECTS)]

    async def connect(self) -> None:
        begun = time.thread_time()
        gc.collect()
        self.searched = time.thread_time() - begun


async def test_what_was_loaded_is_searched_no_more() -> None:
    bot = LoadingBot()
    await stay_connected(cast("ArenaBot", bot), "token")

    assert bot.searched < MOST_SECONDS
    assert len(bot.loaded) == OBJECTS
