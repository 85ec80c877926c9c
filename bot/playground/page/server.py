"""The page's own server: its files, its attachments, its WebSocket."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from html import escape
from importlib import resources
from random import SystemRandom
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from aiohttp import web

from bot.playground.page.addresses import listen, reachable
from bot.playground.page.asks import MAX_ASK
from bot.playground.page.browser import Browser
from bot.playground.page.crowd import Crowd
from bot.playground.page.feed import Feed
from bot.playground.page.guard import Guard, add_headers
from bot.playground.page.panel import Panel
from bot.playground.page.view import IMAGES
from bot.playground.wire import encode

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from bot.playground.server import Playground

LANGUAGES = ("en", "ja")
TYPES = {
    "css": "text/css",
    "js": "text/javascript",
    "json": "application/json",
    "svg": "image/svg+xml",
}


class PlaygroundPage:
    """Shows a running playground to a browser, from entering the context to leaving it.

    `notices` is what the head of the page says, by language. Only who knows `url` gets in. To enter raises
    OSError where `host` and `port` cannot be listened to.
    """

    def __init__(
        self,
        playground: Playground,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        key: str | None = None,
        language: str = "en",
        notices: Mapping[str, str] = MappingProxyType({}),
        pace: float = 1.0,
    ) -> None:
        self._playground = playground
        self._host = host
        self._name = reachable(host)
        self._port = port
        self._guard = Guard(key, host)
        self._language = language if language in LANGUAGES else LANGUAGES[0]
        self._notices = encode(dict(notices)).decode()
        self._files = _files()
        self._feed = Feed(playground.world)
        self._panel = Panel(playground)
        self._crowd = Crowd(playground.world, SystemRandom(), pace=pace)
        self._sockets: set[web.WebSocketResponse] = set()
        self._runner: web.AppRunner | None = None
        self._telling: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """The address to open, with the key in it."""
        return f"{self.origin}/?key={self._guard.key}"

    @property
    def origin(self) -> str:
        name = f"[{self._name}]" if ":" in self._name else self._name
        return f"http://{name}:{self._port}"

    async def __aenter__(self) -> Self:
        listener = listen(self._host, self._port)
        self._port = listener.getsockname()[1]
        self._playground.world.subscribers += [self._feed.hear, self._panel.hear]
        self._telling = asyncio.create_task(self._feed.run(), name="page")
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.SockSite(self._runner, listener).start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._crowd.stop()
        for subscriber in (self._feed.hear, self._panel.hear):
            self._playground.world.subscribers.remove(subscriber)
        await self.disconnect()
        if self._runner is not None:
            await self._runner.cleanup()
        if self._telling is not None:
            self._telling.cancel()
            with suppress(asyncio.CancelledError):
                await self._telling

    async def disconnect(self) -> None:
        """Cut the browsers off; they come back by themselves."""
        await asyncio.gather(*(each.close() for each in self._sockets))

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[self._guard.middleware])
        app.on_response_prepare.append(add_headers)
        app.router.add_get("/", self._index)
        app.router.add_get("/live", self._live)
        app.router.add_get(r"/attachments/{attachment_id:\d{1,20}}", self._attachment)
        app.router.add_get("/static/{name}", self._static)
        return app

    async def _index(self, request: web.Request) -> web.Response:
        asked = request.query.get("lang", "")
        language = asked if asked in LANGUAGES else self._language
        text = self._files["index.html"].decode()
        for slot, value in (("LANGUAGE", language), ("NOTICES", self._notices)):
            text = text.replace(f"%{slot}%", escape(value))
        return web.Response(text=text, content_type="text/html")

    async def _static(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        kind = TYPES.get(name.rpartition(".")[2])
        if name not in self._files or kind is None:
            raise web.HTTPNotFound
        return web.Response(body=self._files[name], content_type=kind, charset="utf-8")

    async def _attachment(self, request: web.Request) -> web.Response:
        found = self._playground.world.attachments.get(int(request.match_info["attachment_id"]))
        if found is None:
            raise web.HTTPNotFound
        kind = found.content_type.partition(";")[0]
        if kind in IMAGES:
            return web.Response(body=found.content, content_type=kind)
        headers = {"Content-Disposition": "attachment"}
        return web.Response(body=found.content, content_type="application/octet-stream", headers=headers)

    async def _live(self, request: web.Request) -> web.WebSocketResponse:
        live = web.WebSocketResponse(max_msg_size=MAX_ASK, heartbeat=30)
        await live.prepare(request)
        self._sockets.add(live)
        try:
            await Browser(live, self._playground, self._feed, self._crowd, self._panel).serve()
        finally:
            self._sockets.discard(live)
        return live


def _files() -> dict[str, bytes]:
    folder = resources.files("bot.playground.page") / "static"
    return {each.name: each.read_bytes() for each in folder.iterdir() if each.is_file()}
