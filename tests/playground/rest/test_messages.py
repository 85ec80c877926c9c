"""Messages under the bot's own name: permissions, limits, files, and what Discord says of them."""

from __future__ import annotations

from contextlib import asynccontextmanager
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import aiohttp
import discord
import pytest

from bot.playground import Channel, Guild, Member, Permission, Playground
from bot.playground.world.effective_permissions import permissions_in
from tests.playground.gateway.test_client import TOKEN, TinyBot, connected
from tests.playground.rest.test_interactions import StillClock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


class Room(NamedTuple):
    """The two sides of a channel: the playground's and the bot's."""

    playground: Playground
    bot: TinyBot
    guild: Guild
    channel: Channel
    alice: Member
    seen: discord.PartialMessageable
    clock: StillClock

    def me(self) -> Member:
        return self.guild.members[self.playground.world.bot.id]


@asynccontextmanager
async def room() -> AsyncGenerator[Room]:
    clock = StillClock()
    async with Playground(token=TOKEN, rate_limits=False, clock=clock) as playground:
        guild = playground.world.create_guild()
        channel = playground.world.create_channel(guild)
        alice = playground.world.create_member(guild, "alice")
        async with connected(playground) as bot:
            seen = bot.get_partial_messageable(channel.id, guild_id=guild.id)
            yield Room(playground, bot, guild, channel, alice, seen, clock)


@pytest.mark.parametrize(
    ("denied", "code"), [(Permission.SEND_MESSAGES, 50013), (Permission.VIEW_CHANNEL, 50001)]
)
async def test_sending_needs_permission(denied: Permission, code: int) -> None:
    async with room() as here:
        here.playground.world.set_overwrite(here.channel, here.me(), deny=denied)

        with pytest.raises(discord.Forbidden) as refused:
            await here.seen.send("Hello")

        assert refused.value.code == code


async def test_an_overwrite_for_the_member_outweighs_the_roles() -> None:
    async with room() as here:
        everyone = here.guild.roles[here.guild.id]
        here.playground.world.set_overwrite(here.channel, everyone, deny=Permission.SEND_MESSAGES)
        here.playground.world.set_overwrite(here.channel, here.me(), allow=Permission.SEND_MESSAGES)

        sent = await here.seen.send("Hello")

        assert here.channel.messages[sent.id].content == "Hello"


async def test_an_administrator_needs_no_other_permission() -> None:
    async with room() as here:
        world = here.playground.world
        world.set_overwrite(here.channel, here.me(), deny=Permission.SEND_MESSAGES)
        world.set_role_permissions(here.guild.roles[here.me().role_ids[0]], Permission.ADMINISTRATOR)

        sent = await here.seen.send("Hello")

        assert sent.id in here.channel.messages


EVERY = Permission(sum(Permission))
UNSAID = Permission.ATTACH_FILES | Permission.EMBED_LINKS | Permission.MENTION_EVERYONE
"""discord.py takes these away together with the right to speak."""


def some(random: Random) -> Permission:
    return Permission(random.getrandbits(54) & random.getrandbits(54)) & EVERY & ~Permission.ADMINISTRATOR


async def test_roles_and_overwrites_add_up_as_discord_py_adds_them() -> None:
    random = Random(3)
    async with room() as here:
        world, me = here.playground.world, here.me()
        roles = [here.guild.roles[here.guild.id], *(world.create_role(here.guild, name) for name in "ab")]
        world.set_member_roles(me, roles[1:])
        owner = here.guild.members[here.guild.owner_id]
        elsewhere = world.create_channel(here.guild, "elsewhere")
        sums: list[tuple[Permission, Permission]] = []
        for _ in range(200):
            for target in (*roles, me):
                world.set_overwrite(here.channel, target, allow=some(random), deny=some(random))
            for role in roles:
                world.set_role_permissions(role, some(random) | Permission.VIEW_CHANNEL)
            here.playground.people.say(owner, elsewhere, "Now")
            await here.bot.messages.get()
            sums.append((permissions_in(here.guild, me, here.channel), reckoned(here)))

    speaking = [pair for pair in sums if Permission.SEND_MESSAGES in pair[0]]
    silent = [(ours & ~UNSAID, theirs) for ours, theirs in sums if (ours, theirs) not in speaking]
    assert len(speaking) > 20
    assert len(silent) > 20
    assert [pair for pair in speaking + silent if pair[0] != pair[1]] == []


def reckoned(here: Room) -> Permission:
    """Say what discord.py makes of what it heard; nothing where it sees no channel, as Discord has it."""
    seen = here.bot.get_channel(here.channel.id)
    assert isinstance(seen, discord.TextChannel)
    found = Permission(seen.permissions_for(seen.guild.me).value) & EVERY
    return found if Permission.VIEW_CHANNEL in found else Permission(0)


async def test_what_is_gone_is_unknown() -> None:
    async with room() as here:
        sent = await here.seen.send("Hello")

        here.playground.world.messages.delete(here.channel.messages[sent.id])
        with pytest.raises(discord.NotFound) as message_gone:
            await sent.edit(content="Again")
        here.playground.world.delete_channel(here.channel)
        with pytest.raises(discord.NotFound) as channel_gone:
            await here.seen.send("Hello")
        here.playground.world.delete_guild(here.guild)
        with pytest.raises(discord.NotFound) as guild_gone:
            await here.bot.fetch_guild(here.guild.id)

        codes = [refused.value.code for refused in (message_gone, channel_gone, guild_gone)]
        assert codes == [10008, 10003, 10004]


async def test_old_messages_take_few_edits() -> None:
    async with room() as here:
        sent = await here.seen.send("0")
        for number in range(5):
            await sent.edit(content=str(number))

        here.clock.now += 3601
        for number in range(3):
            await sent.edit(content=f"late {number}")
        url = f"{here.playground.api_url}/channels/{here.channel.id}/messages/{sent.id}"
        async with (
            aiohttp.ClientSession(headers={"Authorization": f"Bot {TOKEN}"}) as session,
            session.patch(url, json={"content": "once too often"}) as got,
        ):
            answer = await got.json()

        assert (got.status, answer["code"]) == (429, 30046)
        assert 0 < answer["retry_after"] <= 6
        assert here.channel.messages[sent.id].content == "late 2"


async def test_history_is_paged_and_deleted_in_bulk() -> None:
    async with room() as here:
        manage = Permission.MANAGE_MESSAGES
        here.playground.world.set_overwrite(here.channel, here.me(), allow=manage)
        said = [here.playground.people.say(here.alice, here.channel, str(n)) for n in range(120)]
        channel = here.bot.get_channel(here.channel.id)
        assert isinstance(channel, discord.TextChannel)

        read = [message.id async for message in channel.history(limit=None, oldest_first=True)]
        await channel.delete_messages([discord.Object(message.id) for message in said[:100]])

        assert read == [message.id for message in said]
        assert list(here.channel.messages) == [message.id for message in said[100:]]


async def test_only_its_own_messages_can_the_bot_edit() -> None:
    async with room() as here:
        said = here.playground.people.say(here.alice, here.channel, "Mine")

        with pytest.raises(discord.Forbidden) as edit:
            await here.seen.get_partial_message(said.id).edit(content="Not yours")
        with pytest.raises(discord.Forbidden) as delete:
            await here.seen.get_partial_message(said.id).delete()

        assert (edit.value.code, delete.value.code) == (50005, 50013)


async def test_an_archived_thread_takes_no_messages() -> None:
    async with room() as here:
        thread = here.playground.world.create_thread(here.channel, "Old talk")
        seen = here.bot.get_partial_messageable(thread.id, guild_id=here.guild.id)

        await seen.send("Hello")
        here.playground.world.archive_thread(thread)
        with pytest.raises(discord.Forbidden) as refused:
            await seen.send("Hello?")

        assert refused.value.code == 50083


async def test_mentions_reach_only_whom_the_bot_allows() -> None:
    async with room() as here:
        text = f"<@{here.alice.id}> @everyone"

        loud = await here.seen.send(text)
        quiet = await here.seen.send(text, allowed_mentions=discord.AllowedMentions.none())

        assert [user.id for user in loud.mentions] == [here.alice.id]
        assert not loud.mention_everyone
        assert quiet.mentions == []


async def test_the_bot_does_not_read_content_without_the_intent() -> None:
    async with room() as here:
        here.playground.people.say(here.alice, here.channel, "A secret")
        heard = await here.bot.messages.get()
        here.playground.people.say(here.alice, here.channel, f"<@{here.playground.world.bot.id}> psst")
        addressed = await here.bot.messages.get()

        assert heard.content == ""
        assert addressed.content.endswith("psst")
