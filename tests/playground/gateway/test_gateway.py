"""Sessions of the gateway: how they break, go on, and begin anew."""

from __future__ import annotations

import time
from socket import SHUT_RDWR
from typing import TYPE_CHECKING

import aiohttp
import discord
import msgspec

from bot.playground import Playground
from bot.playground.gateway import sessions
from bot.playground.gateway.frames import Op
from bot.playground.gateway.gateway import ACK_SECONDS
from tests.playground.gateway.test_client import TOKEN, connected
from tests.playground.rest.test_messages import Room, room

if TYPE_CHECKING:
    import pytest

    from bot.playground import Message


class ServerFrame(msgspec.Struct):
    """What the gateway sends."""

    op: int
    d: object = None
    s: int | None = None
    t: str | None = None


IDENTIFY: dict[str, object] = {
    "op": 2,
    "d": {"token": TOKEN, "intents": 1 | 1 << 9 | 1 << 10, "properties": {}},
}


async def ballot(here: Room) -> Message:
    sent = await here.seen.send("Vote!")
    return here.channel.messages[sent.id]


async def test_what_a_resumed_session_missed_is_replayed() -> None:
    async with room() as here:
        message = await ballot(here)

        await here.playground.gateway.drop()
        here.playground.people.react(here.alice, message, "👍")
        await here.bot.resumes.get()
        here.playground.people.unreact(here.alice, message, "👍")
        heard = [(await here.bot.reactions.get()).event_type for _ in range(2)]

        assert heard == ["REACTION_ADD", "REACTION_REMOVE"]
        assert (here.playground.gateway.resumed, here.playground.gateway.identified) == (1, 1)


async def test_a_forgotten_session_begins_anew_without_what_it_missed() -> None:
    async with room() as here:
        message = await ballot(here)

        await here.playground.gateway.drop(forget=True)
        here.playground.people.react(here.alice, message, "👍")
        await here.playground.ready()
        here.playground.people.unreact(here.alice, message, "👍")
        heard = await here.bot.reactions.get()

        assert heard.event_type == "REACTION_REMOVE"
        assert (here.playground.gateway.resumed, here.playground.gateway.identified) == (0, 2)


async def test_a_client_that_is_asked_to_reconnect_resumes() -> None:
    async with room() as here:
        here.playground.gateway.reconnect()

        await here.bot.resumes.get()

        assert here.playground.gateway.resumed == 1


async def test_a_killed_client_leaves_nothing_to_the_next_one() -> None:
    async with room() as here, aiohttp.ClientSession() as session:
        message = await ballot(here)
        first = await session.ws_connect(here.playground.gateway_url)
        await first.send_json(IDENTIFY)
        await here.playground.world.until(lambda: len(here.playground.gateway.connected) == 2)
        first.get_extra_info("socket").shutdown(SHUT_RDWR)
        await here.playground.world.until(lambda: len(here.playground.gateway.connected) == 1)
        here.playground.people.react(here.alice, message, "👍")

        second = await session.ws_connect(here.playground.gateway_url)
        await second.send_json(IDENTIFY)
        names = [(await second.receive_json())["t"] for _ in range(3)]
        here.playground.people.unreact(here.alice, message, "👍")
        following = (await second.receive_json())["t"]

        assert names == [None, "READY", "GUILD_CREATE"]
        assert following == "MESSAGE_REACTION_REMOVE"
        assert len(here.playground.gateway.sessions) == 2
        await second.close()
        await first.close()


async def test_events_go_only_to_the_intents_that_want_them() -> None:
    async with Playground(token=TOKEN, rate_limits=False) as playground:
        guild = playground.world.create_guild()
        channel = playground.world.create_channel(guild)
        alice = playground.world.create_member(guild, "alice")
        only_reactions = discord.Intents(guilds=True, guild_reactions=True)
        async with connected(playground, only_reactions) as bot:
            message = playground.people.say(alice, channel, "Hello")
            playground.people.react(alice, message, "👍")
            await bot.reactions.get()

            assert bot.messages.empty()


async def test_a_heartbeat_is_not_acknowledged_before_its_sender_has_noted_it() -> None:
    async with (
        Playground(token=TOKEN, rate_limits=False) as playground,
        aiohttp.ClientSession() as session,
        session.ws_connect(playground.gateway_url) as socket,
    ):
        await socket.receive()
        sent_at = time.perf_counter()
        await socket.send_str('{"op": 1, "d": null}')
        frame = msgspec.json.decode(str((await socket.receive()).data), type=ServerFrame)

        assert frame.op == Op.HEARTBEAT_ACK
        assert time.perf_counter() - sent_at >= ACK_SECONDS / 2


async def test_heartbeats_are_acknowledged() -> None:
    async with (
        Playground(token=TOKEN, rate_limits=False, heartbeat_interval=0.05) as playground,
        connected(playground) as bot,
    ):
        await playground.world.until(lambda: playground.gateway.heartbeats >= 3)

        assert bot.latency < 1
        assert playground.gateway.identified == 1


async def test_what_is_no_frame_closes_the_connection() -> None:
    async with (
        Playground(token=TOKEN) as playground,
        aiohttp.ClientSession() as session,
        session.ws_connect(playground.gateway_url) as nonsense,
        session.ws_connect(playground.gateway_url) as stranger,
        session.ws_connect(playground.gateway_url) as misplaced,
    ):
        await nonsense.send_str("nonsense")
        await stranger.send_json({"op": 2, "d": {"token": "wrong", "intents": 1}})
        await misplaced.send_json({"op": 2, "d": {"token": TOKEN, "intents": 1, "shard": [2, 2]}})
        for socket in (nonsense, stranger, misplaced):
            async for _ in socket:
                pass

    assert (nonsense.close_code, stranger.close_code, misplaced.close_code) == (4002, 4004, 4010)


async def test_members_are_sent_on_request() -> None:
    async with room() as here:
        guild = here.bot.get_guild(here.guild.id)
        assert guild is not None

        found = await guild.query_members(user_ids=[here.alice.id])

        assert [member.name for member in found] == ["alice"]


async def resumed(
    session: aiohttp.ClientSession, playground: Playground, **known: object
) -> tuple[int, object]:
    """Try to resume a session; returns the op and the data of what the gateway says."""
    async with session.ws_connect(playground.gateway_url) as socket:
        await socket.receive_json()
        await socket.send_json({"op": 6, "d": {"token": TOKEN, **known}})
        answer = msgspec.json.decode(await socket.receive_str(), type=ServerFrame)
        await socket.close(code=4000)
    return answer.op, answer.d


async def test_a_session_that_cannot_go_on_is_invalid() -> None:
    async with room() as here, aiohttp.ClientSession() as session:
        (known,) = here.playground.gateway.sessions
        await here.playground.gateway.drop()

        unknown = await resumed(session, here.playground, session_id="none", seq=0)
        ahead = await resumed(session, here.playground, session_id=known, seq=10_000)
        # What discord.py sends where it was cut off before it heard of its new session.
        none = await resumed(session, here.playground, session_id=None, seq=None)

        assert unknown == ahead == none == (9, False)


async def test_who_missed_too_much_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "KEPT_FOR_REPLAY", 2000)
    async with room() as here:
        message = await ballot(here)

        await here.playground.gateway.drop()
        for _ in range(10):
            here.playground.people.react(here.alice, message, "👍")
            here.playground.people.unreact(here.alice, message, "👍")
        await here.playground.ready()

        assert (here.playground.gateway.resumed, here.playground.gateway.identified) == (0, 2)


async def test_what_was_missed_is_replayed_in_order_and_once() -> None:
    async with room() as here, aiohttp.ClientSession() as session:
        message = await ballot(here)
        async with session.ws_connect(here.playground.gateway_url) as first:
            await first.send_json(IDENTIFY)
            await first.receive_json()
            await first.receive_json()
            heard = msgspec.json.decode(await first.receive_str(), type=ServerFrame)
            await first.close(code=4000)
        await here.playground.world.until(lambda: len(here.playground.gateway.connected) == 1)
        missed = ["🅰️", "🅱️", "🤝"]
        for emoji in missed:
            here.playground.people.react(here.alice, message, emoji)

        _, lost = here.playground.gateway.sessions
        async with session.ws_connect(here.playground.gateway_url) as second:
            known = {"token": TOKEN, "session_id": lost, "seq": heard.s}
            await second.send_json({"op": 6, "d": known})
            await second.receive_json()
            got = [msgspec.json.decode(await second.receive_str(), type=ServerFrame) for _ in range(4)]

        assert heard.s is not None
        assert [frame.s for frame in got] == [heard.s + number for number in range(1, 5)]
        assert [frame.t for frame in got] == ["MESSAGE_REACTION_ADD"] * 3 + ["RESUMED"]
        assert all(emoji in str(frame.d) for emoji, frame in zip(missed, got, strict=False))


async def test_events_go_to_the_shard_of_their_guild() -> None:
    async with (
        Playground(token=TOKEN, shards=2) as playground,
        aiohttp.ClientSession() as session,
        session.ws_connect(playground.gateway_url) as even,
        session.ws_connect(playground.gateway_url) as odd,
    ):
        guilds = [playground.world.create_guild(guild_id=(1 << 60) + (shard << 22)) for shard in (0, 1)]
        for shard, socket in enumerate((even, odd)):
            about = {"token": TOKEN, "intents": 1 << 9 | 1, "shard": [shard, 2]}
            await socket.send_json({"op": 2, "d": about})
        await playground.ready()
        for guild in guilds:
            owner = guild.members[guild.owner_id]
            playground.people.say(owner, playground.world.create_channel(guild), f"In {guild.id}")

        for guild, socket in zip(guilds, (even, odd), strict=True):
            frames = [msgspec.json.decode(await socket.receive_str(), type=ServerFrame) for _ in range(5)]
            names = [frame.t for frame in frames]
            assert names == [None, "READY", "GUILD_CREATE", "CHANNEL_CREATE", "MESSAGE_CREATE"]
            assert str(guild.id) in str(frames[-1].d)


async def test_a_client_that_floods_the_gateway_is_cut_off() -> None:
    async with (
        Playground(token=TOKEN) as playground,
        aiohttp.ClientSession() as session,
        session.ws_connect(playground.gateway_url) as socket,
    ):
        for _ in range(121):
            await socket.send_json({"op": 1, "d": None})
        async for _ in socket:
            pass

    assert socket.close_code == 4008
    assert playground.gateway.heartbeats == 120
