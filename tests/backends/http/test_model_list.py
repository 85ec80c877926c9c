"""The list of an API's models, as each protocol has it, and as no server should."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.backends.base import BackendError, Failure
from bot.backends.http.endpoint import Service
from bot.backends.http.model_list import MOST_BYTES, MOST_MODELS, listed_models
from bot.backends.http.secret import Secret
from tests.backends.asking import KEY, limits
from tests.backends.fault_server import respond, serve, stream_as_told
from tests.backends.protocols.dialects import ALL

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import aiohttp

    from tests.backends.fault_server import Body, FaultServer, Handler

LISTS: dict[str, tuple[str, Body]] = {
    "openai": ("/v1/models", {"object": "list", "data": [{"id": "sky-2"}, {"id": "Sky-10"}]}),
    "anthropic": (
        "/v1/models",
        {"data": [{"type": "model", "id": "sky-2"}, {"id": "Sky-10"}], "has_more": False},
    ),
    "gemini": (
        "/v1/v1beta/models",
        {
            "models": [
                {"name": "models/sky-2", "supportedGenerationMethods": ["generateContent", "countTokens"]},
                {"name": "models/Sky-10"},
                {"name": "models/answers", "supportedGenerationMethods": ["generateAnswer"]},
            ]
        },
    ),
    "ollama": ("/v1/api/tags", {"models": [{"name": "sky-2"}, {"name": "Sky-10"}]}),
}


async def listed(session: aiohttp.ClientSession, server: FaultServer, name: str = "openai") -> list[str]:
    service = Service(server.url, "", Secret(KEY))
    return await listed_models(session, service, ALL[name].wire, limits(), seconds=2)


async def refused(session: aiohttp.ClientSession, lister: Handler) -> BackendError:
    async with serve(models={}) as server:
        server.lister = lister
        with pytest.raises(BackendError) as raised:
            await listed(session, server)
    assert KEY not in str(raised.value)
    return raised.value


@pytest.mark.parametrize("name", LISTS)
async def test_each_protocol_has_its_list(session: aiohttp.ClientSession, name: str) -> None:
    path, document = LISTS[name]
    async with serve(models=document) as server:
        assert await listed(session, server, name) == ["Sky-10", "sky-2"]

        assert server.paths == [path]


async def test_what_is_not_for_talking_comes_last(session: aiohttp.ClientSession) -> None:
    names = ("text-embedding-3", "whisper-1", "sky-2", "dall-e-3", "zephyr")
    async with serve(models={"data": [{"id": name} for name in names]}) as server:
        assert await listed(session, server) == [
            "sky-2",
            "zephyr",
            "dall-e-3",
            "text-embedding-3",
            "whisper-1",
        ]


async def test_names_that_nobody_could_choose_are_left_out(session: aiohttp.ClientSession) -> None:
    odd: list[object] = [{"id": ""}, {"id": "\x1b[2J"}, {"id": "a" * 201}, {"id": 7}, {}, None, "sky", [1]]
    async with serve(models={"data": [*odd, {"id": " sky-2 "}, {"id": "sky-2"}]}) as server:
        assert await listed(session, server) == ["sky-2"]


@pytest.mark.parametrize("document", [{}, {"data": None}, {"data": {"id": "sky"}}, {"object": "list"}])
async def test_a_server_may_have_none(session: aiohttp.ClientSession, document: Body) -> None:
    async with serve(models=document) as server:
        assert await listed(session, server) == []


async def test_a_long_list_is_cut(session: aiohttp.ClientSession) -> None:
    async with serve(models={"data": [{"id": f"sky-{number}"} for number in range(20_000)]}) as server:
        assert len(await listed(session, server)) == MOST_MODELS


@pytest.mark.parametrize(
    ("status", "body", "failure", "said"),
    [
        (401, b'{"error": {"message": "bad key KEY"}}', Failure.AUTH, "HTTP 401: bad key ***"),
        (404, b"<html>404 page not found</html>", Failure.NOT_FOUND, "HTTP 404: <html>404 page not found"),
        (500, b"", Failure.OVERLOADED, "HTTP 500"),
        (302, b"", Failure.BAD_ANSWER, "redirect to nowhere refused"),
        (200, b"<html>Open WebUI</html>", Failure.BAD_ANSWER, "is not JSON"),
        (200, b"[" * 100_000, Failure.BAD_ANSWER, "is not JSON"),
    ],
)
async def test_where_there_is_no_list_it_says_why(
    session: aiohttp.ClientSession, status: int, body: bytes, failure: Failure, said: str
) -> None:
    error = await refused(session, respond(status, body.replace(b"KEY", KEY.encode())))

    assert error.failure is failure
    assert said in error.detail


async def test_a_list_that_never_ends_is_given_up(session: aiohttp.ClientSession) -> None:
    async def slow() -> AsyncIterator[bytes]:
        while True:
            yield b" " * (MOST_BYTES // 4)

    error = await refused(session, stream_as_told(slow, "application/json"))

    assert error.failure is Failure.TOO_LONG


async def test_a_server_that_says_nothing_is_not_waited_for(session: aiohttp.ClientSession) -> None:
    async def silent() -> AsyncIterator[bytes]:
        yield b'{"data": ['
        await asyncio.Event().wait()

    error = await refused(session, stream_as_told(silent, "application/json"))

    assert error.failure is Failure.TIMEOUT
    assert "2 s" in error.detail
