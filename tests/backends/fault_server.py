"""A model server that misbehaves on demand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import msgspec
from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Mapping

    from multidict import CIMultiDictProxy

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]
Body: TypeAlias = dict[str, object]

DONE = b"data: [DONE]\n\n"


@dataclass
class FaultServer:
    """Answers with its handlers in turn, the last one again and again."""

    url: str = ""
    handlers: list[Handler] = field(default_factory=list[Handler])
    bodies: list[Body] = field(default_factory=list[Body])
    headers: list[CIMultiDictProxy[str]] = field(default_factory=list["CIMultiDictProxy[str]"])
    paths: list[str] = field(default_factory=list[str])
    models: Body = field(default_factory=dict["str", "object"])
    """What a GET is answered with, where no handler says more; nothing there, and it is refused."""
    lists: list[Handler] = field(default_factory=list[Handler])
    """What answers a GET, in turn."""
    asked: list[str] = field(default_factory=list[str])
    """Paths and queries of what was got."""
    connections: set[object] = field(default_factory=set["object"])
    running: int = 0
    most_running: int = 0
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a client left in the middle of an answer."""

    def answer(self, *handlers: Handler) -> None:
        self.handlers = list(handlers)

    async def list_models(self, request: web.Request) -> web.StreamResponse:
        self.paths.append(request.path)
        self.asked.append(request.path_qs)
        self.headers.append(request.headers)
        if self.lists:
            handler = self.lists.pop(0) if len(self.lists) > 1 else self.lists[0]
            return await handler(request)
        return web.json_response(self.models)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.connections.add(request.transport)
        self.bodies.append(msgspec.json.decode(await request.read(), type=Body))
        self.headers.append(request.headers)
        self.paths.append(request.path)
        handler = self.handlers.pop(0) if len(self.handlers) > 1 else self.handlers[0]
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            return await handler(request)
        except (asyncio.CancelledError, ConnectionResetError):
            self.gone.set()
            raise
        finally:
            self.running -= 1


@asynccontextmanager
async def serve(*, keep_alive: bool = True, models: Body | None = None) -> AsyncGenerator[FaultServer, None]:
    server = FaultServer()
    app = web.Application(client_max_size=32 << 20)
    if not keep_alive:
        app.on_response_prepare.append(_hang_up_after)
    app.router.add_post("/{path:.*}", server.handle)
    if models is not None:
        server.models = models
        app.router.add_get("/{path:.*}", server.list_models)
    runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    _, port = runner.addresses[0][:2]
    server.url = f"http://127.0.0.1:{port}/v1"
    try:
        yield server
    finally:
        await runner.cleanup()


async def _hang_up_after(_: web.Request, response: web.StreamResponse) -> None:
    response.headers["Connection"] = "close"


def event(document: object) -> bytes:
    return b"data: " + msgspec.json.encode(document) + b"\n\n"


def text(content: str | None, finish_reason: str | None = None) -> bytes:
    return delta({"content": content}, finish_reason)


def delta(fields: Mapping[str, object], finish_reason: str | None = None) -> bytes:
    return event({"id": "x", "choices": [{"index": 0, "delta": fields, "finish_reason": finish_reason}]})


def stream(
    *pieces: bytes,
    then: Handler | None = None,
    status: int = 200,
    content_type: str = "text/event-stream",
    encoding: str = "",
) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = await _start(request, status, content_type, encoding)
        for piece in pieces:
            await response.write(piece)
        if then:
            await then(request)
        return response

    return handler


def stream_lazily(
    pieces: Callable[[], Iterable[bytes]], content_type: str = "text/event-stream", encoding: str = ""
) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = await _start(request, 200, content_type, encoding)
        for piece in pieces():
            await response.write(piece)
        return response

    return handler


def stream_as_told(
    pieces: Callable[[], AsyncIterable[bytes]], content_type: str = "text/event-stream"
) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = await _start(request, 200, content_type, "")
        async for piece in pieces():
            await response.write(piece)
        return response

    return handler


async def _start(request: web.Request, status: int, content_type: str, encoding: str) -> web.StreamResponse:
    response = web.StreamResponse(status=status, headers={"Content-Type": content_type})
    if encoding:
        response.headers["Content-Encoding"] = encoding
    await response.prepare(request)
    return response


def respond(
    status: int,
    body: object,
    headers: Mapping[str, str] | None = None,
    content_type: str = "application/json",
) -> Handler:
    raw = body if isinstance(body, bytes) else msgspec.json.encode(body)

    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, body=raw, headers=headers, content_type=content_type)

    return handler


async def hang(_: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


async def hang_up(request: web.Request) -> web.StreamResponse:
    """Break the connection off."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def talk_nonsense(request: web.Request) -> web.StreamResponse:
    """Answer in no HTTP, with the request's key in it."""
    assert isinstance(request.transport, asyncio.Transport)
    request.transport.write(b"NONSENSE " + request.headers["Authorization"].encode() + b"\r\n\r\n")
    return await hang(request)
