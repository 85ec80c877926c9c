"""One HTTP exchange with a model's server: bounded in time and size, its troubles told as `BackendError`.

The one seam where what aiohttp raises is translated, whatever protocol is spoken on top.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

import aiohttp

from bot.backends.base import BackendError, Failure
from bot.backends.http.public_addresses import NotPublicError
from bot.backends.http.sessions import parse_retry_after

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Mapping

    from bot.backends.http.deadlines import ReplyDeadlines

_DETAIL_CHARS = 300
_MAX_ERROR_BYTES = 1 << 16
# For what is welcome but decides nothing: an error's text, a list of models.
_GRACE_SECONDS = 1.0
# What comes at once is worked through in parts, which take a few milliseconds each, whatever is in them.
_PART_BYTES = 1 << 12
_CUT = "the connection broke off in the middle of the answer"


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
        # As a file, which aiohttp sends piece by piece: a request with an image has megabytes.
        response = await self._send("POST", self._url, BytesIO(body), clock)
        async with response:
            with closing(HttpAnswer(response, clock, self)) as answer:
                yield answer

    @asynccontextmanager
    async def ask(self, url: str, clock: ReplyDeadlines) -> AsyncGenerator[HttpAnswer, None]:
        """GET another place of the same API."""
        response = await self._send("GET", url, None, clock)
        async with response:
            with closing(HttpAnswer(response, clock, self)) as answer:
                yield answer

    async def get(self, url: str, clock: ReplyDeadlines) -> bytes:
        """Return a small body that would be welcome; nothing where it cannot be had."""
        try:
            response = await self._send("GET", url, None, clock.shortened(_GRACE_SECONDS))
        except BackendError:
            return b""
        async with response:
            with closing(HttpAnswer(response, clock, self)) as answer:
                return await answer.read_error() if response.ok else b""

    def quote(self, message: str) -> str:
        """`message` as one bounded line without control characters and without a secret."""
        line = "".join(filter(str.isprintable, " ".join(message.split())))
        # Redacted after control characters, which may have hidden it, and before the cut, which may halve it.
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return line[:_DETAIL_CHARS]

    async def _send(
        self, method: str, url: str, body: BytesIO | None, clock: ReplyDeadlines
    ) -> aiohttp.ClientResponse:
        limits = aiohttp.ClientTimeout(total=None, connect=clock.limits.connect_seconds)
        try:
            async with clock.timeout():
                return await self._session.request(
                    method, url, headers=self._headers, data=body, timeout=limits, allow_redirects=False
                )
        except aiohttp.ConnectionTimeoutError as exc:
            seconds = clock.limits.connect_seconds
            raise BackendError(
                Failure.UNREACHABLE, f"no connection within {seconds:g} s; https or http?"
            ) from exc
        except aiohttp.ClientResponseError:
            # Not chained: it holds the request's headers, the key among them.
            raise BackendError(Failure.BAD_ANSWER, "the answer is not HTTP") from None
        # Before TimeoutError, because aiohttp's errors may be the one that the system reports.
        except aiohttp.ClientError as exc:
            raise self._unreachable(exc) from exc
        except TimeoutError as exc:
            raise clock.expired() from exc
        except OSError as exc:
            raise BackendError(Failure.UNREACHABLE, self.quote(exc.strerror or str(exc))) from exc

    def _unreachable(self, exc: aiohttp.ClientError) -> BackendError:
        match exc:
            case aiohttp.ClientConnectorError() if isinstance(exc.os_error, NotPublicError):
                return BackendError(Failure.FORBIDDEN, self.quote(f"{exc.host}: {exc.os_error}"))
            case aiohttp.ClientConnectorCertificateError():
                reason = (
                    f"the certificate of {exc.host} is not trusted; a file with that of its issuer can be"
                    " named in SSL_CERT_FILE"
                )
            case aiohttp.ClientSSLError():
                reason = f"{_place(exc)} does not speak TLS as expected; https or http?"
            case aiohttp.ClientConnectorError():
                reason = f"no connection to {_place(exc)}: {_reason(exc.os_error)}"
            case aiohttp.InvalidURL():
                reason = "that is no address"
            case aiohttp.ServerDisconnectedError() | aiohttp.ClientOSError():
                reason = "the server hung up before it answered"
            case _:
                reason = "the connection failed"
        return BackendError(Failure.UNREACHABLE, self.quote(reason))


class HttpAnswer:
    """The server's answer, read piece by piece."""

    def __init__(self, response: aiohttp.ClientResponse, clock: ReplyDeadlines, endpoint: Endpoint) -> None:
        self.status = response.status
        self.content_type = response.content_type
        self.is_compressed = response.headers.get("Content-Encoding", "identity").lower() not in (
            "identity",
            "",
        )
        self.location = response.headers.get("Location", "")
        self.retry_after = parse_retry_after(response.headers.get("Retry-After", ""), datetime.now(UTC))
        self._content = response.content
        self._clock = clock
        self._endpoint = endpoint
        self._unread = memoryview(b"")
        self._bytes_left = clock.limits.max_response_bytes
        self._loop = asyncio.get_running_loop()
        self._alarm = self._loop.call_at(clock.next, self._end_wait)

    async def let_others(self) -> None:
        """Give the others their turn, which a server that never lets us wait would keep from them."""
        await asyncio.sleep(0)
        self._clock.check()  # as no timeout ends what does not wait

    async def read(self) -> bytes:
        """Return the next bytes, not too many at once; none at the end."""
        if self._unread:
            await self.let_others()
        else:
            self._unread = await self._receive()
        part, self._unread = self._unread[:_PART_BYTES], self._unread[_PART_BYTES:]
        return bytes(part)

    async def _receive(self) -> memoryview:
        try:
            if chunk := self._content.read_nowait():
                await self.let_others()
            else:
                self._clock.check()
                chunk = await self._content.readany()
        # Before TimeoutError, as above.
        except aiohttp.ClientError as exc:
            raise BackendError(Failure.BROKE_OFF, _CUT) from exc
        except TimeoutError as exc:
            raise self._clock.expired() from exc
        except OSError as exc:
            raise BackendError(Failure.BROKE_OFF, _CUT) from exc
        self._bytes_left -= len(chunk)
        if self._bytes_left < 0:
            limit = self._clock.limits.max_response_bytes
            raise BackendError(Failure.TOO_LONG, f"an answer of more than {limit} bytes")
        return memoryview(chunk)

    async def read_error(self) -> bytes:
        """Return what is said for the operator; what is late or broken is left."""
        self._clock = self._clock.shortened(_GRACE_SECONDS)
        self._watch()
        body = bytearray()
        try:
            while len(body) < _MAX_ERROR_BYTES and (chunk := await self.read()):
                body += chunk
        except BackendError:
            pass
        return b"(compressed)" if self.is_compressed else bytes(body)

    def expect_piece(self) -> None:
        """Give the next piece its time from now on."""
        self._clock.expect_piece()

    def expect_end(self, *, is_forgotten: bool) -> None:
        """Wait for the end of the stream from now on, and not for long if the server forgets to end it."""
        self._clock.expect_end(is_forgotten=is_forgotten)
        self._watch()

    def close(self) -> None:
        self._alarm.cancel()

    def _watch(self) -> None:
        """Have the wait end where time is up.

        One alarm looks again when it is due, as long as pieces come: they come by the hundred, and need none
        of their own.
        """
        self._alarm.cancel()
        self._alarm = self._loop.call_at(self._clock.next, self._end_wait)

    def _end_wait(self) -> None:
        if self._clock.now() < self._clock.next:
            self._watch()
        else:
            self._content.set_exception(TimeoutError())


def _place(error: aiohttp.ClientConnectorError) -> str:
    return f"{error.host}:{error.port}"


def _reason(error: OSError) -> str:
    return error.strerror or "the connection failed"
