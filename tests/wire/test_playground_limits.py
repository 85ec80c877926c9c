"""Rate limits, injected faults, and the record of what was asked."""

from __future__ import annotations

import re
import time

import aiohttp
import discord
import msgspec
import pytest

from bot.playground import Playground, RequestRecord
from bot.playground.limits import Limits, Rate
from tests.wire.test_playground_client import TOKEN, connected
from tests.wire.test_playground_interactions import Clock
from tests.wire.test_playground_messages import room

MESSAGES = "/channels/{channel_id}/messages"


async def test_the_client_keeps_to_the_pace_of_reactions() -> None:
    async with Playground(token=TOKEN) as playground:
        guild = playground.world.create_guild()
        channel = playground.world.create_channel(guild)
        async with connected(playground) as bot:
            sent = await bot.get_partial_messageable(channel.id, guild_id=guild.id).send("Vote!")
            started = time.monotonic()
            for emoji in "👍👎🤝":
                await sent.add_reaction(emoji)
            took = time.monotonic() - started

    assert took > 0.4
    assert playground.requests.by_status[204] == 3


async def test_a_client_that_is_too_fast_is_told_to_wait() -> None:
    async with (
        Playground(token=TOKEN) as playground,
        aiohttp.ClientSession(headers={"Authorization": f"Bot {TOKEN}"}) as session,
    ):
        channel = playground.world.create_channel(playground.world.create_guild())
        url = f"{playground.api_url}/channels/{channel.id}/messages"
        answers = [await session.post(url, json={"content": "x"}) for _ in range(6)]
        last = await answers[-1].json()

    assert [answer.status for answer in answers] == [200] * 5 + [429]
    assert [answer.headers["X-RateLimit-Remaining"] for answer in answers[:5]] == list("43210")
    assert len({answer.headers["X-RateLimit-Bucket"] for answer in answers}) == 1
    assert answers[-1].headers["Via"]
    assert last["global"] is False
    assert 0 < last["retry_after"] <= 5


def test_fifty_requests_a_second_are_all_there_are() -> None:
    clock = Clock()
    limits = Limits(enabled=True, clock=clock)
    rate = Rate("generous", 1000, 1.0)

    verdicts = [limits.take(rate, "", counts_globally=True) for _ in range(51)]
    exempt = limits.take(rate, "", counts_globally=False)
    clock.now += 1.1
    later = limits.take(rate, "", counts_globally=True)

    assert [verdict.retry_after for verdict in verdicts[:50]] == [None] * 50
    assert verdicts[50].is_global
    assert exempt.retry_after is None
    assert later.retry_after is None


def test_buckets_are_kept_apart_by_major_parameter() -> None:
    limits = Limits(enabled=True, clock=Clock())
    rate = Rate("reactions", 1, 0.25)

    first = limits.take(rate, "channel 1", counts_globally=True)
    same = limits.take(rate, "channel 1", counts_globally=True)
    other = limits.take(rate, "channel 2", counts_globally=True)

    assert (first.retry_after, other.retry_after) == (None, None)
    assert same.retry_after == pytest.approx(0.25)


async def test_a_429_is_waited_out_by_the_client() -> None:
    async with room() as here:
        here.playground.faults.add("POST", MESSAGES, status=429, retry_after=0.05)

        sent = await here.seen.send("Hello")

        assert sent.id in here.channel.messages
        assert here.playground.requests.by_route["POST", MESSAGES] == 2


async def test_a_fault_strikes_as_often_as_it_was_told() -> None:
    async with room() as here:
        here.playground.faults.add("POST", MESSAGES, status=403, code=50013, times=1)

        with pytest.raises(discord.Forbidden) as refused:
            await here.seen.send("Hello")
        await here.seen.send("Hello")

        assert refused.value.code == 50013
        assert len(here.channel.messages) == 1


async def test_a_fault_can_strike_after_the_deed() -> None:
    async with room() as here:
        here.playground.faults.add("*", re.compile(r"/messages$"), status=404, after=True)

        with pytest.raises(discord.NotFound):
            await here.seen.send("Hello")

        assert [message.content for message in here.channel.messages.values()] == ["Hello"]


async def test_a_fault_can_cut_the_connection() -> None:
    async with (
        Playground(token=TOKEN) as playground,
        aiohttp.ClientSession(headers={"Authorization": f"Bot {TOKEN}"}) as session,
    ):
        playground.faults.add("POST", MESSAGES, drop=True)

        with pytest.raises(aiohttp.ClientConnectionError):
            await session.post(f"{playground.api_url}/channels/1/messages", json={})


async def test_every_request_is_recorded_with_its_body() -> None:
    seen: list[RequestRecord] = []
    async with Playground(token=TOKEN, rate_limits=False, on_request=[seen.append]) as playground:
        guild = playground.world.create_guild()
        channel = playground.world.create_channel(guild)
        async with connected(playground) as bot:
            await bot.get_partial_messageable(channel.id, guild_id=guild.id).send("Hello")

    (record,) = playground.requests.matching("POST", MESSAGES)
    assert record in seen
    assert msgspec.convert(record.body, dict[str, object])["content"] == "Hello"
    assert (record.status, record.limited) == (200, True)
    assert record.path == f"/channels/{channel.id}/messages"
