"""The stand-in's world outlives the process: a bot and a member find all that they left."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING

import aiohttp
import discord
import pytest
from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from bot.playground import DiscordError, Message, Permission, Playground, Upload, World
from bot.playground.world import snapshot
from bot.playground.world.messages.bodies import MessageBody
from tests.playground.gateway.test_client import TOKEN, Buttons, connected
from tests.playground.gateway.test_gateway import IDENTIFY
from tests.playground.rest.test_files import fetched, media_of
from tests.playground.rest.test_interactions import StillClock
from tests.playground.world.worlds import PICTURE, rich_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.playground import Channel


def restored(world: World, path: Path) -> World:
    snapshot.save(world, path)
    found = snapshot.load(path, clock=world.clock)
    assert found is not None
    return found


def message_of(world: World, text: str) -> Message:
    (found,) = [message for message in world.messages.every if text in message.text]
    return found


async def seen(world: World) -> dict[str, bytes]:
    """Read all that a bot may read, over REST and the gateway, and leave out at which port."""
    headers = {"Authorization": f"Bot {TOKEN}"}
    async with (
        Playground(token=TOKEN, rate_limits=False, world=world) as playground,
        aiohttp.ClientSession(headers=headers) as session,
        session.ws_connect(playground.gateway_url) as gateway,
    ):
        found: dict[str, bytes] = {}
        for path in readable(world):
            async with session.get(f"{playground.api_url}{path}") as answer:
                assert answer.status == 200, path
                found[path] = (await answer.read()).replace(world.base_url.encode(), b"")
        for each in world.attachments.values():
            path = f"/attachments/{each.channel_id}/{each.id}/{each.filename}"
            async with session.get(f"{world.base_url}{path}") as answer:
                found[path] = await answer.read()
        await gateway.send_json(IDENTIFY)
        await gateway.receive_json()
        await gateway.receive_json()
        for guild in world.guilds.values():
            found[f"GUILD_CREATE {guild.name}"] = (await gateway.receive_str()).encode()
    return found


def readable(world: World) -> Iterator[str]:
    yield from ("/users/@me", "/applications/@me")
    for guild in world.guilds.values():
        place = f"/guilds/{guild.id}"
        yield from (place, f"{place}/channels", f"{place}/roles", f"{place}/members?limit=1000")
        yield f"/applications/{world.bot.id}{place}/commands"
    yield f"/applications/{world.bot.id}/commands"
    for channel in world.channels.values():
        yield from (f"/channels/{channel.id}", f"/channels/{channel.id}/messages?limit=100")
    for message in world.messages.every:
        yield f"/channels/{message.channel_id}/messages/{message.id}"
        for key, reaction in message.reactions.items():
            emoji = f"{reaction.emoji.name}:{reaction.emoji.id}" if reaction.emoji.id else key
            yield f"/channels/{message.channel_id}/messages/{message.id}/reactions/{emoji}"


async def test_a_bot_reads_the_same_to_the_byte(tmp_path: Path) -> None:
    world = rich_world()
    before = await seen(world)

    after = await seen(restored(world, tmp_path / "world.json"))

    assert len(before) > 25
    assert after == before


PEOPLE = st.integers(0, 2)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40).filter(str.strip)
"""A client sends nothing that is blank."""

DEEDS = st.one_of(
    st.tuples(st.just("say"), PEOPLE, TEXT),
    st.tuples(st.just("react"), PEOPLE, st.sampled_from(["👍", "🅰️", "🅱", "❤️"])),
    st.tuples(st.just("attach"), PEOPLE, st.binary(max_size=20)),
    st.tuples(st.just("thread"), PEOPLE, TEXT),
    st.tuples(st.just("permit"), PEOPLE, st.integers(0, (1 << 53) - 1)),
    st.tuples(st.just("delete"), PEOPLE, st.none()),
)


def _do(world: World, channel: Channel, deed: tuple[str, int, object]) -> None:
    guild = world.guild(channel.guild_id)
    person = world.member(guild.id, [*guild.members][deed[1]])
    newest = list(channel.messages.values())[-1:]
    match deed:
        case "say", _, str(text):
            world.people.say(person, channel, text)
        case "react", _, str(emoji) if newest:
            world.reactions.add(newest[0], world.reactions.parse(emoji), person.id)
        case "attach", _, bytes(content):
            upload = Upload(0, "file.bin", "application/octet-stream", content)
            world.messages.create(channel, person.user, MessageBody(), [upload])
        case "thread", _, str(name):
            world.create_thread(channel, name, owner=person)
        case "permit", _, int(bits):
            world.set_overwrite(channel, person, allow=Permission(bits))
        case "delete", _, _ if newest:
            world.messages.delete(newest[0])
        case _:
            pass


@given(deeds=st.lists(DEEDS, max_size=12), locale=st.sampled_from(["en-US", "ja"]))
def test_whatever_was_done_is_found_again(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[tuple[str, int, object]], locale: str
) -> None:
    world = World(clock=StillClock())
    guild = world.create_guild("Arena", locale=locale)
    channel = world.create_channel(guild)
    world.create_member(guild, "alice")
    for deed in deeds:
        _do(world, channel, deed)

    again = restored(world, tmp_path_factory.getbasetemp() / "any.json")

    assert snapshot.dump(again) == snapshot.dump(world)
    assert again.channels[channel.id].messages.keys() == channel.messages.keys()
    assert again.attachments.keys() == world.attachments.keys()


def test_a_user_is_one_object_everywhere(tmp_path: Path) -> None:
    again = restored(rich_world(), tmp_path / "world.json")

    first, second = again.guilds.values()
    alice = message_of(again, "sky blue").author
    assert first.members[alice.id].user is second.members[alice.id].user is again.users[alice.id] is alice
    assert message_of(again, "Result").author is again.bot is first.members[again.bot.id].user


def test_ids_keep_growing_although_the_clock_went_back(tmp_path: Path) -> None:
    world = rich_world()
    last = world.snowflakes.next()

    snapshot.save(world, tmp_path / "world.json")
    again = snapshot.load(tmp_path / "world.json", clock=lambda: 1_500_000_000.0)

    assert again is not None
    assert again.snowflakes.next() > last


async def test_what_only_one_member_saw_is_gone_and_so_is_its_interaction(tmp_path: Path) -> None:
    async with Playground(token=TOKEN, rate_limits=False) as playground:
        guild = playground.world.create_guild()
        channel = playground.world.create_channel(guild)
        alice = playground.world.create_member(guild, "alice")
        async with connected(playground):
            asked = await playground.people.slash(alice, channel, "whisper").finished()

    again = restored(playground.world, tmp_path / "world.json")

    assert asked.content == "psst"
    assert again.messages.every == []
    with pytest.raises(DiscordError):
        again.interactions.by_token(again.bot.id, asked.token)


async def test_nothing_thinks_for_ever(tmp_path: Path) -> None:
    async with Playground(token=TOKEN, rate_limits=False) as playground:
        guild = playground.world.create_guild()
        channel = playground.world.create_channel(guild)
        alice = playground.world.create_member(guild, "alice")
        async with connected(playground) as bot:
            asked = playground.people.slash(alice, channel, "hold")
            held = await bot.tiny.next_held()
            await held.response.defer()
            await asked.answered()

    again = restored(playground.world, tmp_path / "world.json")

    assert asked.thinking
    assert len(channel.messages) == 1
    assert again.channels[channel.id].messages == {}


async def test_a_bot_finds_its_guild_and_what_it_once_sent(tmp_path: Path) -> None:
    async with Playground(token=TOKEN, rate_limits=False) as before:
        guild = before.world.create_guild("Arena")
        channel = before.world.create_channel(guild, "battles")
        alice = before.world.create_member(guild, "alice")
        async with connected(before) as bot:
            sent = await bot.get_partial_messageable(channel.id).send(view=Buttons("A card"))
            before.people.react(alice, sent.id, "🅰️")
    world = restored(before.world, tmp_path / "world.json")

    async with Playground(token=TOKEN, rate_limits=False, world=world) as after, connected(after) as bot:
        where = bot.get_channel(channel.id)
        assert isinstance(where, discord.TextChannel)
        (found,) = [message async for message in where.history()]
        users = [user.name async for user in found.reactions[0].users()]
        await found.edit(view=Buttons("Another card"))
        edited = world.messages.find(sent.id).text
        again = world.member(guild.id, alice.id)
        after.people.unreact(again, sent.id, "🅰️")
        heard = await asyncio.wait_for(bot.reactions.get(), 5)
        await after.people.press(again, sent.id, "update").finished()

    assert (where.guild.name, where.name, found.id, users) == ("Arena", "battles", sent.id, ["alice"])
    assert (heard.event_type, heard.message_id, heard.user_id) == ("REACTION_REMOVE", sent.id, alice.id)
    assert bot.application_id == before.world.bot.id
    assert "Another card" in edited
    assert "Updated by alice" in world.messages.find(sent.id).text


async def test_files_are_served_at_the_new_address(tmp_path: Path) -> None:
    picture = discord.MediaGalleryItem("attachment://sky.png")
    view = ui.LayoutView().add_item(ui.MediaGallery[ui.LayoutView](picture))
    file = discord.File(io.BytesIO(PICTURE), "sky.png")
    async with Playground(token=TOKEN, rate_limits=False) as before:
        channel = before.world.create_channel(before.world.create_guild())
        async with connected(before) as bot:
            sent = await bot.get_partial_messageable(channel.id).send(view=view, file=file)
        world = restored(before.world, tmp_path / "world.json")
        old = before.world.base_url

        async with Playground(token=TOKEN, rate_limits=False, world=world) as after, connected(after) as bot:
            found = await bot.get_partial_messageable(channel.id).fetch_message(sent.id)
            address = media_of(found).url
            read = await fetched(address)

    assert read == PICTURE
    assert world.base_url != old
    assert address.startswith(world.base_url)
