"""Which channels are open to everyone, and so may be quoted from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
import pytest

from cogs.ratings.recap_texts import everyone_reads, excerpt
from tests.behaviour.place import place

if TYPE_CHECKING:
    from pathlib import Path

    from tests.behaviour.place import SimulatedServer


def guild(here: SimulatedServer) -> discord.Guild:
    found = here.env.bot.get_guild(here.guild.id)
    assert found
    return found


def arena_channel(here: SimulatedServer) -> discord.TextChannel:
    channel = here.env.bot.get_channel(here.channel.id)
    assert isinstance(channel, discord.TextChannel)
    return channel


async def test_an_ordinary_channel_and_its_threads_are_open(tmp_path: Path) -> None:
    async with place(tmp_path, []) as here:
        thread = await arena_channel(here).create_thread(name="more", type=discord.ChannelType.public_thread)
        await here.env.settle()

        assert everyone_reads(guild(here), here.channel.id)
        assert everyone_reads(guild(here), thread.id)


@pytest.mark.parametrize("permission", ["view_channel", "read_message_history"])
async def test_a_channel_that_the_default_role_cannot_read_is_not_open(
    tmp_path: Path, permission: str
) -> None:
    async with place(tmp_path, []) as here:
        denied = discord.PermissionOverwrite(**{permission: False})
        closed = here.guild.create_text_channel("closed", overwrites={here.guild.default_role: denied})
        await here.env.settle()

        assert not everyone_reads(guild(here), closed.id)


async def test_a_private_thread_in_an_open_channel_is_not_open(tmp_path: Path) -> None:
    async with place(tmp_path, []) as here:
        thread = await arena_channel(here).create_thread(name="ours", type=discord.ChannelType.private_thread)
        await here.env.settle()

        assert not everyone_reads(guild(here), thread.id)


async def test_an_age_restricted_channel_is_not_open(tmp_path: Path) -> None:
    async with place(tmp_path, []) as here:
        arena_channel(here).nsfw = True  # of which simcord knows nothing

        assert not everyone_reads(guild(here), here.channel.id)


async def test_a_channel_that_nobody_knows_is_not_open(tmp_path: Path) -> None:
    async with place(tmp_path, []) as here:
        assert not everyone_reads(guild(here), 1)


def test_an_excerpt_is_one_line_of_eighty_characters_at_most() -> None:
    assert excerpt("Two\n\n  lines") == "Two lines"
    assert excerpt("a" * 80) == "a" * 80
    assert excerpt("a" * 81) == "a" * 79 + "…"
