"""How a REST request is read, judged, answered and recorded, whatever it is about."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from aiohttp import BodyPartReader, web

from bot.playground.errors import DiscordError, FormErrors, Refusal
from bot.playground.rest.ledger import RequestRecord, Requests
from bot.playground.rest.rate_limits import Rate, RateLimits, Verdict
from bot.playground.wire import decode, encode
from bot.playground.world.messages.uploads import Upload

if TYPE_CHECKING:
    from bot.playground.rest.faults import Fault, Faults
    from bot.playground.world.world import World

_log = logging.getLogger(__name__)

T = TypeVar("T")

API = "/api/v10"
NO_CONTENT = 204
SERVER_ERROR = 500
MAJOR_PARAMETERS = ("channel_id", "guild_id", "webhook_id", "webhook_token", "interaction_token")
FILE_FIELD = re.compile(r"files\[(\d+)\]")


class Call:
    """One request, as the handlers see it."""

    def __init__(self, request: web.Request, content: bytes, uploads: tuple[Upload, ...] = ()) -> None:
        self._request = request
        self.content = content
        self.uploads = uploads

    @classmethod
    async def read(cls, request: web.Request) -> Call:
        if request.content_type == "multipart/form-data":
            content, uploads = await _read_form(request)
            return cls(request, content, uploads)
        return cls(request, await request.read())

    @property
    def method(self) -> str:
        return self._request.method

    @property
    def path(self) -> str:
        return self._request.path.removeprefix(API)

    def text(self, name: str) -> str:
        return self._request.match_info[name]

    def optional_text(self, name: str) -> str | None:
        return self._request.match_info.get(name)

    def id(self, name: str) -> int:
        """Read a snowflake of the path. Raises the invalid form that Discord answers with."""
        text = self._request.match_info[name]
        if not text.isdecimal():
            errors = FormErrors()
            errors.add((name,), "NUMBER_TYPE_COERCE", f'Value "{text}" is not snowflake.')
            errors.raise_if_any()
        return int(text)

    def number(self, name: str, default: int, *, low: int, high: int) -> int:
        """Read a number of the query string."""
        text = self._request.query.get(name)
        if text is None:
            return default
        errors = FormErrors()
        if not text.isdecimal():
            errors.add((name,), "NUMBER_TYPE_COERCE", f'Value "{text}" is not int.')
        elif not low <= int(text) <= high:
            errors.add((name,), "NUMBER_TYPE_MAX", f"int value should be between {low} and {high}.")
        errors.raise_if_any()
        return int(text)

    def snowflake(self, name: str) -> int | None:
        """Read a snowflake of the query string."""
        return self.number(name, 0, low=0, high=1 << 63) if name in self._request.query else None

    def flag(self, name: str) -> bool:
        return self._request.query.get(name, "").lower() in ("1", "true")

    def body(self, kind: type[T]) -> T:
        return decode(self.content or b"{}", kind)

    def authorised_by(self, token: str) -> bool:
        return self._request.headers.get("Authorization") == f"Bot {token}"

    @property
    def major(self) -> str:
        found = self._request.match_info
        return ":".join(found[name] for name in MAJOR_PARAMETERS if name in found)


async def _read_form(request: web.Request) -> tuple[bytes, tuple[Upload, ...]]:
    content = b""
    uploads: list[Upload] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        data = bytes(await part.read(decode=True))
        if part.name == "payload_json":
            content = data
        elif found := FILE_FIELD.fullmatch(part.name or ""):
            kind = part.headers.get("Content-Type", "application/octet-stream")
            uploads.append(Upload(int(found[1]), part.filename or "file", kind, data))
    return content, tuple(uploads)


Handler: TypeAlias = Callable[[Call], object]
"""Takes a call and returns what is to be encoded, or None for 204."""


@dataclass(slots=True, frozen=True)
class Route:
    """A method and a path template, as Discord's OpenAPI description writes it.

    `by_token` marks those that are authorised by a token in the path: they need no bot token and do not
    count under the global limit.
    """

    method: str
    template: str
    handler: Handler
    rate: Rate | None = None
    by_token: bool = False
    open_to_all: bool = False
    created: bool = False

    @property
    def effective_rate(self) -> Rate:
        return self.rate or Rate(f"{self.method} {self.template}", 50, 1.0)


class Dispatcher:
    """Stands between aiohttp and the handlers."""

    def __init__(
        self,
        world: World,
        token: str,
        *,
        limits: RateLimits,
        faults: Faults,
        requests: Requests,
    ) -> None:
        self._world = world
        self._token = token
        self._limits = limits
        self._faults = faults
        self._requests = requests

    def bind(self, route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            call = await Call.read(request)
            response = await self._answer(route, call, request)
            self._record(route, call, response)
            return response

        return handle

    async def unknown(self, request: web.Request) -> web.Response:
        route = Route(request.method, request.path.removeprefix(API), _not_implemented)
        _log.warning("The stand-in does not implement %s %s", route.method, route.template)
        call = await Call.read(request)
        message = f"The playground does not implement {route.method} {route.template}"
        response = _json(501, {"message": message, "code": 0})
        self._record(route, call, response)
        return response

    async def _answer(self, route: Route, call: Call, request: web.Request) -> web.Response:
        fault = self._faults.take(route.method, route.template, call.path)
        if fault is not None and fault.delay:
            await asyncio.sleep(fault.delay)
        if fault is not None and (fault.status or fault.drop):
            return self._fail(fault, route, call, request)
        return self._judge(route, call)

    def _fail(self, fault: Fault, route: Route, call: Call, request: web.Request) -> web.Response:
        if fault.after:
            self._handle(route, call)
        if fault.drop and request.transport is not None:
            request.transport.abort()
        return _json(fault.status or SERVER_ERROR, fault.payload(), {"Via": "1.1 google"})

    def _judge(self, route: Route, call: Call) -> web.Response:
        if not (route.by_token or route.open_to_all or call.authorised_by(self._token)):
            return _refusal(DiscordError(Refusal.UNAUTHORIZED))
        verdict = self._limits.take(route.effective_rate, call.major, counts_globally=not route.by_token)
        response = _too_many(verdict) if verdict.retry_after is not None else self._handle(route, call)
        response.headers.update(verdict.headers)
        return response

    def _handle(self, route: Route, call: Call) -> web.Response:
        self._world.threads.archive_idle()
        try:
            answer = route.handler(call)
        except DiscordError as exc:
            return _refusal(exc)
        if answer is None:
            return web.Response(status=NO_CONTENT)
        return _json(201 if route.created else 200, answer)

    def _record(self, route: Route, call: Call, response: web.Response) -> None:
        body = response.body
        record = RequestRecord(
            number=self._requests.total,
            method=route.method,
            template=route.template,
            path=call.path,
            status=response.status,
            limited=not route.by_token,
            content=call.content,
            files=tuple(upload.filename for upload in call.uploads),
            at=self._world.clock(),
            response=body if isinstance(body, bytes) else b"",
        )
        self._requests.add(record)
        self._world.touch()


def _not_implemented(_: Call) -> object:
    raise NotImplementedError


def _json(status: int, payload: object, headers: dict[str, str] | None = None) -> web.Response:
    # discord.py decodes an answer only if its content type is this to the letter, without a charset.
    headers = {"Content-Type": "application/json", **(headers or {})}
    return web.Response(status=status, body=encode(payload), headers=headers)


def _refusal(error: DiscordError) -> web.Response:
    headers = {"Via": "1.1 google"} if error.retry_after is not None else None
    return _json(error.status, error.payload(), headers)


def _too_many(verdict: Verdict) -> web.Response:
    wait = round(verdict.retry_after or 0.0, 3)
    body = {
        "message": "You are being rate limited.",
        "code": 0,
        "retry_after": wait,
        "global": verdict.is_global,
    }
    return _json(429, body, {"Via": "1.1 google", "Retry-After": str(wait)})
