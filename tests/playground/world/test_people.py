"""What members do with their clients, and what their clients would not let them do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import discord
import msgspec
import pytest

from bot.playground import Callback, DiscordError, Permission, PlaygroundError, World
from bot.playground.world.interactions.commands import CommandBody, Option
from tests.playground.rest.test_interactions import bot_in_guild

if TYPE_CHECKING:
    from bot.playground.world.events import GatewayEvent


async def test_subcommands_take_autocompleted_and_resolved_options() -> None:
    async with bot_in_guild() as here:
        typing = here.people.autocomplete(here.alice, here.channel, "models show", "name", name="g")
        await typing.answered()
        shown = here.people.slash(here.alice, here.channel, "models show", name="gpt", member=here.alice)
        await shown.finished()

        assert [choice.value for choice in typing.choices] == ["gemma", "gpt"]
        assert shown.content == "gpt for alice"


class OneButton(discord.ui.View):
    """One button."""

    @discord.ui.button(label="Press", custom_id="press")
    async def press(self, interaction: discord.Interaction, _: discord.ui.Button[Self]) -> None:
        await interaction.response.defer()


async def test_an_ephemeral_message_can_be_used_by_its_reader_only() -> None:
    async with bot_in_guild() as here:
        asked = here.people.slash(here.alice, here.channel, "hold")
        held = await here.bot.tiny.next_held()
        await held.response.send_message("For you", view=OneButton(), ephemeral=True)
        assert asked.message is not None
        bob = here.playground.world.create_member(here.playground.world.guild(here.channel.guild_id), "bob")

        pressed = await here.people.press(here.alice, asked.message, "press").answered()

        assert pressed.callback is Callback.DEFERRED_UPDATE
        with pytest.raises(PlaygroundError):
            here.people.press(bob, asked.message, "press")


async def test_a_component_that_is_not_there_cannot_be_pressed() -> None:
    async with bot_in_guild() as here:
        asked = await here.people.slash(here.alice, here.channel, "card").finished()
        assert asked.message is not None

        with pytest.raises(PlaygroundError):
            here.people.press(here.alice, asked.message, "no-such-button")


async def test_a_slash_command_needs_the_members_permission() -> None:
    async with bot_in_guild() as here:
        everyone = here.playground.world.guild(here.channel.guild_id).roles[here.channel.guild_id]
        here.playground.world.set_overwrite(here.channel, everyone, deny=Permission.USE_APPLICATION_COMMANDS)

        with pytest.raises(Exception, match="Missing Permissions"):
            here.people.slash(here.alice, here.channel, "card")


async def test_a_message_command_is_given_the_message() -> None:
    async with bot_in_guild() as here:
        said = here.people.say(here.alice, here.channel, "To be or not to be")

        asked = await here.people.use_on_message(here.alice, here.channel, "Quote", said).finished()

        assert asked.content == "alice said: To be or not to be"
        assert asked.message is not None
        assert asked.message.interaction is not None


async def test_a_message_command_is_offered_where_its_message_is() -> None:
    async with bot_in_guild() as here:
        world = here.playground.world
        elsewhere = world.create_channel(world.guild(here.channel.guild_id), "elsewhere")
        said = here.people.say(here.alice, elsewhere, "Hello")

        with pytest.raises(DiscordError, match="Unknown Message"):
            here.people.use_on_message(here.alice, here.channel, "Quote", said)
        with pytest.raises(PlaygroundError):
            here.people.use_on_message(here.alice, elsewhere, "echo", said)


def test_an_option_may_have_any_name() -> None:
    world = World()
    heard: list[GatewayEvent] = []
    guild = world.create_guild()
    channel = world.create_channel(guild)
    alice = world.create_member(guild, "alice")
    names = ("focused", "command", "member")
    options = [Option(type=3, name=name, description="x", autocomplete=True) for name in names]
    world.commands.put(None, CommandBody(name="find", description="x", options=options))
    world.subscribers.append(heard.append)

    world.people.autocomplete(alice, channel, "find", "focused", focused="a", command="b", member="c")

    assert msgspec.convert(heard[0].data["data"], dict[str, object])["options"] == [
        {"type": 3, "name": "focused", "value": "a", "focused": True},
        {"type": 3, "name": "command", "value": "b"},
        {"type": 3, "name": "member", "value": "c"},
    ]


async def test_an_option_that_completes_nothing_asks_nothing() -> None:
    async with bot_in_guild() as here:
        with pytest.raises(PlaygroundError):
            here.people.autocomplete(here.alice, here.channel, "echo", "text", text="a")


@pytest.mark.parametrize(
    ("wanted", "held", "offered"),
    [
        (None, Permission(0), True),
        ("0", Permission.MANAGE_GUILD, False),
        ("0", Permission.ADMINISTRATOR, True),
        ("32", Permission(0), False),
        ("32", Permission.MANAGE_GUILD, True),
    ],
)
def test_a_command_is_offered_to_those_it_is_meant_for(
    wanted: str | None, held: Permission, *, offered: bool
) -> None:
    world = World()
    guild = world.create_guild()
    channel = world.create_channel(guild)
    alice = world.create_member(guild, "alice", roles=[world.create_role(guild, "staff", held)])
    body = CommandBody(name="close", description="x", default_member_permissions=wanted)
    world.commands.put(None, body)

    try:
        world.people.slash(alice, channel, "close")
        done = True
    except DiscordError:
        done = False

    assert done == offered


class Chooser(discord.ui.View):
    """A menu of members and a menu of words."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.chosen: list[object] = []

    @discord.ui.select(cls=discord.ui.UserSelect[Self], custom_id="who", max_values=2)
    async def who(self, interaction: discord.Interaction, menu: discord.ui.UserSelect[Self]) -> None:
        self.chosen += menu.values
        await interaction.response.defer()

    @discord.ui.select(custom_id="what", options=[discord.SelectOption(label="a")])
    async def what(self, interaction: discord.Interaction, menu: discord.ui.Select[Self]) -> None:
        self.chosen += menu.values
        await interaction.response.defer()


async def test_what_a_member_picks_comes_with_what_it_stands_for() -> None:
    async with bot_in_guild() as here:
        people, alice = here.people, here.alice
        asked = people.slash(alice, here.channel, "hold")
        held = await here.bot.tiny.next_held()
        view = Chooser()
        await held.response.send_message("Choose", view=view)
        assert asked.message is not None
        owner = here.playground.world.guild(here.channel.guild_id).owner_id

        await people.select(alice, asked.message, "who", [str(alice.id), str(owner)]).answered()
        await people.select(alice, asked.message, "what", ["a"]).answered()
        for custom_id, values in (("who", []), ("who", ["1"]), ("what", ["b"]), ("what", ["a", "a"])):
            with pytest.raises(PlaygroundError):
                people.select(alice, asked.message, custom_id, values)

        *members, word = view.chosen
        assert [member.id for member in members if isinstance(member, discord.Member)] == [alice.id, owner]
        assert word == "a"
