"""Who may talk to the page: the one browser that was given the key, and no other site in it."""

from __future__ import annotations

import hmac
import ipaddress
import re
import secrets
from typing import TYPE_CHECKING

from aiohttp import hdrs, web

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

POLICY = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "img-src 'self'; "
    "connect-src 'self'; "
    "base-uri 'none'; "
    "form-action 'none'; "
    "frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; "
    "trusted-types server-markup"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    # Without it Chromium looks up the hosts of links before anyone follows them.
    "X-DNS-Prefetch-Control": "off",
}
HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]/@]+)(?::\d+)?")
REFUSED = "This page opens with the address that arena-bot printed, and with no other."


class Guard:
    """Lets a request pass that carries the key as a cookie, and turns the key in an address into one."""

    def __init__(self, key: str | None, host: str) -> None:
        self.key = key or secrets.token_urlsafe(32)
        self._host = host.lower()

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not (self._names_us(request.host) and _from_our_page(request)):
            raise web.HTTPForbidden(text=REFUSED)
        if request.path == "/" and self._is_key(request.query.get("key", "")):
            return self._welcome(request)
        if not self._is_key(request.cookies.get(_cookie(request), "")):
            raise web.HTTPForbidden(text=REFUSED)
        return await handler(request)

    def _names_us(self, host: str) -> bool:
        """Whether the host is one that no stranger's name server can have led here."""
        found = HOST.fullmatch(host.lower())
        name = found[1].strip("[]") if found else ""
        return bool(name) and (name in ("localhost", self._host) or _is_address(name))

    def _is_key(self, offered: str) -> bool:
        return hmac.compare_digest(offered.encode(), self.key.encode())

    def _welcome(self, request: web.Request) -> web.Response:
        rest = request.rel_url.without_query_params("key")
        response = web.Response(status=303, headers={hdrs.LOCATION: str(rest)})
        response.set_cookie(_cookie(request), self.key, httponly=True, samesite="Strict", path="/")
        return response


def _cookie(request: web.Request) -> str:
    """Name the cookie by the port: cookies do not know ports, and a second playground has another key."""
    return f"arena-playground-{request.url.port}"


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)


def _from_our_page(request: web.Request) -> bool:
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is None:
        return request.method == hdrs.METH_GET and request.headers.get(hdrs.UPGRADE) is None
    return origin == f"{request.scheme}://{request.host}"


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
