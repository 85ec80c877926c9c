"""The list of models that an API gives of its own, and what may come in its place."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from bot.backends.base import BackendError, Failure
from bot.backends.http.connections import operators_connections
from bot.backends.http.endpoint import Service
from bot.backends.http.model_list import MOST_MODELS, ModelList, in_order
from bot.backends.http.secret import Secret
from bot.backends.http.sessions import open_guarded_session
from tests.backends.asking import KEY, limits
from tests.backends.fault_server import FaultServer, hang, respond, serve, stream, stream_lazily
from tests.backends.protocols.dialects import ALL

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterator

    import aiohttp

    from bot.backends.http.sessions import HttpLimits

OPENAI = {"data": [{"id": "b-2"}, {"id": "text-embedding-3"}, {"id": "A-1"}]}


@asynccontextmanager
async def listing(**changes: object) -> AsyncGenerator[FaultServer]:
    async with serve(models=OPENAI | changes) as server:
        yield server


def asked_for(
    session: aiohttp.ClientSession, url: str, protocol: str = "openai", within: HttpLimits | None = None
) -> ModelList:
    service = Service(url, "", Secret(KEY))
    return ModelList(session, service, within or limits(), ALL[protocol].wire, operators_connections())


async def refused(session: aiohttp.ClientSession, url: str, within: HttpLimits | None = None) -> BackendError:
    with pytest.raises(BackendError) as caught:
        await asked_for(session, url, within=within).read()
    assert KEY not in f"{caught.value!s} {caught.value.detail}"
    return caught.value


async def test_the_names_come_in_order_with_those_last_that_write_no_text(
    session: aiohttp.ClientSession,
) -> None:
    async with listing() as server:
        names = await asked_for(session, server.url).read()

    assert names == ("A-1", "b-2", "text-embedding-3")
    assert server.asked == ["/v1/models"]
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("protocol", "pages", "asked", "header"),
    [
        (
            "anthropic",
            [
                {"data": [{"id": "claude-b"}], "has_more": True, "last_id": "claude b"},
                {"data": [{"id": "claude-a"}], "has_more": False, "last_id": "claude-a"},
            ],
            ["/v1/models?limit=1000", "/v1/models?limit=1000&after_id=claude%20b"],
            ("x-api-key", KEY),
        ),
        (
            "gemini",
            [
                {
                    "models": [
                        {"name": "models/claude-b", "supportedGenerationMethods": ["generateContent"]},
                        {"name": "models/embedder", "supportedGenerationMethods": ["embedContent"]},
                    ],
                    "nextPageToken": "t&1",
                },
                {"models": [{"name": "models/claude-a"}]},
            ],
            ["/v1/v1beta/models?pageSize=1000", "/v1/v1beta/models?pageSize=1000&pageToken=t%261"],
            ("x-goog-api-key", KEY),
        ),
        (
            "ollama",
            [{"models": [{"name": "claude-b"}, {"name": "claude-a"}]}],
            ["/v1/api/tags"],
            ("Authorization", f"Bearer {KEY}"),
        ),
    ],
)
async def test_each_protocol_has_a_place_and_pages_of_its_own(
    session: aiohttp.ClientSession,
    protocol: str,
    pages: list[object],
    asked: list[str],
    header: tuple[str, str],
) -> None:
    async with listing() as server:
        server.lists = [respond(200, page) for page in pages]
        names = await asked_for(session, server.url, protocol).read()

    assert names == ("claude-a", "claude-b")
    assert server.asked == asked
    assert server.headers[0][header[0]] == header[1]


async def test_models_that_say_they_cannot_chat_are_left_out(session: aiohttp.ClientSession) -> None:
    async with listing(
        data=[
            {"id": "mistral-small", "capabilities": {"completion_chat": True}},
            {"id": "mistral-ocr", "capabilities": {"completion_chat": False}},
            {"id": "router/painter", "architecture": {"output_modalities": ["image"]}},
            {"id": "router/writer", "architecture": {"output_modalities": ["image", "text"]}},
        ]
    ) as server:
        names = await asked_for(session, server.url).read()

    assert names == ("mistral-small", "router/writer")


@pytest.mark.parametrize(
    "data",
    [
        [{"id": 7}, {"id": None}, None, 3, "x", [], {"id": ["a"]}, {"id": "fine"}, {}],
        [{"id": "x" * 100_000}, {"id": "fine"}],
        [{"id": "two\nlines"}, {"id": " spaced "}, {"id": "\u202eback"}, {"id": ""}, {"id": "fine"}],
        [{"id": "fine"}, {"id": "fine"}],
        [{"id": f"stolen {KEY}"}, {"id": "fine"}],
    ],
    ids=["wrong types", "endless name", "odd characters", "twice", "the key"],
)
async def test_what_is_no_name_is_left_out(session: aiohttp.ClientSession, data: list[object]) -> None:
    async with listing(data=data) as server:
        assert await asked_for(session, server.url).read() == ("fine",)


async def test_a_long_list_is_cut(session: aiohttp.ClientSession) -> None:
    async with listing(data=[{"id": f"model-{number}"} for number in range(3 * MOST_MODELS)]) as server:
        assert len(await asked_for(session, server.url).read()) == MOST_MODELS


async def test_a_list_whose_pages_never_end_is_left_at_some_page(session: aiohttp.ClientSession) -> None:
    async with listing() as server:
        server.lists = [respond(200, {"models": [{"name": "models/a"}], "nextPageToken": "again"})]
        names = await asked_for(session, server.url, "gemini").read()

    assert names == ("a",)
    assert len(server.asked) == 5


def million() -> Iterator[bytes]:
    yield b'{"data": ['
    for _ in range(1000):
        yield b'{"id":"x"},' * 1000
    yield b"{}]}"


def endless() -> Iterator[bytes]:
    while True:
        yield b" " * 65536


@pytest.mark.parametrize("pieces", [million, endless])
async def test_a_list_of_a_million_is_not_read_to_its_end(
    session: aiohttp.ClientSession, pieces: Callable[[], Iterator[bytes]]
) -> None:
    async with listing() as server:
        server.lists = [stream_lazily(pieces, "application/json")]
        error = await refused(session, server.url)

    assert error.failure is Failure.TOO_LONG
    assert "4194304 bytes" in error.detail


async def test_a_list_of_many_small_things_is_not_unpacked(session: aiohttp.ClientSession) -> None:
    async with listing() as server:
        server.lists = [respond(200, b'{"data": [' + b"{}," * 200_000 + b"{}]}")]
        error = await refused(session, server.url)

    assert error.failure is Failure.TOO_LONG
    assert "brackets" in error.detail


@pytest.mark.parametrize("pieces", [(), (b'{"data": [',)], ids=["silent", "half"])
async def test_a_list_that_does_not_come_is_given_up(
    session: aiohttp.ClientSession, pieces: tuple[bytes, ...]
) -> None:
    async with listing() as server:
        server.lists = [stream(*pieces, then=hang, content_type="application/json") if pieces else hang]
        error = await refused(session, server.url, limits(first_token=0.2, total=0.3))

    assert error.failure is Failure.TIMEOUT


@pytest.mark.parametrize(
    ("status", "body", "kind", "failure", "said"),
    [
        (
            401,
            {"error": {"message": f"bad key {KEY}"}},
            "application/json",
            Failure.AUTH,
            "HTTP 401: bad key ***",
        ),
        (404, {"error": {"message": "nothing"}}, "application/json", Failure.NOT_FOUND, "HTTP 404: nothing"),
        (200, b"<html>", "text/html", Failure.BAD_ANSWER, "not JSON (text/html)"),
        (
            200,
            {"error": "Unexpected endpoint"},
            "application/json",
            Failure.BAD_ANSWER,
            "Unexpected endpoint",
        ),
        (200, [], "application/json", Failure.BAD_ANSWER, "[]"),
        (200, b"[" * 90_000, "application/json", Failure.BAD_ANSWER, "nested"),
    ],
    ids=["wrong key", "no such page", "web page", "LM Studio", "another thing", "deep"],
)
async def test_what_is_no_list_is_told_as_what_it_is(
    session: aiohttp.ClientSession, status: int, body: object, kind: str, failure: Failure, said: str
) -> None:
    async with listing() as server:
        server.lists = [respond(status, body, content_type=kind)]
        error = await refused(session, server.url)

    assert error.failure is failure
    assert said in error.detail


async def test_no_redirect_is_followed(session: aiohttp.ClientSession) -> None:
    async with listing() as server, listing() as other:
        server.lists = [respond(307, b"", {"Location": other.url})]
        error = await refused(session, server.url)

    assert error.failure is Failure.BAD_ANSWER
    assert "redirect" in error.detail
    assert other.asked == []


async def test_a_private_network_is_not_asked_for_its_list() -> None:
    async with listing() as server, open_guarded_session() as guarded:
        error = await refused(guarded, server.url)

    assert error.failure is Failure.FORBIDDEN
    assert server.asked == []


async def test_one_list_waits_for_no_other_api(session: aiohttp.ClientSession) -> None:
    async with listing() as slow, listing() as quick:
        slow.lists = [hang]
        waiting = asyncio.create_task(asked_for(session, slow.url).read())
        names = await asked_for(session, quick.url).read()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    assert len(names) == 3


def test_the_order_does_not_depend_on_the_case() -> None:
    assert in_order({"b", "A", "C", "whisper-1"}) == ["A", "b", "C", "whisper-1"]
