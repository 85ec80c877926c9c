"""The HTTP sessions that backends share, and the limits every exchange keeps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING

import aiohttp

from bot.backends.http.own_networks import OwnNetworks
from bot.backends.http.public_addresses import GuardedResolver, guarded_socket

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from aiohttp.abc import AbstractResolver

    from bot.backends.http.public_addresses import AddressInfo

_MIB = 1 << 20
_MAX_HEADER_BYTES = 8190


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """What one reply may take.

    `connect_seconds` covers name look-up, TCP and TLS. `first_token_seconds` runs from the request
    to the first text, reasoning included, and `stall_seconds` from each piece to the next, likewise.
    `total_seconds` covers everything from the request on. `queue_seconds` is the longest wait before it,
    for a free place among the model's concurrent requests and among the bot's connections.
    """

    connect_seconds: float
    first_token_seconds: float
    total_seconds: float
    max_reply_chars: int
    stall_seconds: float = 30.0
    queue_seconds: float = 600.0

    @property
    def max_event_bytes(self) -> int:
        """For one event, or one whole JSON body: each character as two escapes, and the reasoning."""
        return _MIB + 12 * self.max_reply_chars

    @property
    def max_response_bytes(self) -> int:
        """For a whole stream: an envelope around each character, and long reasoning."""
        return 32 * _MIB + 1024 * self.max_reply_chars

    @property
    def max_documents(self) -> int:
        """For a whole stream: long reasoning, and ten for each character, with what says nothing between."""
        return 100_000 + 10 * self.max_reply_chars


def open_session() -> aiohttp.ClientSession:
    """Open a session for the operator's own models; the caller closes it. Needs a running event loop."""
    # aiodns, where somebody installed it, would bypass the system's resolver.
    return _session(_connector(aiohttp.ThreadedResolver()))


def open_guarded_session(resolver: AbstractResolver | None = None) -> aiohttp.ClientSession:
    """Open a session that reaches the public internet alone, for models that moderators bring."""
    own = OwnNetworks()
    guarded = GuardedResolver(resolver or aiohttp.ThreadedResolver(), own)
    return _session(_connector(guarded, partial(guarded_socket, own=own)))


def _connector(
    resolver: AbstractResolver, socket_factory: Callable[[AddressInfo], socket.socket] | None = None
) -> aiohttp.TCPConnector:
    return aiohttp.TCPConnector(
        resolver=resolver,
        socket_factory=socket_factory,
        # How many there are is decided before one is asked for: a wait in here would count as the server's.
        limit=0,
        # Servers close a connection right after an answer (uvicorn after an unhandled exception, HAProxy
        # between queued replies). A POST sent into a closing one fails, and an innocent model with it.
        force_close=True,
    )


def _session(connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
    """Set what all exchanges share.

    `trust_env` stays off: it would send credentials from ~/.netrc to a model's server, and behind a
    proxy from the environment no check of the address that is really contacted would hold.
    """
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        # Each exchange keeps its own time; aiohttp's five minutes would cut a long one.
        timeout=aiohttp.ClientTimeout(total=None),
        trust_env=False,
        # Nothing is decompressed: 176 bytes of brotli would hold the event loop for seconds.
        auto_decompress=False,
        max_line_size=_MAX_HEADER_BYTES,
        max_field_size=_MAX_HEADER_BYTES,
        headers={"User-Agent": "arena-bot", "Accept-Encoding": "identity"},
    )


def parse_retry_after(value: str, now: datetime) -> float | None:
    """Seconds from `now`, never negative; `None` where `value` is neither seconds nor an HTTP date."""
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value):
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
