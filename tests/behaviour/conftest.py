from __future__ import annotations

from contextlib import asynccontextmanager
from random import Random
from typing import TYPE_CHECKING

import simcord

from bot.app import run_arena
from bot.client import ArenaBot
from bot.config import Config
from bot.storage.database import open_database

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable
    from pathlib import Path

    from bot.arena.roster import Fighter

START = 1_767_225_600.0


class Clock:
    """The simulation's time, once there is one."""

    env: simcord.Env | None = None

    def __call__(self) -> float:
        return self.env.now().timestamp() if self.env else START


@asynccontextmanager
async def server(
    folder: Path, fighters: Iterable[Fighter], config: Config | None = None
) -> AsyncGenerator[simcord.Env]:
    """Run the bot, with these models, in a simulated Discord."""
    clock = Clock()
    async with (
        open_database(folder / "arena.sqlite3") as database,
        run_arena(config or Config(), database, fighters, clock, Random(1)) as arena,
        simcord.run(ArenaBot(arena), shard_count=1) as env,
    ):
        clock.env = env
        yield env
