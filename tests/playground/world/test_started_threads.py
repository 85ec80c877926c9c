"""Threads that the bot starts from a message."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

import discord
import pytest

from bot.playground import Permission
from bot.playground.world.messages.starters import OLDER_SECONDS, THREAD_CREATED, THREAD_STARTER
from tests.playground.rest.test_messages import Room, room

if TYPE_CHECKING:
    from discord.types.threads import ThreadArchiveDuration

    from bot.playground import Message

NO_FORM = 50035


def said(here: Room) -> Message:
    return here.playground.people.say(here.alice, here.channel, "Let us talk")


async def test_a_started_thread_has_the_id_of_its_message_and_its_bot_hears_of_it() -> None:
    async with room() as here:
        message = said(here)
        heard: asyncio.Queue[discord.Thread] = asyncio.Queue()

        async def note(thread: discord.Thread) -> None:
            await heard.put(thread)

        here.bot.add_listener(note, "on_thread_create")
        started = await here.seen.get_partial_message(message.id).create_thread(
            name="Talk", auto_archive_duration=60
        )
        told = await heard.get()
        again = await here.seen.fetch_message(message.id)

        assert started.id == told.id == message.id
        assert (told.name, told.parent_id, told.owner_id) == ("Talk", here.channel.id, here.me().id)
        assert (started.auto_archive_duration, started.message_count, started.me is not None) == (60, 0, True)
        assert again.flags.has_thread


async def test_a_thread_begins_with_a_reference_to_its_message_and_an_older_one_tells_of_it() -> None:
    async with room() as here:
        for age in (0.0, OLDER_SECONDS + 1):
            message = said(here)
            here.clock.now += age
            thread = await here.seen.get_partial_message(message.id).create_thread(name="Talk")
            (first,) = [each async for each in thread.history()]
            (newest,) = [each async for each in here.seen.history(limit=1)]

            assert first.type.value == THREAD_STARTER
            assert isinstance(first.reference and first.reference.resolved, discord.Message)
            assert (newest.type.value == THREAD_CREATED) == bool(age)
        assert newest.content == "Talk"
        assert newest.reference
        assert (newest.reference.channel_id, newest.reference.message_id) == (thread.id, None)


@pytest.mark.parametrize(
    ("denied", "code"), [(Permission.CREATE_PUBLIC_THREADS, 50013), (Permission.VIEW_CHANNEL, 50001)]
)
async def test_starting_a_thread_needs_permission(denied: Permission, code: int) -> None:
    async with room() as here:
        here.playground.world.set_overwrite(here.channel, here.me(), deny=denied)
        with pytest.raises(discord.Forbidden) as refused:
            await here.seen.get_partial_message(said(here).id).create_thread(name="Talk")

        assert refused.value.code == code


async def test_a_message_has_one_thread_and_one_in_a_thread_or_none_that_is_gone_has_none() -> None:
    async with room() as here:
        message = said(here)
        thread = await here.seen.get_partial_message(message.id).create_thread(name="Talk")
        inside = (await thread.send("Hello")).id
        within = here.bot.get_partial_messageable(thread.id, guild_id=here.guild.id)
        codes: list[int] = []
        for wanted in (
            here.seen.get_partial_message(message.id),
            within.get_partial_message(inside),
            here.seen.get_partial_message(1),
        ):
            with pytest.raises(discord.HTTPException) as refused:
                await wanted.create_thread(name="Talk")
            codes.append(refused.value.code)

        assert codes == [160004, 50024, 10008]


@pytest.mark.parametrize(
    ("name", "minutes", "slowmode", "is_taken"),
    [
        ("x" * 100, 10080, 21600, True),
        ("", 60, 0, False),
        ("x" * 101, 60, 0, False),
        ("Talk", 61, 0, False),
        ("Talk", 60, 21601, False),
    ],
)
async def test_a_started_thread_has_discords_limits(
    name: str, minutes: int, slowmode: int, *, is_taken: bool
) -> None:
    async with room() as here:
        message = here.seen.get_partial_message(said(here).id)
        duration = cast("ThreadArchiveDuration", minutes)
        started = message.create_thread(name=name, auto_archive_duration=duration, slowmode_delay=slowmode)
        if is_taken:
            assert (await started).name == name
            return
        with pytest.raises(discord.HTTPException) as refused:
            await started

        assert refused.value.code == NO_FORM
