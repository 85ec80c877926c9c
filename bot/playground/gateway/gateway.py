"""The gateway: events over a WebSocket, version 10, JSON, uncompressed."""

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

import msgspec
from aiohttp import WSMsgType, web
from msgspec import UNSET

from bot.playground.gateway.frames import (
    IGNORED,
    INTENTIONAL,
    Close,
    Frame,
    Identify,
    Op,
    RequestMembers,
    Resume,
)
from bot.playground.gateway.sessions import Link, Session
from bot.playground.wire import JsonObject, encode
from bot.playground.world import payloads, place_payloads
from bot.playground.world.events import PRIVILEGED, GatewayEvent, Intent

if TYPE_CHECKING:
    from bot.playground.world.model import Guild, Member
    from bot.playground.world.world import World

_log = logging.getLogger(__name__)

ACK_SECONDS = 0.01
"""Nothing further away answers sooner, and discord.py, which notes a beat after it was sent, takes an earlier
answer for one to the beat before, and warns of a lag as long as the interval."""

CLOSING = 0.5
"""How long a client may take to close its side: discord.py does not at all while it is busy."""


class CloseError(Exception):
    """The connection is to be closed with this code."""

    def __init__(self, code: Close) -> None:
        self.code = code
        super().__init__(code.name)


class Gateway:
    """All sessions, and the connections that carry them.

    Set `delay` to make every frame come that many seconds late.
    """

    def __init__(
        self,
        world: "World",
        token: str,
        url: str,
        *,
        heartbeat_interval: float,
        privileged_intents: bool,
    ) -> None:
        self._world = world
        self._token = token
        self._url = url
        self._heartbeat_interval = heartbeat_interval
        self._privileged_intents = privileged_intents
        self._links: set[Link] = set()
        self.sessions: dict[str, Session] = {}
        self.identified = 0
        self.resumed = 0
        self.heartbeats = 0
        self.delay = 0.0

    @property
    def connected(self) -> list[Session]:
        return [session for session in self.sessions.values() if session.link is not None]

    def publish(self, event: GatewayEvent) -> None:
        if event.unseen:
            return
        for session in self.sessions.values():
            if event.name == "GUILD_CREATE" and session.holds(event.guild_id):
                self._guild_create(session, self._world.guild(event.guild_id), {})
            else:
                session.offer(event)

    async def drop(self, *, forget: bool = False) -> None:
        """Cut all connections. Clients come back and resume, or with `forget` find that they cannot."""
        if forget:
            self.sessions.clear()
        for link in self._links:
            link.cut()
        await self._world.until(lambda: not self.connected)

    def reconnect(self) -> None:
        """Ask all clients to reconnect, as Discord does when it moves them."""
        for link in self._links:
            link.send(Op.RECONNECT)

    async def close(self) -> None:
        for link in list(self._links):
            await link.socket.close(code=Close.GOING_AWAY)

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection until it ends."""
        socket = web.WebSocketResponse(max_msg_size=0, timeout=CLOSING)
        await socket.prepare(request)
        link = Link(socket, request.transport)
        self._links.add(link)
        link.send(Op.HELLO, {"heartbeat_interval": int(self._heartbeat_interval * 1000), "_trace": []})
        writer = asyncio.create_task(self._write(link))
        try:
            await self._read(link)
        except CloseError as exc:
            await socket.close(code=exc.code, message=exc.code.name.encode())
        finally:
            writer.cancel()
            self._links.discard(link)
            self._detach(link)
        return socket

    async def _read(self, link: Link) -> None:
        async for message in link.socket:
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                continue
            if link.is_flooded():
                raise CloseError(Close.RATE_LIMITED)
            try:
                frame = msgspec.json.decode(message.data, type=Frame)
                self._receive(link, frame)
            except msgspec.DecodeError as exc:
                raise CloseError(Close.DECODE_ERROR) from exc

    async def _write(self, link: Link) -> None:
        # A connection that the client cut is noticed by the reader; what was not written is replayed.
        with contextlib.suppress(ConnectionError):
            while True:
                frame = await link.outbox.get()
                if self.delay:
                    await asyncio.sleep(self.delay)
                await link.socket.send_frame(frame, WSMsgType.TEXT)

    def _detach(self, link: Link) -> None:
        session = self._session_of(link)
        if session is None:
            return
        session.link = None
        if link.socket.close_code in INTENTIONAL:
            self.sessions.pop(session.id, None)
        self._world.touch()

    def _session_of(self, link: Link) -> Session | None:
        return next((each for each in self.sessions.values() if each.link is link), None)

    def _receive(self, link: Link, frame: Frame) -> None:
        match frame.op:
            case Op.HEARTBEAT:
                asyncio.get_running_loop().call_later(ACK_SECONDS, link.send, Op.HEARTBEAT_ACK)
                self.heartbeats += 1
                self._world.touch()
            case Op.IDENTIFY:
                self._identify(link, msgspec.json.decode(frame.d, type=Identify))
            case Op.RESUME:
                self._resume(link, msgspec.json.decode(frame.d, type=Resume))
            case Op.REQUEST_MEMBERS:
                self._send_members(link, msgspec.json.decode(frame.d, type=RequestMembers))
            case _ if frame.op not in IGNORED:
                raise CloseError(Close.UNKNOWN_OP)
            case _:
                pass

    def _identify(self, link: Link, wanted: Identify) -> None:
        if self._session_of(link) is not None:
            raise CloseError(Close.ALREADY_AUTHENTICATED)
        if wanted.token.removeprefix("Bot ") != self._token:
            raise CloseError(Close.AUTHENTICATION_FAILED)
        shard_id, shard_count = wanted.shard
        if not 0 <= shard_id < shard_count:
            raise CloseError(Close.INVALID_SHARD)
        intents = Intent(wanted.intents)
        if intents & PRIVILEGED and not self._privileged_intents:
            raise CloseError(Close.DISALLOWED_INTENTS)
        self._forget_abandoned(shard_id, shard_count)
        self._begin(link, Session(intents, shard_id, shard_count))

    def _forget_abandoned(self, shard_id: int, shard_count: int) -> None:
        """Give up the sessions that a shard left behind; it has just identified anew."""
        for session in list(self.sessions.values()):
            if session.link is None and (session.shard_id, session.shard_count) == (shard_id, shard_count):
                del self.sessions[session.id]

    def _begin(self, link: Link, session: Session) -> None:
        self.sessions[session.id] = session
        session.link = link
        self.identified += 1
        guilds = [guild for guild in self._world.guilds.values() if session.holds(guild.id)]
        session.dispatch("READY", encode(self._ready(session, guilds)))
        for guild in guilds:
            # Only a guild that READY announced says that it is no longer unavailable: the rest are new.
            self._guild_create(session, guild, {"unavailable": False})
        _log.info("Shard %d of %d identified", session.shard_id, session.shard_count)
        self._world.touch()

    def _ready(self, session: Session, guilds: list["Guild"]) -> JsonObject:
        bot = self._world.bot
        return {
            "v": 10,
            "user": payloads.user(bot) | {"verified": True, "email": None, "mfa_enabled": False},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self._url,
            "shard": [session.shard_id, session.shard_count],
            "application": {"id": str(bot.id), "flags": 0},
            "user_settings": {},
            "private_channels": [],
            "presences": [],
            "relationships": [],
            "geo_ordered_rtc_regions": [],
            "_trace": [],
        }

    def _guild_create(self, session: Session, guild: "Guild", about: JsonObject) -> None:
        if Intent.GUILDS not in session.intents:
            return
        everyone = Intent.GUILD_PRESENCES | Intent.GUILD_MEMBERS
        members = list(guild.members.values())
        if not session.intents & everyone:
            members = [self._world.bot_in(guild.id)]
        threads, bot = self._world.threads.told(guild), self._world.bot
        shape = place_payloads.guild_create(guild, members, threads, bot.id)
        session.dispatch("GUILD_CREATE", encode(shape | about))

    def _resume(self, link: Link, wanted: Resume) -> None:
        if wanted.token.removeprefix("Bot ") != self._token:
            raise CloseError(Close.AUTHENTICATION_FAILED)
        session = self.sessions.get(wanted.session_id or "")
        if session is None or wanted.seq is None or not session.can_replay_after(wanted.seq):
            link.send(Op.INVALID_SESSION, data=False)
            return
        session.resume(link, wanted.seq)
        self.resumed += 1
        self._world.touch()

    def _send_members(self, link: Link, wanted: RequestMembers) -> None:
        session = self._session_of(link)
        if session is None:
            raise CloseError(Close.NOT_AUTHENTICATED)
        guild = self._world.guilds.get(int(wanted.guild_id))
        if guild is None:
            return
        found, missing = _matching(guild, wanted)
        chunk: JsonObject = {
            "guild_id": str(guild.id),
            "members": [payloads.member(member) for member in found],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": missing,
        }
        if wanted.nonce is not UNSET:
            chunk["nonce"] = wanted.nonce
        session.dispatch("GUILD_MEMBERS_CHUNK", encode(chunk))


def _matching(guild: "Guild", wanted: RequestMembers) -> tuple[list["Member"], list[str]]:
    if wanted.user_ids is UNSET:
        found = [each for each in guild.members.values() if each.user.name.startswith(wanted.query)]
        return found[: wanted.limit or None], []
    several = wanted.user_ids if isinstance(wanted.user_ids, list) else [wanted.user_ids]
    ids = [int(user_id) for user_id in several]
    known = [guild.members[user_id] for user_id in ids if user_id in guild.members]
    return known, [str(user_id) for user_id in ids if user_id not in guild.members]
