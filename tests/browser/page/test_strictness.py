"""The engine room's buttons and switches for what the real Discord does, without a bot."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from bot.playground import DiscordError
from bot.playground.page.switches import STRICT
from tests.browser.demo import expect, visit
from tests.browser.scripted import ScriptedBot
from tests.browser.shown import shown

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from bot.playground.world.model import Channel, Message
    from tests.browser.demo import Visitor
    from tests.browser.shown import Demo


@asynccontextmanager
async def engine_room() -> AsyncGenerator[tuple[Demo, Visitor, Message]]:
    """Open the engine room over a channel with a message of the bot in it."""
    async with shown() as started, visit(started.page) as visitor:
        message = ScriptedBot(started.playground.world).send(started.seeded.channels[0], {"content": "Vote!"})
        await expect(visitor.messages).to_have_count(1)
        await visitor.tab.locator("#open-panel").click()
        for part in ("Let it happen in this channel", "As strict as Discord"):
            await visitor.tab.locator("#panel summary", has_text=part).click()
        yield started, visitor, message


async def make(visitor: Visitor, kind: str) -> None:
    await visitor.tab.locator(f"[data-happen={kind}]").click()


def threads(started: Demo) -> list[Channel]:
    return [each for each in started.seeded.guild.channels.values() if each.is_thread]


async def test_super_reactions_come_from_several_members_and_look_different() -> None:
    async with engine_room() as (started, visitor, message):
        started.playground.people.react(started.seeded.members[0], message, "👍")

        await make(visitor, "bursts")
        reaction = visitor.tab.locator(".reaction.super")
        await expect(reaction.locator(".count")).to_have_text("6")

        assert "Super: Mika, Alex" in str(await reaction.get_attribute("title"))
        assert len(message.reactions["👍"].bursts) == 5


async def test_a_message_is_filled_with_twenty_kinds_of_reactions() -> None:
    async with engine_room() as (started, visitor, message):
        await make(visitor, "twenty")
        await expect(visitor.tab.locator(".reaction")).to_have_count(20)

        world = started.playground.world
        with pytest.raises(DiscordError) as refused:
            world.reactions.add(message, world.reactions.parse("👍"), world.bot.id)

        assert (refused.value.status, refused.value.code) == (403, 30010)


async def test_threads_are_opened_shut_and_reopened() -> None:
    async with engine_room() as (started, visitor, _message):
        await make(visitor, "thread")
        await make(visitor, "private")
        listed = visitor.tab.locator("#channels .thread")
        await expect(listed).to_have_count(2)
        await expect(listed.last).to_contain_text("private")
        await listed.last.click()
        await expect(visitor.tab.locator(".channel.thread[aria-current]")).to_have_count(1)
        opened, closed = threads(started)

        await make(visitor, "lock")
        await expect(listed.last).to_contain_text("private · archived · locked")
        shut = closed.archived, closed.locked
        await make(visitor, "reopen")
        await expect(listed.last).not_to_contain_text("archived")
        await make(visitor, "idle")
        await expect(listed.first).to_contain_text("archived")

        assert (opened.is_private, closed.is_private) == (False, True)
        assert shut == (True, True)
        assert (opened.archived, closed.archived, closed.locked) == (True, True, False)
        assert started.playground.world.bot.id not in closed.thread_members


async def test_what_cannot_happen_in_a_channel_is_said() -> None:
    async with engine_room() as (_started, visitor, _message):
        await make(visitor, "archive")

        await expect(visitor.tab.locator("#alerts")).to_contain_text("This channel is no thread.")


async def test_a_member_is_told_that_a_thread_is_archived() -> None:
    async with engine_room() as (started, visitor, _message):
        await make(visitor, "thread")
        await visitor.tab.locator("#channels .thread").click()
        (thread,) = threads(started)
        ScriptedBot(started.playground.world).send(thread, {"content": "Vote!"})
        await expect(visitor.messages).to_have_count(1)

        await make(visitor, "archive")
        await visitor.messages.first.hover()
        await visitor.messages.first.get_by_role("button", name="Add a reaction").click()
        await visitor.tab.get_by_role("menuitem").first.click()

        await expect(visitor.tab.locator("#alerts")).to_contain_text("This thread is archived.")


async def test_messages_grow_older_and_then_take_few_edits() -> None:
    async with engine_room() as (started, visitor, message):
        await make(visitor, "hour")
        await expect(visitor.tab.locator("#announcer")).to_contain_text("Make messages an hour older")
        late = started.playground.world.messages.count_late_edit

        for _ in range(3):
            late(message)
        with pytest.raises(DiscordError) as refused:
            late(message)

        assert refused.value.code == 30046


async def test_every_switch_shows_how_it_is_and_calm_sets_them_back() -> None:
    async with engine_room() as (started, visitor, _message):
        world, guild = started.playground.world, started.seeded.guild
        boxes = {
            name: visitor.tab.locator(f"[data-switch={name}]")
            for name in (*STRICT, "every_link", "every_image", "community")
        }
        await expect(visitor.tab.locator("[data-switch]")).to_have_count(len(boxes))
        for name, box in boxes.items():
            await expect(box).to_be_checked(checked=name in STRICT)
            await box.click()
            await expect(box).to_be_checked(checked=name not in STRICT)
        await world.until(lambda: guild.community)
        switched = [getattr(world.strict, name) for name in STRICT]
        judged = world.filter.every_link, world.filter.every_image

        await visitor.tab.locator("[data-trouble=calm]").click()
        for name in STRICT:
            await expect(boxes[name]).to_be_checked()
        await expect(boxes["every_link"]).not_to_be_checked()
        await expect(boxes["community"]).to_be_checked()

        assert switched == [False] * len(STRICT)
        assert judged == (True, True)
