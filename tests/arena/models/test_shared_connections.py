"""What one Discord server's slow models leave to the models of others, over loopback."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.arena.models.credentials import Credentials
from bot.arena.models.factory import open_factory
from bot.arena.models.keyring import Keyring
from bot.arena.models.probe import Probe, attempt
from bot.config import Config, Limits, OpenAIModel, Security
from tests.arena.waiting import until
from tests.backends.asking import QUESTION
from tests.backends.fault_server import FaultServer, hang, serve, stream
from tests.backends.protocols.dialects import OPENAI

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from aiohttp import web

    from bot.arena.models.factory import ModelFactory
    from bot.backends.base import Backend

ONE, TWO = 1, 2
SLOW_REPLIES = 600
SLOW_MODELS = 6


async def answer_unless_slow(request: web.Request) -> web.StreamResponse:
    if b"slow" in await request.read():
        return await hang(request)
    return await stream(*OPENAI.whole("Here."))(request)


@asynccontextmanager
async def factory_and_server() -> AsyncGenerator[tuple[ModelFactory, FaultServer]]:
    async with serve() as server:
        server.answer(answer_unless_slow)
        config = Config(
            limits=Limits(connect_seconds=2.0),
            security=Security(allowed_private_hosts=(urlsplit(server.url).netloc,)),
        )
        async with open_factory(config, Keyring([])) as factory:
            yield factory, server


def model(server: FaultServer, name: str) -> OpenAIModel:
    return OpenAIModel(name=name, base_url=server.url, model=name, max_concurrent=1000)


def own(factory: ModelFactory, server: FaultServer, name: str, guild_id: int) -> Backend:
    return factory.own_backend(model(server, name), Credentials(), guild_id)


async def reply(backend: Backend, guild_id: int) -> None:
    async for _ in backend.reply(QUESTION, guild_id):
        pass


@asynccontextmanager
async def besieged(factory: ModelFactory, server: FaultServer) -> AsyncGenerator[list[asyncio.Task[None]]]:
    """Have a server ask slow models of its own, as often as it can."""
    slow = [own(factory, server, f"slow {number}", ONE) for number in range(SLOW_MODELS)]
    asked = [asyncio.create_task(reply(slow[each % SLOW_MODELS], ONE)) for each in range(SLOW_REPLIES)]
    await until(lambda: server.running >= 32)
    for _ in range(100):
        await asyncio.sleep(0)
    try:
        yield asked
    finally:
        for each in asked:
            each.cancel()
        await asyncio.gather(*asked, return_exceptions=True)


async def test_the_models_of_others_answer_while_one_server_s_slow_models_take_all_they_can() -> None:
    async with factory_and_server() as (factory, server):
        operators = factory.backend(model(server, "operator's"))
        theirs = own(factory, server, "theirs", TWO)
        async with besieged(factory, server) as asked:
            found = [await attempt(operators, guild_id=ONE), await attempt(theirs, guild_id=TWO)]
            waiting = [each for each in asked if not each.done()]

    assert [type(each) for each in found] == [Probe, Probe]
    # Of the 64 for one host it has half; nobody else was there when it took them.
    assert server.most_running == 32 + 1
    assert len(waiting) == SLOW_REPLIES


async def test_a_probe_counts_for_the_server_whose_model_it_is() -> None:
    """A benched model is asked by the bot itself, for nobody."""
    async with factory_and_server() as (factory, server):
        slow, theirs = own(factory, server, "slow", ONE), own(factory, server, "theirs", TWO)
        probes = [asyncio.create_task(attempt(slow)) for _ in range(SLOW_REPLIES)]
        await until(lambda: server.running >= 32)
        found = await attempt(theirs)
        for each in probes:
            each.cancel()
        await asyncio.gather(*probes, return_exceptions=True)

    assert isinstance(found, Probe)
    assert server.most_running == 32 + 1
