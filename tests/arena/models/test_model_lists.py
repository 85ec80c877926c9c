"""The lists of APIs, as the service hands them out."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from bot.app import run_arena
from bot.arena.models.credentials import Credentials
from bot.arena.models.factory import open_factory
from bot.arena.models.probe import ProbeFailure
from bot.arena.models.source import ModelSource
from bot.backends.base import Failure
from bot.config import Config, Limits, Security
from bot.errors import ArenaError
from tests.backends.fault_server import FaultServer, respond, serve
from tests.behaviour.place import KEYRING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from aiohttp import web

    from bot.arena.models.model_lists import ModelLists
    from bot.storage.database import Database
    from tests.arena.conftest import Clock

GUILD, OTHER = 10, 11


@asynccontextmanager
async def lists(
    database: Database, clock: Clock, *, opened: bool = True, limits: Limits | None = None
) -> AsyncGenerator[tuple[ModelLists, FaultServer, ModelSource]]:
    async with serve(models={"data": [{"id": "sky-8b"}]}) as server:
        hosts = (urlsplit(server.url).netloc,) if opened else ()
        config = Config(security=Security(allowed_private_hosts=hosts), limits=limits or Limits())
        async with (
            open_factory(config, KEYRING) as factory,
            run_arena(factory, database, (), clock, Random(1)) as arena,
        ):
            source = ModelSource(GUILD, "openai", server.url, Credentials(), is_new=True)
            yield arena.model_lists, server, source


async def test_a_server_has_one_list_fetched_at_a_time(database: Database, clock: Clock) -> None:
    asked, goes_on = asyncio.Event(), asyncio.Event()

    async def slow(request: web.Request) -> web.StreamResponse:
        asked.set()
        await goes_on.wait()
        return await respond(200, {"data": [{"id": "slow"}]})(request)

    async with lists(database, clock) as (found, server, source):
        server.lists = [slow, respond(200, {"data": [{"id": "quick"}]})]
        first = asyncio.create_task(found.of(source))
        await asked.wait()
        with pytest.raises(ArenaError, match="being fetched already"):
            await found.of(source)
        elsewhere = await found.of(replace(source, guild_id=OTHER))
        goes_on.set()

        assert await first == ("slow",)
        assert elsewhere == ("quick",)
        assert await found.of(source) == ("quick",)


async def test_a_private_host_is_not_asked_and_the_line_that_opens_it_is_said(
    database: Database, clock: Clock
) -> None:
    async with lists(database, clock, opened=False) as (found, server, source):
        failure = await found.of(source)

        assert isinstance(failure, ProbeFailure)
        assert failure.failure is Failure.FORBIDDEN
        assert failure.detail == f'allowed_private_hosts = ["{urlsplit(server.url).netloc}"]'
        assert server.asked == []


async def test_a_list_of_which_nothing_could_be_stored_is_not_asked_for(
    database: Database, clock: Clock
) -> None:
    async with lists(database, clock, limits=Limits(models_per_server=0)) as (found, server, source):
        with pytest.raises(ArenaError, match="models_per_server"):
            await found.of(source)
        with pytest.raises(ArenaError, match="models_per_server"):
            await found.of(replace(source, credentials=Credentials("sk-secret")))

        assert server.asked == []
