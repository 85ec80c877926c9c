"""The composition root: builds every part once, hands each to the next, and closes them in order."""

from __future__ import annotations

import asyncio
import signal
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING

import aiohttp
import structlog

from bot.arena.ballots import Ballots
from bot.arena.battles import Battles
from bot.arena.leaderboards import Leaderboards
from bot.arena.referee import Rules
from bot.arena.roster import Fighter, Roster
from bot.backends.base import Generation
from bot.backends.network import Limits, open_session
from bot.backends.openai import OpenAIBackend
from bot.backends.secret import Secret
from bot.client import ArenaBot, stay_connected, use_addresses
from bot.config import Config, Model, api_key
from bot.storage.database import open_database
from bot.storage.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable
    from random import Random
    from types import FrameType

    from bot.storage.database import Database

CLOSE_SECONDS = 3.0

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Arena:
    """The services that cogs call."""

    battles: Battles
    ballots: Ballots
    leaderboards: Leaderboards
    roster: Roster
    settings: Settings
    clock: Callable[[], float]


def build_backend(model: Model, config: Config, session: aiohttp.ClientSession) -> OpenAIBackend:
    key = api_key(model)
    return OpenAIBackend(
        session,
        model.base_url,
        model.model,
        api_key=Secret(key) if key else None,
        limits=Limits(
            connect_seconds=config.limits.connect_seconds,
            first_token_seconds=config.limits.first_token_seconds,
            total_seconds=config.limits.total_seconds,
            max_reply_chars=config.limits.max_reply_chars,
        ),
        max_concurrent=model.max_concurrent,
        generation=Generation(
            system_prompt=model.system_prompt,
            temperature=model.temperature,
            max_output_tokens=model.max_output_tokens,
        ),
    )


@asynccontextmanager
async def open_arena(config: Config) -> AsyncGenerator[Arena]:
    """Open the storage and the HTTP session, and build the services on them."""
    async with open_session() as session, open_database(Path(config.storage.path)) as database:
        fighters = (
            Fighter(model.name, build_backend(model, config, session), _gives_away(model))
            for model in config.models
            if model.enabled
        )
        async with run_arena(config, database, fighters, time.time, SystemRandom()) as arena:
            yield arena


@asynccontextmanager
async def run_arena(
    config: Config,
    database: Database,
    fighters: Iterable[Fighter],
    clock: Callable[[], float],
    random: Random,
) -> AsyncGenerator[Arena]:
    """Build the services and commit votes while they are in use; at the end, lose none."""
    roster = Roster(fighters, clock)
    ballots = Ballots(database, clock)
    leaderboards = Leaderboards(database, roster, config.battle, clock)
    battles = Battles(Rules(database, ballots, config, clock), roster, leaderboards, random)
    committing = asyncio.create_task(ballots.run(), name="ballots")
    try:
        yield Arena(battles, ballots, leaderboards, roster, Settings(database), clock)
    finally:
        await battles.stop()
        committing.cancel()
        with suppress(asyncio.CancelledError):
            await committing
        await ballots.flush()


def _gives_away(model: Model) -> tuple[str, ...]:
    return (model.name, model.model, *model.aliases)


async def run(config: Config, token: str) -> None:
    """Run the bot until SIGTERM or SIGINT; what keeps it from starting is a `StartupError`."""
    use_addresses(config.discord.api_url, config.discord.gateway_url)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop(_number: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stopping.set)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    async with open_arena(config) as arena:
        # The speed extra brings aiodns, which aiohttp would prefer to the system's resolver.
        connector = aiohttp.TCPConnector(resolver=aiohttp.ThreadedResolver(), limit=0)
        bot = ArenaBot(arena, connector=connector)
        try:
            await _connected(bot, token, stopping)
        finally:
            _log.info("stopping")
            await arena.battles.stop()
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_SECONDS):
                    await bot.close()


async def _connected(bot: ArenaBot, token: str, stopping: asyncio.Event) -> None:
    client = asyncio.create_task(stay_connected(bot, token), name="client")
    stop = asyncio.create_task(stopping.wait(), name="stop")
    await asyncio.wait({client, stop}, return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    if client.done():
        await client
