"""Messages under the bot's own name: permissions, limits, files, and what Discord says of them."""

from __future__ import annotations

import io
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NamedTuple

import aiohttp
import discord
import pytest
from discord import ui

from bot.playground import Channel, Guild, Member, Permission, Playground
from tests.wire.test_playground_client import TOKEN, Buttons, TinyBot, connected, pointed_at
from tests.wire.test_playground_interactions import Clock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable


class Room(NamedTuple):
    """The two sides of a channel: the playground's and the bot's."""

    playground: Playground
    bot: TinyBot
    guild: Guild
    channel: Channel
    alice: Member
    seen: discord.PartialMessageable
    clock: Clock

    def me(self) -> Member:
        return self.guild.members[self.playground.world.bot.id]


@asynccontextmanager
async def room() -> AsyncGenerator[Room]:
    clock = Clock()
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


def _many_displays() -> ui.LayoutView:
    view = ui.LayoutView()
    container = ui.Container[ui.LayoutView]()
    for _ in range(4):
        container.add_item(ui.TextDisplay[ui.LayoutView]("x" * 1001))
    return view.add_item(container)


def _twins() -> ui.LayoutView:
    view = ui.LayoutView()
    buttons = [ui.Button[ui.LayoutView](label="x", custom_id="same") for _ in range(2)]
    return view.add_item(ui.ActionRow(*buttons))


def _wide_label() -> ui.LayoutView:
    view = ui.LayoutView()
    return view.add_item(ui.ActionRow(ui.Button[ui.LayoutView](label="x" * 81)))


@pytest.mark.parametrize(
    ("make", "place"),
    [
        (_many_displays, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"),
        (_twins, "COMPONENT_CUSTOM_ID_DUPLICATED"),
        (_wide_label, "BASE_TYPE_MAX_LENGTH"),
    ],
)
async def test_a_layout_over_the_limits_is_refused(make: Callable[[], ui.LayoutView], place: str) -> None:
    async with room() as here:
        with pytest.raises(discord.HTTPException) as refused:
            await here.seen.send(view=make())

        answer = list(here.playground.requests)[-1].response
        assert refused.value.code == 50035
        assert place.encode() in answer


async def test_a_layout_takes_no_content_beside_it() -> None:
    async with room() as here:
        sent = await here.seen.send("Old style")

        with pytest.raises(discord.HTTPException) as refused:
            await sent.edit(view=Buttons("New style"))
        edited = await sent.edit(content=None, view=Buttons("New style"))

        assert refused.value.code == 50035
        assert here.channel.messages[edited.id].text.startswith("New style")


BODIES: list[tuple[dict[str, object], int]] = [
    ({}, 50006),
    ({"content": "x" * 2001}, 50035),
    ({"content": 5}, 50035),
    ({"embeds": [{"title": "x" * 257}]}, 50035),
    ({"embeds": [{"description": "x" * 3500}, {"description": "x" * 3500}]}, 50035),
    ({"flags": 1 << 15, "components": [{"type": 10, "content": "x"}] * 41}, 50035),
    ({"components": [{"type": 10, "content": "x"}]}, 50035),
    ({"components": [{"type": 1, "components": []}]}, 50035),
]


@pytest.mark.parametrize(("body", "code"), BODIES)
async def test_a_body_that_discord_would_not_take_is_refused(body: object, code: int) -> None:
    async with (
        Playground(token=TOKEN, rate_limits=False) as playground,
        aiohttp.ClientSession(headers={"Authorization": f"Bot {TOKEN}"}) as session,
    ):
        channel = playground.world.create_channel(playground.world.create_guild())

        async with session.post(f"{playground.api_url}/channels/{channel.id}/messages", json=body) as got:
            answer = await got.json()

    assert got.status == 400
    assert got.headers["Content-Type"] == "application/json"
    assert answer["code"] == code


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
        assert here.channel.messages[sent.id].content == "late 2"


async def test_a_file_can_be_fetched_again() -> None:
    async with room() as here:
        file = discord.File(io.BytesIO(b"a,b\n"), filename="votes.csv", description="All votes")
        embed = discord.Embed(title="Votes")
        embed.set_image(url="attachment://votes.csv")

        sent = await here.seen.send(file=file, embed=embed)

        attachment = sent.attachments[0]
        assert (attachment.filename, attachment.description) == ("votes.csv", "All votes")
        assert await attachment.read() == b"a,b\n"
        assert sent.embeds[0].image.url == attachment.url


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
        with pytest.raises(discord.HTTPException) as refused:
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


async def test_commands_over_the_limits_are_refused() -> None:
    async with Playground(token=TOKEN, rate_limits=False) as playground, pointed_at(playground):
        async with TinyBot(discord.Intents(guilds=True)) as bot:
            await bot.login(TOKEN)
            app_id = playground.world.bot.id
            with pytest.raises(discord.HTTPException) as refused:
                await bot.http.bulk_upsert_global_commands(
                    app_id,
                    [
                        {"type": 1, "name": "Battle", "description": "x" * 101, "options": []},
                        {"type": 1, "name": "ok", "description": "fine", "options": []},
                    ],
                )

        assert "In 0.name: Command name is invalid" in refused.value.text
        assert "In 0.description: Must be between 1 and 100 in length." in refused.value.text
        assert len(playground.world.commands.registered(None)) == 5
