"""One bot process's (or shard's) view of events, which outlives its connections."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from typing import TYPE_CHECKING

from bot.playground.wire import encode
from bot.playground.world.snowflakes import shard_of

if TYPE_CHECKING:
    from aiohttp import web

    from bot.playground.world.events import GatewayEvent, Intent

FRAMES_PER_MINUTE = 120
MINUTE = 60.0
KEPT_FOR_REPLAY = 16 * 1024 * 1024
"""Bytes of events; who missed more has to identify anew."""


class Link:
    """An open connection and what is still to be written to it."""

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        self.socket = socket
        self._transport = transport
        self.outbox: asyncio.Queue[bytes] = asyncio.Queue()
        self._heard: deque[float] = deque(maxlen=FRAMES_PER_MINUTE)

    def cut(self) -> None:
        """Break the connection without a word."""
        if self._transport is not None:
            self._transport.abort()

    def is_flooded(self) -> bool:
        """Count one more frame of the client; say whether there were too many in the last minute."""
        now = time.monotonic()
        full = len(self._heard) == FRAMES_PER_MINUTE and now - self._heard[0] < MINUTE
        self._heard.append(now)
        return full

    def send(self, op: int, data: object = None) -> None:
        self.outbox.put_nowait(encode({"op": op, "d": data, "s": None, "t": None}))


class Session:
    """Numbers the events it wants and keeps them for a resume, whether or not anyone is connected."""

    def __init__(self, intents: Intent, shard_id: int, shard_count: int) -> None:
        self.id = secrets.token_hex(16)
        self.intents = intents
        self.shard_id = shard_id
        self.shard_count = shard_count
        self.sequence = 0
        self.link: Link | None = None
        self._replayable: deque[tuple[int, bytes]] = deque()
        self._kept = 0

    def holds(self, guild_id: int) -> bool:
        return shard_of(guild_id, self.shard_count) == self.shard_id

    def offer(self, event: GatewayEvent) -> None:
        """Deliver an event if the session's shard and intents are for it."""
        if (not event.intent or event.intent & self.intents) and self.holds(event.guild_id):
            self.dispatch(event.name, event.body(self.intents))

    def dispatch(self, name: str, body: bytes) -> None:
        self.sequence += 1
        frame = b'{"op":0,"s":%d,"t":"%s","d":%b}' % (self.sequence, name.encode(), body)
        self._replayable.append((self.sequence, frame))
        self._kept += len(frame)
        while self._kept > KEPT_FOR_REPLAY:
            self._kept -= len(self._replayable.popleft()[1])
        if self.link is not None:
            self.link.outbox.put_nowait(frame)

    def can_replay_after(self, sequence: int) -> bool:
        oldest = self._replayable[0][0] if self._replayable else self.sequence + 1
        return oldest - 1 <= sequence <= self.sequence

    def resume(self, link: Link, sequence: int) -> None:
        """Send what was missed since that sequence number, then go on from there."""
        self.link = link
        for number, frame in self._replayable:
            if number > sequence:
                link.outbox.put_nowait(frame)
        self.dispatch("RESUMED", b"{}")
