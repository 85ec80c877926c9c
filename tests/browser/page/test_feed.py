"""What the browsers are told, and what it costs."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

import msgspec

from bot.playground import World
from bot.playground.page import seed_world
from bot.playground.page.feed import Feed
from bot.playground.world.messages.bodies import MessageBody

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    import pytest

    from bot.playground import Channel, Message
    from bot.playground.page import Seeded

REPLY = (
    "**Rayleigh** scattering `is` why the [sky](https://a.example) is blue, and this sentence goes on.\n"
    "- item *one*\n```python\ndef scattered(x):\n    return x ** 4  # comment\n```\n"
) * 12
V2 = 1 << 15


@dataclass(eq=False)
class NotingListener:
    """A browser that only notes what kind of thing it is told."""

    member_id: int
    channel_id: int
    heard: asyncio.Queue[str] = field(default_factory=asyncio.Queue[str])

    def send(self, kind: str, **_fields: object) -> None:
        self.heard.put_nowait(kind)

    def send_places(self) -> None:
        self.heard.put_nowait("places")


class Unable:
    """A view that draws nothing."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    def draw(self, _message: Message) -> None:
        self.asked.set()
        raise LookupError("no drawing today")


@dataclass(frozen=True)
class FeedWorld:
    """A world, and one listener in its first channel."""

    world: World
    seeded: Seeded
    feed: Feed
    listener: NotingListener

    @property
    def channel(self) -> Channel:
        return self.seeded.channels[0]

    async def told(self) -> list[str]:
        """List what the listener was told until now; a word in another channel marks the end."""
        self.world.people.say(self.seeded.members[1], self.seeded.channels[2], "Until here")
        kinds: list[str] = []
        async with asyncio.timeout(5):
            while (kind := await self.listener.heard.get()) != "unread":
                kinds.append(kind)
        return kinds


@asynccontextmanager
async def feed_world() -> AsyncGenerator[FeedWorld]:
    world = World()
    seeded = seed_world(world)
    feed = Feed(world)
    world.subscribers.append(feed.hear)
    telling = asyncio.create_task(feed.run())
    listener = NotingListener(seeded.members[1].id, seeded.channels[0].id)
    feed.listeners.add(listener)
    yield FeedWorld(world, seeded, feed, listener)
    telling.cancel()


def two_replies(first: str, second: str) -> MessageBody:
    boxes = [{"type": 17, "components": [{"type": 10, "content": text}]} for text in (first, second)]
    return msgspec.convert({"flags": V2, "components": boxes}, MessageBody)


def post(on: FeedWorld, first: str = "one", second: str = "two") -> Message:
    return on.world.messages.create(on.channel, on.world.bot, two_replies(first, second))


def milliseconds(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return (time.process_time() - begin) * 1000


async def test_a_burst_of_votes_is_told_in_few_strokes() -> None:
    async with feed_world() as on:
        message = post(on)
        members = [on.world.create_member(on.seeded.guild, f"Member {number}") for number in range(100)]
        await on.told()

        for member in members:
            on.world.people.react(member, message, "👍")
            await asyncio.sleep(0)

        assert 1 <= len(await on.told()) <= 5


async def test_a_hundred_members_who_join_are_told_once() -> None:
    async with feed_world() as on:
        await on.told()

        for number in range(100):
            on.world.create_member(on.seeded.guild, f"Member {number}")

        assert await on.told() == ["places"]


async def test_a_request_that_changes_nothing_is_not_told() -> None:
    async with feed_world() as on:
        post(on)
        await on.told()

        on.world.touch()

        assert await on.told() == []


async def test_a_channel_that_goes_with_its_messages_stops_nothing() -> None:
    async with feed_world() as on:
        await on.told()
        second = on.seeded.channels[1]

        on.world.people.say(on.seeded.members[1], second, "Gone")
        on.world.delete_channel(second)
        post(on)

        assert await on.told() == ["places", "message"]


async def test_what_cannot_be_drawn_is_logged_and_the_rest_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with feed_world() as on:
        await on.told()
        unable = Unable()
        with monkeypatch.context() as broken:
            broken.setattr(on.feed, "view", unable)
            post(on)
            async with asyncio.timeout(5):
                await unable.asked.wait()

        post(on)

        assert await on.told() == ["message"]
        assert "no drawing today" in caplog.text


async def test_a_streamed_battle_of_twenty_edits_a_second_leaves_the_loop_nearly_all_its_time() -> None:
    async with feed_world() as on:
        message = post(on)
        costs: list[float] = []
        for length in range(200, 1900, 50):
            on.world.messages.edit(message, two_replies(REPLY[:length], REPLY[5 : length + 5]), ())
            costs.append(milliseconds(lambda: on.feed.view.draw(message)))

        assert median(costs) < 15


async def test_the_last_vote_of_a_hundred_costs_no_more_than_a_moment() -> None:
    async with feed_world() as on:
        message = post(on, REPLY[:1500], REPLY[:1500])
        for number in range(100):
            member = on.world.create_member(on.seeded.guild, f"Member {number}")
            on.world.people.react(member, message, "👍")

        costs = [milliseconds(lambda: on.feed.view.draw(message)) for _ in range(10)]

        assert median(costs) < 5
