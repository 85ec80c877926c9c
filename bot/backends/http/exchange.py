"""One HTTP exchange with a model's server: bounded in time and size, its troubles told as `BackendError`.

The one seam where what aiohttp raises is translated, whatever protocol is spoken on top.
"""

from __future__ import annotations

import asyncio
import math
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

import aiohttp

from bot.backends.base import BackendError, Failure
from bot.backends.http.public_addresses import NotPublicError
from bot.backends.http.sessions import parse_retry_after

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Mapping

    from bot.backends.http.sessions import HttpLimits

_DETAIL_CHARS = 300
_MAX_ERROR_BYTES = 1 << 16
# For what is welcome but no longer decides anything: an error's text, the count of tokens.
_GRACE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class ReplyDeadlines:
    """When the time limits of one reply run out.

    Deadlines are kept here, and entered for each wait, because one `asyncio.timeout` around a whole
    reply would be open while the consumer holds the iterator, and would cancel the consumer's task.
    """

    limits: HttpLimits
    total: float
    first_token: float = math.inf

    @classmethod
    def start(cls, limits: HttpLimits) -> ReplyDeadlines:
        return cls(limits, _now() + limits.total_seconds)

    def expect_first_token(self) -> ReplyDeadlines:
        return replace(self, first_token=_now() + self.limits.first_token_seconds)

    def see_first_token(self) -> ReplyDeadlines:
        return replace(self, first_token=math.inf)

    def shorten(self, seconds: float) -> ReplyDeadlines:
        return replace(self, total=min(self.total, _now() + seconds))

    def timeout(self) -> asyncio.Timeout:
        return asyncio.timeout_at(min(self.first_token, self.total))

    def expired(self) -> BackendError:
        if self.first_token < self.total:
            return _timed_out("first token", self.limits.first_token_seconds)
        return _timed_out("total", self.limits.total_seconds)


class Endpoint:
    """Where requests go, and the key that goes with them."""

    def __init__(
        self, session: aiohttp.ClientSession, url: str, headers: Mapping[str, str], secrets: Iterable[str]
    ) -> None:
        """`headers` already carry the key, in the protocol's way; `secrets` are what no error may repeat."""
        self._session = session
        self._url = url
        self._headers = headers
        self._secrets = sorted(secrets, key=len, reverse=True)

    @asynccontextmanager
    async def post(self, body: bytes, clock: ReplyDeadlines) -> AsyncGenerator[HttpAnswer, None]:
        """Leaving the context gives the connection up, unless the answer was read to its end."""
        response = await self._send(body, clock)
        async with response:
            yield HttpAnswer(response, clock, self)

    def quote(self, message: str) -> str:
        """`message` as one bounded line without control characters and without a secret."""
        line = "".join(filter(str.isprintable, " ".join(message.split())))
        # Redacted after control characters, which may have hidden it, and before the cut, which may halve it.
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return line[:_DETAIL_CHARS]

    async def _send(self, body: bytes, clock: ReplyDeadlines) -> aiohttp.ClientResponse:
        limits = aiohttp.ClientTimeout(total=None, connect=clock.limits.connect_seconds)
        try:
            async with clock.timeout():
                # As a file, which aiohttp sends piece by piece: a request with an image has megabytes.
                return await self._session.post(
                    self._url,
                    headers=self._headers,
                    data=BytesIO(body),
                    timeout=limits,
                    allow_redirects=False,
                )
        except aiohttp.ConnectionTimeoutError as exc:
            raise _timed_out("connect", clock.limits.connect_seconds) from exc
        except aiohttp.ClientResponseError as exc:
            # Not chained: it holds the request's headers, the key among them.
            raise BackendError(Failure.BAD_ANSWER, f"not HTTP: {self.quote(exc.message)}") from None
        # Before TimeoutError, because aiohttp's errors may be the one that the system reports.
        except aiohttp.ClientError as exc:
            raise self._unreachable(exc) from exc
        except TimeoutError as exc:
            raise clock.expired() from exc
        except OSError as exc:
            raise self._unreachable(exc) from exc

    def _unreachable(self, exc: aiohttp.ClientError | OSError) -> BackendError:
        if isinstance(exc, aiohttp.ClientConnectorError) and isinstance(exc.os_error, NotPublicError):
            return BackendError(Failure.FORBIDDEN, self.quote(f"{exc.host}: {exc.os_error}"))
        return BackendError(Failure.UNREACHABLE, self.quote(f"{type(exc).__name__}: {exc}"))


class HttpAnswer:
    """The server's answer, read piece by piece."""

    def __init__(self, response: aiohttp.ClientResponse, clock: ReplyDeadlines, endpoint: Endpoint) -> None:
        self.status = response.status
        self.content_type = response.content_type
        self.retry_after = parse_retry_after(response.headers.get("Retry-After", ""), datetime.now(UTC))
        self._content = response.content
        self._clock = clock
        self._endpoint = endpoint
        self._bytes_left = clock.limits.max_response_bytes

    async def read(self) -> bytes:
        """Return the next bytes, decompressed; none at the end."""
        try:
            async with self._clock.timeout():
                chunk = await self._content.readany()
        # Before TimeoutError, as above.
        except aiohttp.ClientError as exc:
            raise self._cut(exc) from exc
        except TimeoutError as exc:
            raise self._clock.expired() from exc
        except OSError as exc:
            raise self._cut(exc) from exc
        self._bytes_left -= len(chunk)
        if self._bytes_left < 0:
            limit = self._clock.limits.max_response_bytes
            raise BackendError(Failure.TOO_LONG, f"an answer of more than {limit} bytes")
        return chunk

    async def read_soon(self) -> bytes:
        """As `read`, where nothing depends on it any more: what is late or broken is left."""
        self._clock = self._clock.shorten(_GRACE_SECONDS)
        try:
            return await self.read()
        except BackendError:
            return b""

    async def read_error(self) -> bytes:
        body = bytearray()
        while len(body) < _MAX_ERROR_BYTES and (chunk := await self.read_soon()):
            body += chunk
        return bytes(body)

    def see_first_token(self) -> None:
        """Only the total limit counts from now on."""
        if self._clock.first_token < math.inf:
            self._clock = self._clock.see_first_token()

    def _cut(self, exc: aiohttp.ClientError | OSError) -> BackendError:
        return BackendError(Failure.BAD_ANSWER, f"the stream was cut: {self._endpoint.quote(str(exc))}")


def _now() -> float:
    return asyncio.get_running_loop().time()


def _timed_out(limit: str, seconds: float) -> BackendError:
    return BackendError(Failure.TIMEOUT, f"the {limit} limit of {seconds:g} s ran out")
