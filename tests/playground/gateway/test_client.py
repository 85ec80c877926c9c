"""An unmodified discord.py bot logs in to the playground. The other playground tests use its bot."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Self

import discord
import pytest
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.playground import Playground, PlaygroundError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

TOKEN = "a-token"
INTENTS = discord.Intents(guilds=True, guild_messages=True, guild_reactions=True)


class Question(discord.ui.Modal, title="Question"):
    """A form of one field, in the way that discord.py 2.6 introduced."""

    topic = discord.ui.Label(
        text="Topic", component=discord.ui.TextInput[Self](custom_id="topic", max_length=50)
    )

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        field = self.topic.component
        assert isinstance(field, discord.ui.TextInput)
        await interaction.response.send_message(f"You asked about {field.value}")


class Buttons(discord.ui.LayoutView):
    """A card of Components V2 with a button that rewrites it and one that opens a form."""

    def __init__(self, text: str) -> None:
        super().__init__(timeout=None)
        self.text = discord.ui.TextDisplay[Self](text)
        update = discord.ui.Button[Self](label="Update", custom_id="update")
        update.callback = self.update
        ask = discord.ui.Button[Self](label="Ask", custom_id="ask")
        ask.callback = self.ask
        section = discord.ui.Section[Self]("Ask for more", accessory=ask)
        row = discord.ui.ActionRow[Self](update)
        self.add_item(discord.ui.Container[Self](self.text, discord.ui.Separator[Self](), section, row))

    async def update(self, interaction: discord.Interaction) -> None:
        self.text.content = f"Updated by {interaction.user.name}"
        await interaction.response.edit_message(view=self)

    async def ask(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Question())


class Tiny(commands.Cog):
    """One command for each way of answering."""

    models = app_commands.Group(name="models", description="The models")

    def __init__(self) -> None:
        self.held: list[discord.Interaction] = []
        self.arrived = asyncio.Event()

    @app_commands.command(description="Answer at once")
    async def echo(self, interaction: discord.Interaction, text: str, times: int = 1) -> None:
        await interaction.response.send_message(text * times, allowed_mentions=discord.AllowedMentions.none())

    @app_commands.command(description="Answer one member only")
    async def whisper(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message("psst", ephemeral=True)

    @app_commands.command(description="Think, then show a card")
    async def card(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        await interaction.followup.send(view=Buttons("A card"))

    @app_commands.command(description="Leave the interaction to the test")
    async def hold(self, interaction: discord.Interaction) -> None:
        self.held.append(interaction)
        self.arrived.set()

    async def next_held(self) -> discord.Interaction:
        await self.arrived.wait()
        self.arrived.clear()
        return self.held[-1]

    @models.command(name="show", description="Show a model")
    async def show(self, interaction: discord.Interaction, name: str, member: discord.Member) -> None:
        await interaction.response.send_message(f"{name} for {member.name}")

    @show.autocomplete("name")
    async def names(self, _: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        known = ("gemma", "gpt", "qwen")
        return [app_commands.Choice(name=name, value=name) for name in known if name.startswith(typed)]


async def quote(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(f"{message.author.name} said: {message.content}")


class TinyBot(commands.AutoShardedBot):
    """Registers its commands when it starts, and keeps what it hears of reactions and messages."""

    def __init__(self, intents: discord.Intents) -> None:
        super().__init__(command_prefix=commands.when_mentioned, intents=intents, guild_ready_timeout=0.05)
        self.tiny = Tiny()
        self.reactions: asyncio.Queue[discord.RawReactionActionEvent] = asyncio.Queue()
        self.messages: asyncio.Queue[discord.Message] = asyncio.Queue()
        self.resumes: asyncio.Queue[int] = asyncio.Queue()

    async def setup_hook(self) -> None:
        await self.add_cog(self.tiny)
        self.tree.add_command(app_commands.ContextMenu(name="Quote", callback=quote))
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        # Discord wants five seconds between two identifies; the playground does not.
        pass

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        self.reactions.put_nowait(event)

    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        self.reactions.put_nowait(event)

    async def on_message(self, message: discord.Message, /) -> None:
        self.messages.put_nowait(message)

    async def on_shard_resumed(self, shard_id: int) -> None:
        self.resumes.put_nowait(shard_id)


@asynccontextmanager
async def pointed_at(playground: Playground) -> AsyncGenerator[None]:
    """Lead discord.py to the playground, and back to where it was."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE = playground.api_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(playground.gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


@asynccontextmanager
async def connected(playground: Playground, intents: discord.Intents = INTENTS) -> AsyncGenerator[TinyBot]:
    """Run a bot that has connected and is ready."""
    async with pointed_at(playground), TinyBot(intents) as bot:
        running = asyncio.create_task(bot.start(playground.token))
        await playground.ready()
        await bot.wait_until_ready()
        yield bot
        await bot.close()
        await running


async def test_a_bot_logs_in_and_sees_its_guilds() -> None:
    async with Playground(token=TOKEN, rate_limits=False) as playground:
        guild = playground.world.create_guild("Arena")
        channel = playground.world.create_channel(guild, "battles")

        async with connected(playground) as bot:
            seen = bot.get_guild(guild.id)

    assert seen is not None
    assert [each.name for each in seen.text_channels] == ["battles"]
    assert seen.me.id == playground.world.bot.id
    assert seen.get_channel(channel.id) is not None
    assert seen.self_role is not None
    assert seen.self_role.name == playground.world.bot.name


async def test_a_wrong_token_is_refused() -> None:
    async with Playground(token=TOKEN) as playground, pointed_at(playground):
        async with TinyBot(INTENTS) as bot:
            with pytest.raises(discord.LoginFailure):
                await bot.login("another-token")

        assert playground.requests.by_status[401] == 1


async def test_a_bot_without_the_privileged_intents_is_told_so() -> None:
    async with (
        Playground(token=TOKEN, rate_limits=False, privileged_intents=False) as playground,
        pointed_at(playground),
        TinyBot(INTENTS | discord.Intents(message_content=True)) as bot,
    ):
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await bot.start(TOKEN)


async def test_members_are_not_listed_without_the_privileged_intent() -> None:
    async with Playground(token=TOKEN, rate_limits=False, privileged_intents=False) as playground:
        guild = playground.world.create_guild()
        async with connected(playground) as bot:
            with pytest.raises(discord.Forbidden) as refused:
                await bot.http.get_members(guild.id, 1, None)

    assert refused.value.code == 50001


async def test_guilds_are_dealt_to_the_shards() -> None:
    async with Playground(token=TOKEN, rate_limits=False, shards=2) as playground:
        even = playground.world.create_guild("Even", guild_id=(1 << 60) + (2 << 22))
        odd = playground.world.create_guild("Odd", guild_id=(1 << 60) + (3 << 22))

        async with connected(playground) as bot:
            shards = {each.id: each.shard_id for each in bot.guilds}

    assert shards == {even.id: 0, odd.id: 1}
    assert playground.gateway.identified == 2


async def test_what_is_made_later_reaches_the_bot() -> None:
    async with Playground(token=TOKEN, rate_limits=False) as playground, connected(playground) as bot:
        joined = asyncio.ensure_future(bot.wait_for("guild_join"))
        opened = asyncio.ensure_future(bot.wait_for("guild_channel_create"))
        closed = asyncio.ensure_future(bot.wait_for("guild_channel_delete"))
        left = asyncio.ensure_future(bot.wait_for("guild_remove"))
        await asyncio.sleep(0)

        guild = playground.world.create_guild("Late")
        channel = playground.world.create_channel(guild, "later")
        playground.world.delete_channel(channel)
        playground.world.delete_guild(guild)

        assert (await joined).name == "Late"
        assert (await opened).name == "later"
        assert (await closed).id == channel.id
        assert (await left).id == guild.id


async def test_registered_commands_can_be_used_and_others_cannot() -> None:
    async with Playground(token=TOKEN, rate_limits=False) as playground:
        guild = playground.world.create_guild()
        channel = playground.world.create_channel(guild)
        alice = playground.world.create_member(guild, "alice")

        async with connected(playground):
            asked = playground.people.slash(alice, channel, "echo", text="ha", times=3)
            await asked.finished()
            with pytest.raises(PlaygroundError):
                playground.people.slash(alice, channel, "battle")
            with pytest.raises(PlaygroundError):
                playground.people.slash(alice, channel, "echo")

    assert asked.content == "hahaha"
    assert asked.message is not None
    assert channel.messages[asked.message.id] is asked.message


async def test_an_unknown_route_says_that_it_is_missing(caplog: pytest.LogCaptureFixture) -> None:
    async with Playground(token=TOKEN, rate_limits=False) as playground, connected(playground) as bot:
        with pytest.raises(discord.DiscordServerError) as refused:
            await bot.fetch_premium_sticker_pack(1)

        assert refused.value.status == 501
        assert "GET /sticker-packs/1" in refused.value.text
        assert "does not implement GET /sticker-packs/1" in caplog.text
        missing = [record for record in playground.requests if record.status == 501]
        assert {(record.method, record.template) for record in missing} == {("GET", "/sticker-packs/1")}
        assert playground.requests.by_status[501] == len(missing)
