"""What models that are slow or say too much do to the replies of others, over loopback."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from contextlib import asynccontextmanager, closing, suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.arena.models.credentials import Credentials
from bot.arena.models.factory import open_factory
from bot.arena.models.keyring import Keyring
from bot.arena.models.probe import Probe, attempt
from bot.config import Config, Limits, OpenAIModel, Security
from tests.backends.fault_server import hang, serve, stream
from tests.backends.protocols.dialects import OPENAI

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from aiohttp import web

    from bot.arena.models.factory import ModelFactory
    from bot.backends.base import Backend

HOSTILE, HONEST = 1, 2
AT_ONCE = 64
PLACES = 4
REPLY_SECONDS = 0.2
LIMIT_SECONDS = 2.0
SLOW_REPLIES = 600
FLOOD_BYTES = 50_000_000
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"


async def many_battles_at_once() -> str:
    """Ask one model with few places more than it can answer within one reply's limit."""

    async def answer(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(REPLY_SECONDS)
        return await stream(*OPENAI.whole("Here."))(request)

    async with serve() as server, factory_for(server.url) as factory:
        server.answer(answer)
        busy = factory.backend(model(server.url, "busy", PLACES))
        found = await asyncio.gather(*(attempt(busy) for _ in range(AT_ONCE)))
    failed = sum(not isinstance(each, Probe) for each in found)
    return f"{failed} of {AT_ONCE} called failures of the model" if failed else "none"


async def slow_models_of_one_server() -> str:
    """Take as many connections as there are, and see who else gets an answer."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if b"slow" in await request.read():
            return await hang(request)
        return await stream(*OPENAI.whole("Here."))(request)

    async with serve() as server, factory_for(server.url, 60.0) as factory:
        server.answer(answer)
        slow = own(factory, server.url, "slow", HOSTILE)
        asked = [asyncio.create_task(attempt(slow)) for _ in range(SLOW_REPLIES)]
        await asyncio.sleep(LIMIT_SECONDS / 2)
        others = own(factory, server.url, "theirs", HONEST), factory.backend(model(server.url, "operator's"))
        found = [await attempt(each) for each in others]
        for each in asked:
            each.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
    failed = sum(not isinstance(each, Probe) for each in found)
    return f"{failed} of {len(found)} models of others failed" if failed else "none"


async def a_flood_of_tiny_events() -> str:
    return await flooded(b"data:{}\n\n" * 8000)


async def an_event_of_many_objects() -> str:
    return await flooded(b'data: {"choices":[' + b"{}," * 400_000 + b"{}]}\n\n")


async def flooded(piece: bytes) -> str:
    """Answer with the piece again and again, as fast as it is taken, from a thread."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=flood, args=(listener, piece))
        thread.start()
        async with factory_for(f"http://127.0.0.1:{listener.getsockname()[1]}/v1") as factory:
            begun = time.monotonic()
            await attempt(factory.backend(model(f"http://127.0.0.1:{listener.getsockname()[1]}/v1", "loud")))
            late = time.monotonic() - begun - LIMIT_SECONDS
        thread.join()
    return f"{late:.1f} s longer than the limit" if late > LIMIT_SECONDS / 2 else "none"


def flood(listener: socket.socket, piece: bytes) -> None:
    connection, _ = listener.accept()
    with closing(connection), suppress(OSError):
        connection.recv(1 << 16)
        connection.sendall(HEAD)
        for _ in range(FLOOD_BYTES // len(piece)):
            connection.sendall(piece)


@asynccontextmanager
async def factory_for(url: str, seconds: float = LIMIT_SECONDS) -> AsyncGenerator[ModelFactory]:
    config = Config(
        limits=Limits(connect_seconds=1.0, total_seconds=seconds),
        security=Security(allowed_private_hosts=(urlsplit(url).netloc,)),
    )
    async with open_factory(config, Keyring([])) as factory:
        yield factory


def model(url: str, name: str, places: int = 1000) -> OpenAIModel:
    return OpenAIModel(name=name, base_url=url, model=name, max_concurrent=places)


def own(factory: ModelFactory, url: str, name: str, guild_id: int) -> Backend:
    return factory.own_backend(model(url, name), Credentials(), guild_id)
