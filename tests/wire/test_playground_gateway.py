"""Sessions of the gateway: how they break, go on, and begin anew."""

from __future__ import annotations

from socket import SHUT_RDWR
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.playground import Playground
from tests.wire.test_playground_client import TOKEN, connected
from tests.wire.test_playground_messages import Room, room

if TYPE_CHECKING:
    from bot.playground import Message

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
