"""How much of an answer is read, whatever a server sends."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import web

from bot.backends.base import Failure
from tests.backends.asking import backend, failure_of, limits
from tests.backends.fault_server import FaultServer, hang, respond, serve, stream, stream_lazily

if TYPE_CHECKING:
    from collections.abc import Iterator

    import aiohttp
    import pytest


NOTHING = b"data: 0\n\n"
MANY = 1000


def endless_nothing() -> Iterator[bytes]:
    while True:
        yield NOTHING * MANY


async def test_a_stream_of_pieces_that_say_nothing_is_given_up(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(stream_lazily(endless_nothing))

    failure = await failure_of(backend(session, server, within=limits(60, 60, 60, max_reply_chars=1)))

    assert failure.failure is Failure.TOO_LONG
    assert failure.detail == "an answer of more than 100010 pieces"


async def test_of_an_endless_error_the_beginning_is_read(
    session: aiohttp.ClientSession, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def complain(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=500)
        await response.prepare(request)
        while True:
            await response.write(b"no, " * MANY)

    server.answer(complain)
    # Without the time that an error has, its size alone ends the reading.
    loop = asyncio.get_running_loop()
    now = loop.time()
    monkeypatch.setattr(loop, "time", lambda: now)

    failure = await failure_of(backend(session, server))

    assert failure.failure is Failure.OVERLOADED
    assert failure.detail.startswith("HTTP 500: no, no, ")
    assert len(failure.detail) < 400


async def test_an_error_that_does_not_come_to_its_end_is_told_as_far_as_it_came(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(stream(b"no, ", then=hang, status=500))
    patient = limits(3600, 3600, 3600, stall=3600)
    async with asyncio.timeout(60):
        failure = await failure_of(backend(session, server, within=patient))

    assert failure.failure is Failure.OVERLOADED
    assert failure.detail == "HTTP 500: no,"


async def test_of_many_models_that_a_server_has_ten_are_named(session: aiohttp.ClientSession) -> None:
    async with serve(models={"data": [{"id": f"m{number}"} for number in range(30)]}) as server:
        server.answer(respond(404, {"error": {"message": "no such model"}}))
        failure = await failure_of(backend(session, server))

    named = ", ".join(f"m{number}" for number in range(10))
    assert failure.detail == f"HTTP 404: no such model; the server has {named} and 20 more"
