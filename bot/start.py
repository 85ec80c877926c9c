"""The start of `arena-bot run`: the greater part of the program is loaded while Discord answers the login."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from bot.client import EXTENSIONS, use_addresses
from bot.connection import connecting
from bot.deferred import Deferred
from bot.domain.pauses import USUAL
from bot.storage.connections.openable import check_openable
from bot.storage.process_lock import process_lock

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from types import FrameType

    from bot import app
    from bot.arena.models.keyring import Keyring
    from bot.config import Config
    from bot.domain.pauses import Pauses
else:
    app = Deferred("bot.app")


async def run(config: Config, keyring: Keyring, token: str, pauses: Pauses = USUAL) -> None:
    """Run the bot until SIGTERM or SIGINT; what keeps it from starting is a `StartupError`."""
    use_addresses(config.discord.api_url, config.discord.gateway_url)
    await until_stopped(_hold_battles(config, keyring, token, pauses))


async def _hold_battles(config: Config, keyring: Keyring, token: str, pauses: Pauses) -> None:
    database = Path(config.storage.path)
    with process_lock(database, "run"):
        await asyncio.to_thread(check_openable, database)
        async with connecting(token) as connection:
            await asyncio.to_thread(_load)
            async with app.open_arena(config, keyring, pauses) as arena:
                await app.serve(arena, connection)


def _load() -> None:
    for module in ("bot.app", *EXTENSIONS):
        import_module(module)


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
