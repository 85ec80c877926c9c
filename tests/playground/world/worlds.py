"""A world with at least one of everything that the stand-in keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground import Permission, Upload, World
from bot.playground.world.interactions.commands import CommandBody, Option, OptionChoice
from bot.playground.world.messages.bodies import MessageBody, MessageReference
from bot.playground.world.messages.components import Component, Embed, EmbedField
from bot.playground.world.model import COMPONENTS_V2
from tests.playground.rest.test_interactions import StillClock

if TYPE_CHECKING:
    from bot.playground import Channel, Guild, Member

PICTURE = bytes(range(256))


def rich_world() -> World:
    """Two guilds that share a member; in the first all that there is."""
    world = World(clock=StillClock())
    first, second = world.create_guild("Arena", locale="ja"), world.create_guild("Annex")
    judge = world.create_role(first, "judge", Permission.MANAGE_MESSAGES | Permission.MANAGE_ROLES)
    alice = world.create_member(first, "alice", roles=[judge], locale="ja")
    world.create_member(second, "alice", user=alice.user)
    channel = world.create_channel(first, "一般")
    world.set_overwrite(channel, judge, allow=Permission.SEND_MESSAGES)
    world.set_overwrite(channel, alice, deny=Permission.EMBED_LINKS)
    world.create_thread(channel, "Open")
    thread = world.create_thread(channel, "Replies", owner=alice)
    world.people.say(alice, thread, f"<@{world.bot.id}>, 見て")
    world.archive_thread(thread)
    _fill(world, channel, alice)
    _register(world, second)
    return world


def _fill(world: World, channel: Channel, alice: Member) -> None:
    said = world.people.say(alice, channel, "Why is the sky blue? 🌌")
    world.people.react(alice, said, "🅰️")
    world.reactions.add(said, world.create_emoji(world.guild(channel.guild_id), "scales"), world.bot.id)
    fields = [EmbedField(name="Votes", value="3", inline=True)]
    embed = Embed(title="Result", fields=fields, image={"url": "attachment://sky.png"})
    upload = Upload(0, "sky.png", "image/png", PICTURE)
    reply = MessageBody(embeds=[embed], message_reference=MessageReference(message_id=said.id), nonce="n")
    answer = world.messages.create(channel, world.bot, reply, [upload])
    world.messages.edit(answer, MessageBody(content="Edited"))
    button = Component(type=2, style=1, label="A", custom_id="a", emoji={"name": "🅰️"}, disabled=False)
    card = [Component(type=17, components=[Component(type=1, components=[button])])]
    world.messages.create(channel, world.bot, MessageBody(components=card, flags=COMPONENTS_V2))


def _register(world: World, guild: Guild) -> None:
    choices = [OptionChoice(name="ten", value=10)]
    option = Option(type=4, name="votes", description="How many", choices=choices, min_value=1)
    body = CommandBody(name="battle", description="Fight", options=[option], default_member_permissions="32")
    world.commands.put(None, body)
    world.commands.put(guild.id, CommandBody(name="Read", type=3))
