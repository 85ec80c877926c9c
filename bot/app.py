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
from bot.backends.local import LocalBackend, Sampling
from bot.backends.local_engine import open_engines
from bot.backends.local_process import Tuning
from bot.backends.network import Limits, open_session
from bot.backends.openai import OpenAIBackend
from bot.backends.secret import Secret
from bot.client import ArenaBot, stay_connected, use_addresses
from bot.config import Config, LocalModel, OpenAIModel, api_key
from bot.storage.database import open_database
from bot.storage.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Iterator
    from random import Random
    from types import FrameType

    from bot.backends.base import Backend
    from bot.backends.local_engine import LocalEngines
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


def build_backend(
    model: OpenAIModel | LocalModel,
    config: Config,
    session: aiohttp.ClientSession,
    engines: LocalEngines,
) -> Backend:
    limits = Limits(
        connect_seconds=config.limits.connect_seconds,
        first_token_seconds=config.limits.first_token_seconds,
        total_seconds=config.limits.total_seconds,
        max_reply_chars=config.limits.max_reply_chars,
    )
    generation = Generation(
        system_prompt=model.system_prompt,
        temperature=model.temperature,
        max_output_tokens=model.max_output_tokens,
    )
    match model:
        case OpenAIModel():
            key = api_key(model)
            return OpenAIBackend(
                session,
                model.base_url,
                model.model,
                api_key=Secret(key) if key else None,
                limits=limits,
                max_concurrent=model.max_concurrent,
                generation=generation,
            )
        case LocalModel():
            return LocalBackend(
                engines.at(Path(model.path), Tuning(model.threads, model.context_tokens)),
                limits=limits,
                generation=generation,
                sampling=Sampling(model.top_p, model.repeat_penalty, model.seed),
            )


def build_fighters(
    config: Config, session: aiohttp.ClientSession, engines: LocalEngines
) -> Iterator[Fighter]:
    """Build every enabled model of the config."""
    for model in config.models:
        if model.enabled:
            yield Fighter(model.name, build_backend(model, config, session, engines), _gives_away(model))


@asynccontextmanager
async def open_arena(config: Config) -> AsyncGenerator[Arena]:
    """Open the storage and the HTTP session, and build the services on them."""
    async with (
        open_session() as session,
        open_engines() as engines,
        open_database(Path(config.storage.path)) as database,
    ):
        fighters = build_fighters(config, session, engines)
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


def _gives_away(model: OpenAIModel | LocalModel) -> tuple[str, ...]:
    called = Path(model.path).stem if isinstance(model, LocalModel) else model.model
    return (model.name, called, *model.aliases)


async def run(config: Config, token: str) -> None:
    """Run the bot until SIGTERM or SIGINT; what keeps it from starting is a `StartupError`."""
    use_addresses(config.discord.api_url, config.discord.gateway_url)
    await until_stopped(_hold_battles(config, token))


async def _hold_battles(config: Config, token: str) -> None:
    async with open_arena(config) as arena:
        await serve(arena, token)


async def serve(arena: Arena, token: str) -> None:
    """Be the bot until cancelled; then stop the battles, so that they can go on later, and say goodbye."""
    # The speed extra brings aiodns, which aiohttp would prefer to the system's resolver.
    connector = aiohttp.TCPConnector(resolver=aiohttp.ThreadedResolver(), limit=0)
    bot = ArenaBot(arena, connector=connector)
    connected = asyncio.create_task(stay_connected(bot, token), name="client")
    try:
        # What ends the connection is closing the bot, which says goodbye to Discord first.
        await asyncio.shield(connected)
    finally:
        _log.info("stopping")
        await arena.battles.stop()
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await bot.close()


async def until_stopped(work: Coroutine[None, None, None]) -> None:
    """Do the work until it is done, or until SIGTERM or SIGINT cancels it."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop(_number: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stopping.set)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    working = asyncio.create_task(work, name="work")
    waiting = asyncio.create_task(stopping.wait(), name="stop")
    await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if stopping.is_set():
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working
    else:
        await working
