"""One bot process's (or shard's) view of events, which outlives its connections."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from typing import TYPE_CHECKING

from bot.playground.snowflakes import shard_of
from bot.playground.wire import encode

if TYPE_CHECKING:
    from aiohttp import web

    from bot.playground.events import Event, Intent

KEPT_FOR_REPLAY = 50_000


class Link:
    """An open connection and what is still to be written to it."""

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        self.socket = socket
        self._transport = transport
        self.outbox: asyncio.Queue[bytes] = asyncio.Queue()

    def cut(self) -> None:
        """Break the connection without a word."""
        if self._transport is not None:
            self._transport.abort()

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
        self._replayable: deque[tuple[int, bytes]] = deque(maxlen=KEPT_FOR_REPLAY)

    def holds(self, guild_id: int) -> bool:
        return shard_of(guild_id, self.shard_count) == self.shard_id

    def offer(self, event: Event) -> None:
        """Deliver an event if the session's shard and intents are for it."""
        if (not event.intent or event.intent & self.intents) and self.holds(event.guild_id):
            self.dispatch(event.name, event.body(self.intents))

    def dispatch(self, name: str, body: bytes) -> None:
        self.sequence += 1
        frame = b'{"op":0,"s":%d,"t":"%s","d":%b}' % (self.sequence, name.encode(), body)
        self._replayable.append((self.sequence, frame))
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
