"""Links to messages: those of texts, and the line above a reply."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.demo import DESKTOP, PHONE, expect, visit
from tests.browser.scripted import ScriptedBot
from tests.browser.shown import shown

if TYPE_CHECKING:
    from bot.playground import Message
    from bot.playground.wire import JsonObject
    from tests.browser.shown import Demo

MORE_THAN_LOADED = 120


def filled(started: Demo) -> Message:
    """Say something that others then talk out of sight; returns it."""
    channel, (_, ann, *_others) = started.seeded.channels[0], started.seeded.members
    people = started.playground.people
    first = people.say(ann, channel, "## Where it all **began**")
    for number in range(MORE_THAN_LOADED):
        people.say(ann, channel, f"Message {number}")
    return first


def reply_to(message: Message) -> JsonObject:
    return {"content": "So it was", "message_reference": {"message_id": str(message.id)}}


def link_to(started: Demo, message: Message) -> str:
    return f"https://discord.com/channels/{started.seeded.guild.id}/{message.channel_id}/{message.id}"


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
async def test_a_link_to_an_old_message_loads_it_and_what_follows(size: tuple[int, int]) -> None:
    async with shown() as started:
        first = filled(started)
        said = started.playground.people.say(
            started.seeded.members[2], started.seeded.channels[0], link_to(started, first)
        )
        async with visit(started.page, size=size) as visitor:
            await expect(visitor.messages).to_have_count(50)
            await visitor.tab.locator(f"#m-{said.id} a.chip").click()
            await expect(visitor.tab.locator(f"#m-{first.id}")).to_be_in_viewport()
            await expect(visitor.tab.locator(f"#m-{first.id}")).to_be_focused()

            await expect(visitor.messages).to_have_count(MORE_THAN_LOADED + 2)
            await expect(visitor.tab.locator(".toast")).to_have_count(0)


async def test_a_link_from_another_channel_leads_to_an_old_message_too() -> None:
    async with shown() as started:
        first = filled(started)
        started.playground.people.say(
            started.seeded.members[2], started.seeded.channels[1], link_to(started, first)
        )
        async with visit(started.page) as visitor:
            await visitor.tab.locator(".channel", has_text="arena").click()
            await visitor.tab.locator("#log a.chip").click()

            await expect(visitor.tab.locator(f"#m-{first.id}")).to_be_in_viewport()


async def test_a_message_that_was_deleted_is_said_to_be_gone() -> None:
    async with shown() as started:
        first = filled(started)
        people = started.playground.people
        people.say(started.seeded.members[2], started.seeded.channels[0], link_to(started, first))
        people.delete_message(started.seeded.members[0], first)
        async with visit(started.page) as visitor:
            await visitor.tab.locator("#log a.chip").click()

            await expect(visitor.tab.locator(".toast")).to_have_text("This message is gone.")


async def test_a_reply_shows_in_a_line_what_it_replies_to_and_leads_there() -> None:
    async with shown() as started:
        first = filled(started)
        bot = ScriptedBot(started.playground.world, lambda _heard: (4, {}))
        bot.send(started.seeded.channels[0], reply_to(first))
        async with visit(started.page, size=PHONE) as visitor:
            line = visitor.messages.last.locator(".replied")
            await expect(line).to_have_text("Alex Where it all began")
            assert await visitor.too_wide() == []
            await line.click()

            await expect(visitor.tab.locator(f"#m-{first.id}")).to_be_in_viewport()


async def test_a_reply_to_a_deleted_message_says_so() -> None:
    async with shown() as started:
        first = filled(started)
        bot = ScriptedBot(started.playground.world, lambda _heard: (4, {}))
        bot.send(started.seeded.channels[0], reply_to(first))
        started.playground.people.delete_message(started.seeded.members[0], first)
        async with visit(started.page) as visitor:
            await expect(visitor.messages.last).to_contain_text("The message was deleted")


async def test_a_started_thread_is_told_of_and_led_to() -> None:
    async with shown() as started:
        world = started.playground.world
        first = filled(started)
        world.messages.find(first.id).created_at -= 3600
        thread = world.start_thread(first, "Battle 1")
        async with visit(started.page) as visitor:
            await visitor.messages.last.get_by_role("link", name="Battle 1").click()
            await expect(visitor.tab.locator("#channel-name")).to_have_text("# Battle 1")

            await expect(visitor.messages.first.locator(".replied")).to_have_text("Alex Where it all began")
        assert thread.id == first.id
