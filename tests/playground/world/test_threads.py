"""Threads that are archived, locked or idle, as the bot and the members meet them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import discord
import pytest

from bot.playground import DiscordError, Permission, Refusal
from tests.playground.rest.test_messages import Room, room

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from bot.playground import Channel

    Deed = Callable[[discord.PartialMessage], Awaitable[object]]

DAY = 24 * 3600.0
DEEDS: dict[str, Deed] = {
    "send": lambda seen: seen.channel.send("Hello?"),
    "edit": lambda seen: seen.edit(content="Again"),
    "delete": lambda seen: seen.delete(),
    "react": lambda seen: seen.add_reaction("👍"),
    "unreact": lambda seen: seen.remove_reaction("👎", discord.Object(1)),
    "clear": lambda seen: seen.clear_reactions(),
}


def allow(here: Room, permission: Permission) -> None:
    here.playground.world.set_overwrite(here.channel, here.me(), allow=permission)


async def sent_in(here: Room, thread: Channel) -> discord.PartialMessage:
    seen = here.bot.get_partial_messageable(thread.id, guild_id=here.guild.id)
    return seen.get_partial_message((await seen.send("Vote!")).id)


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize(("kind", "code"), [("archived", 50083), ("locked", 160005)])
async def test_nothing_can_be_done_in_an_archived_or_a_locked_thread(deed: str, kind: str, code: int) -> None:
    async with room() as here:
        allow(here, Permission.MANAGE_MESSAGES)
        world = here.playground.world
        thread = world.create_thread(here.channel, "Old talk")
        sent = await sent_in(here, thread)

        if kind == "archived":
            world.archive_thread(thread)
        else:
            world.lock_thread(thread)
        with pytest.raises(discord.Forbidden) as refused:
            await DEEDS[deed](sent)

        assert refused.value.code == code


async def test_who_manages_threads_works_on_in_a_locked_one() -> None:
    async with room() as here:
        allow(here, Permission.MANAGE_THREADS)
        thread = here.playground.world.create_thread(here.channel, "Locked talk")
        here.playground.world.lock_thread(thread)

        sent = await sent_in(here, thread)
        await sent.add_reaction("👍")
        await sent.edit(content="Vote on!")

        assert thread.messages[sent.id].content == "Vote on!"


@pytest.mark.parametrize("locked", [True, False])
async def test_members_cannot_react_there_either(*, locked: bool) -> None:
    async with room() as here:
        world, people = here.playground.world, here.playground.people
        thread = world.create_thread(here.channel, "Talk", owner=here.alice)
        said = people.say(here.alice, thread, "Hello")
        people.react(here.alice, said, "👎")

        (world.lock_thread if locked else world.archive_thread)(thread)
        refusals: list[Refusal] = []
        for act in (people.react, people.unreact):
            with pytest.raises(DiscordError) as refused:
                act(here.alice, said, "👎")
            refusals.append(refused.value.refusal)

        assert refusals == [Refusal.LOCKED_THREAD if locked else Refusal.ARCHIVED_THREAD] * 2


async def test_a_members_message_wakes_a_thread_unless_it_is_locked() -> None:
    async with room() as here:
        world, people = here.playground.world, here.playground.people
        thread = world.create_thread(here.channel, "Talk")
        world.archive_thread(thread)

        people.say(here.alice, thread, "Good morning")
        awake = not thread.archived
        world.lock_thread(thread)
        world.archive_thread(thread)
        with pytest.raises(DiscordError) as refused:
            people.say(here.alice, thread, "Good morning?")

        assert awake
        assert here.alice.id in thread.thread_members
        assert refused.value.refusal is Refusal.ARCHIVED_THREAD


async def test_messages_keep_a_thread_awake_and_reactions_do_not() -> None:
    async with room() as here:
        people = here.playground.people
        thread = here.playground.world.create_thread(here.channel, "Talk")
        said = people.say(here.alice, thread, "Hello")

        here.clock.now += 0.9 * DAY
        people.say(here.alice, thread, "Still here")
        here.clock.now += 0.9 * DAY
        people.react(here.alice, said, "👍")
        awake = not thread.archived
        here.clock.now += 0.2 * DAY
        with pytest.raises(DiscordError) as refused:
            people.react(here.alice, said, "👎")

        assert awake
        assert refused.value.refusal is Refusal.ARCHIVED_THREAD


async def test_the_bot_is_told_that_a_thread_was_archived_for_idleness_and_locked_and_unarchived() -> None:
    async with room() as here:
        world = here.playground.world
        heard: asyncio.Queue[tuple[bool, bool]] = asyncio.Queue()
        here.bot.add_listener(told_to(heard), "on_raw_thread_update")
        thread = world.create_thread(here.channel, "Talk", auto_archive_minutes=60)

        here.clock.now += 3601
        await world.until(lambda: thread.archived)
        world.lock_thread(thread)
        world.archive_thread(thread, archived=False)
        told = [await heard.get() for _ in range(3)]

        assert told == [(True, False), (True, True), (False, True)]


def told_to(heard: asyncio.Queue[tuple[bool, bool]]) -> Callable[..., Coroutine[None, None, None]]:
    async def listen(event: discord.RawThreadUpdateEvent) -> None:
        about = event.data["thread_metadata"]
        heard.put_nowait((about["archived"], about.get("locked", False)))

    return listen


async def test_unarchiving_needs_membership_only() -> None:
    async with room() as here:
        thread = here.playground.world.create_thread(here.channel, "Talk", owner=here.alice)
        here.playground.world.archive_thread(thread)

        with pytest.raises(discord.Forbidden) as outside:
            await here.bot.http.edit_channel(thread.id, archived=False)
        here.playground.world.archive_thread(thread, archived=False)
        await here.bot.http.join_thread(thread.id)
        here.playground.world.archive_thread(thread)
        await here.bot.http.edit_channel(thread.id, archived=False)

        assert outside.value.code == 50013
        assert not thread.archived


async def test_unarchiving_a_locked_thread_needs_the_right_to_manage_threads() -> None:
    async with room() as here:
        thread = here.playground.world.create_thread(here.channel, "Talk")
        here.playground.world.lock_thread(thread)
        here.playground.world.archive_thread(thread)

        with pytest.raises(discord.Forbidden) as refused:
            await here.bot.http.edit_channel(thread.id, archived=False)
        allow(here, Permission.MANAGE_THREADS)
        with pytest.raises(discord.Forbidden) as unlocking:
            await here.bot.http.edit_channel(thread.id, locked=False)
        await here.bot.http.edit_channel(thread.id, archived=False, locked=False)

        assert (refused.value.code, unlocking.value.code) == (50013, 50083)
        assert (thread.archived, thread.locked) == (False, False)


async def test_only_the_maker_of_a_thread_and_who_manages_threads_change_more_of_it() -> None:
    async with room() as here:
        world = here.playground.world
        own = world.create_thread(here.channel, "Own")
        strange = world.create_thread(here.channel, "Strange", owner=here.alice)
        await here.bot.http.join_thread(strange.id)

        await here.bot.http.edit_channel(own.id, name="Mine", auto_archive_duration=60)
        edit = here.bot.http.edit_channel
        for change in (
            edit(strange.id, name="Mine"),
            edit(strange.id, archived=True),
            edit(strange.id, locked=True),
            edit(own.id, locked=True),
        ):
            with pytest.raises(discord.Forbidden):
                await change
        with pytest.raises(discord.HTTPException) as odd:
            await here.bot.http.edit_channel(own.id, auto_archive_duration=5)
        with pytest.raises(discord.HTTPException) as no_thread:
            await here.bot.http.edit_channel(here.channel.id, archived=True)

        assert (own.name, own.auto_archive_minutes) == ("Mine", 60)
        assert (odd.value.code, no_thread.value.code) == (50035, 50024)
