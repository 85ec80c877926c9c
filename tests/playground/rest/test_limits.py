"""Rate limits, injected faults, and the record of what was asked."""

from __future__ import annotations

import re
import time

import aiohttp
import discord
import msgspec
import pytest

from bot.playground import Playground, RequestRecord
from bot.playground.rest.rate_limits import Rate, RateLimits
from bot.playground.world.interactions.commands import CommandBody
from tests.playground.gateway.test_client import TOKEN, connected
from tests.playground.rest.test_interactions import StillClock
from tests.playground.rest.test_messages import room


class Slow(msgspec.Struct, rename={"is_global": "global"}):
    """An answer that says to wait."""

    retry_after: float
    is_global: bool


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
    clock = StillClock()
    limits = RateLimits(enabled=True, clock=clock)
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
    limits = RateLimits(enabled=True, clock=StillClock())
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


async def test_only_the_last_requests_are_kept_and_all_are_counted() -> None:
    seen: list[int] = []
    headers = {"Authorization": f"Bot {TOKEN}"}
    async with (
        Playground(token=TOKEN, rate_limits=False, requests_kept=3) as playground,
        aiohttp.ClientSession(headers=headers) as session,
    ):
        playground.requests.observers.append(lambda record: seen.append(record.number))
        for _ in range(5):
            await session.get(f"{playground.api_url}/users/@me")

    assert [record.number for record in playground.requests] == [2, 3, 4]
    assert [record.number for record in playground.requests.matching(since=3)] == [3, 4]
    assert playground.requests.total == playground.requests.by_route["GET", "/users/@me"] == 5
    assert seen == [0, 1, 2, 3, 4]


async def test_the_fifty_first_request_of_a_second_waits_and_answers_to_interactions_do_not() -> None:
    async with (
        Playground(token=TOKEN) as playground,
        aiohttp.ClientSession(headers={"Authorization": f"Bot {TOKEN}"}) as session,
    ):
        world = playground.world
        guild = world.create_guild()
        channel, alice = world.create_channel(guild), world.create_member(guild, "alice")
        world.commands.put(None, CommandBody(name="ask", description="x"))
        paths = [f"/users/{alice.id}", f"/guilds/{guild.id}", "/users/@me"]
        answers = [await session.get(playground.api_url + paths[number % 3]) for number in range(51)]
        refused = msgspec.json.decode(await answers[50].read(), type=Slow)
        asked = playground.people.slash(alice, channel, "ask")
        url = f"{playground.api_url}/interactions/{asked.id}/{asked.token}/callback"
        acknowledged = await session.post(url, json={"type": 4, "data": {"content": "x"}})

    assert [answer.status for answer in answers] == [200] * 50 + [429]
    assert answers[50].headers["X-RateLimit-Global"] == "true"
    assert answers[50].headers["X-RateLimit-Scope"] == "global"
    assert answers[50].headers["Via"]
    assert refused.is_global
    assert 0 < refused.retry_after <= 1
    assert float(answers[50].headers["Retry-After"]) == refused.retry_after
    assert acknowledged.status == 204


async def test_every_answer_says_how_full_its_bucket_is() -> None:
    async with (
        Playground(token=TOKEN) as playground,
        aiohttp.ClientSession(headers={"Authorization": f"Bot {TOKEN}"}) as session,
    ):
        channels = [playground.world.create_channel(playground.world.create_guild()) for _ in range(2)]
        urls = [f"{playground.api_url}/channels/{channel.id}/messages" for channel in channels]
        first, second = [(await session.post(url, json={"content": "x"})).headers for url in urls]
        edited = (await session.get(urls[0])).headers

    assert (first["X-RateLimit-Limit"], first["X-RateLimit-Remaining"]) == ("5", "4")
    assert second["X-RateLimit-Remaining"] == "4"
    assert first["X-RateLimit-Bucket"] == second["X-RateLimit-Bucket"] != edited["X-RateLimit-Bucket"]
    assert 4 < float(first["X-RateLimit-Reset-After"]) <= 5
    assert abs(float(first["X-RateLimit-Reset"]) - time.time() - 5) < 2
