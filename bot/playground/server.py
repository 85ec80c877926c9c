"""The stand-in's lifetime: a loopback server over one world."""

from __future__ import annotations

import asyncio
import socket
import time
from typing import TYPE_CHECKING, Self

from aiohttp import web

from bot.playground.gateway.gateway import Gateway
from bot.playground.rest.commands import CommandRoutes
from bot.playground.rest.dispatcher import API, Dispatcher, Route
from bot.playground.rest.faults import Faults
from bot.playground.rest.interactions import InteractionRoutes
from bot.playground.rest.ledger import RequestRecord, Requests
from bot.playground.rest.messages import MessageRoutes, ReactionRoutes
from bot.playground.rest.places import PlaceRoutes
from bot.playground.rest.rate_limits import RateLimits
from bot.playground.rest.threads import ThreadRoutes
from bot.playground.world.state import PATIENCE
from bot.playground.world.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType

    from bot.playground.world.people import People

HOST = "127.0.0.1"
IDLE_CHECK_SECONDS = 1.0
MAX_BODY = 32 * 1024 * 1024


class Playground:
    """A Discord of one's own, from entering the context to leaving it."""

    def __init__(  # noqa: PLR0913 - each says one thing about the server, by its name
        self,
        *,
        token: str = "playground-token",  # noqa: S107 - no secret: it opens nothing but this server
        port: int = 0,
        clock: Callable[[], float] = time.time,
        world: World | None = None,
        rate_limits: bool = True,
        heartbeat_interval: float = 41.25,
        shards: int = 1,
        privileged_intents: bool = True,
        on_request: Iterable[Callable[[RequestRecord], None]] = (),
        requests_kept: int = 50_000,
    ) -> None:
        self.token = token
        self.world = world or World(clock=clock)
        self.faults = Faults()
        self.requests = Requests(kept=requests_kept, observers=on_request)
        self.limits = RateLimits(enabled=rate_limits)
        self._port = port
        self._shards = shards
        self._heartbeat_interval = heartbeat_interval
        self._privileged_intents = privileged_intents
        self._runner: web.AppRunner | None = None
        self._gateway: Gateway | None = None
        self._watching: asyncio.Task[None] | None = None

    @property
    def people(self) -> People:
        return self.world.people

    @property
    def gateway(self) -> Gateway:
        if self._gateway is None:
            raise RuntimeError("The playground is not running.")
        return self._gateway

    @property
    def api_url(self) -> str:
        return f"{self.world.base_url}{API}"

    @property
    def gateway_url(self) -> str:
        return f"ws://{HOST}:{self._port}/gateway"

    @property
    def routes(self) -> list[Route]:
        """Every route that is answered; the rest is 501."""
        world = self.world
        return [
            *PlaceRoutes(world, self.gateway_url, self._shards, privileged=self._privileged_intents).routes(),
            *MessageRoutes(world).routes(),
            *ReactionRoutes(world).routes(),
            *CommandRoutes(world).routes(),
            *InteractionRoutes(world).routes(),
            *ThreadRoutes(world).routes(),
        ]

    async def ready(self, *, timeout: float = PATIENCE) -> None:  # noqa: ASYNC109 - a test waits for a bot, and says how long
        """Wait until every shard of a bot is connected. Raises TimeoutError."""
        await self.world.until(lambda: len(self.gateway.connected) >= self._shards, timeout=timeout)

    async def __aenter__(self) -> Self:
        listener = socket.create_server((HOST, self._port))
        self._port = listener.getsockname()[1]
        self.world.move(f"http://{HOST}:{self._port}")
        self._gateway = Gateway(
            self.world,
            self.token,
            self.gateway_url,
            heartbeat_interval=self._heartbeat_interval,
            privileged_intents=self._privileged_intents,
        )
        self.world.subscribers.append(self._gateway.publish)
        self._runner = web.AppRunner(self._app(self._gateway), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.SockSite(self._runner, listener).start()
        self._watching = asyncio.create_task(self._watch_threads(), name="threads")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._watching is not None:
            self._watching.cancel()
        if self._gateway is not None:
            await self._gateway.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _watch_threads(self) -> None:
        """Archive idle threads even while nobody does anything."""
        while True:
            self.world.threads.archive_idle()
            await asyncio.sleep(IDLE_CHECK_SECONDS)

    def _app(self, gateway: Gateway) -> web.Application:
        dispatcher = Dispatcher(
            self.world, self.token, limits=self.limits, faults=self.faults, requests=self.requests
        )
        app = web.Application(client_max_size=MAX_BODY)
        app.router.add_get("/gateway", gateway.handle)
        app.router.add_get("/attachments/{channel_id}/{attachment_id}/{filename}", self._attachment)
        for route in self.routes:
            app.router.add_route(route.method, API + route.template, dispatcher.bind(route))
        app.router.add_route("*", API + "/{rest:.*}", dispatcher.unknown)
        return app

    async def _attachment(self, request: web.Request) -> web.Response:
        text = request.match_info["attachment_id"]
        found = self.world.attachments.get(int(text)) if text.isdecimal() else None
        if found is None:
            raise web.HTTPNotFound
        return web.Response(body=found.content, headers={"Content-Type": found.content_type})
