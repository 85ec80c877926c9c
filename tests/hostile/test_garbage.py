"""A full search for garbage lets nothing else run: what is loaded at the start is left out of it."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, cast

from bot.client import stay_connected
from tests.hostile.processor_time import seconds_of

if TYPE_CHECKING:
    from bot.client import ArenaBot

OBJECTS = 1_000_000


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
        self.searched = seconds_of(gc.collect)


async def test_what_was_loaded_is_searched_no_more() -> None:
    bot = LoadingBot()
    gc.disable()  # as a start does, which loads all this
    await stay_connected(cast("ArenaBot", bot), "token")
    is_collecting = gc.isenabled()
    gc.enable()
    gc.unfreeze()
    all_of_it = seconds_of(gc.collect)
    gc.freeze()

    assert is_collecting
    assert bot.searched < all_of_it / 10
    assert len(bot.loaded) == OBJECTS
