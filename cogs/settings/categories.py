"""`/categories`: boards of a server's own making."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.acknowledgement import show
from bot.i18n import N_, translations
from cogs.access import require_moderator
from cogs.audit_log import done
from cogs.ratings.board_filter import ViewNames
from cogs.ui.autocomplete import choices
from cogs.ui.layout import Layout, fitting
from cogs.ui.sanitize import display_name

if TYPE_CHECKING:
    from bot.arena.categories.service import Shelf
    from bot.client import ArenaBot, Interaction
    from bot.i18n import Translations

NAME_LIMIT = 40
CATEGORY = locale_str("The category")
RULES = N_(
    "Each prompt is sorted by itself: by its language, whether it holds code, and whether it is long."
    " Categories of your own are chosen with /battle, or belong to a channel (/categories bind)."
)


class PlaceOfBattles(app_commands.Transformer):
    """A channel in which battles can be held, or from which threads hang that have some."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        return [
            discord.ChannelType.text,
            discord.ChannelType.news,
            discord.ChannelType.voice,
            discord.ChannelType.forum,
        ]

    async def transform(
        self, _interaction: discord.Interaction, value: app_commands.AppCommandChannel
    ) -> app_commands.AppCommandChannel:
        return value


Place = app_commands.Transform[app_commands.AppCommandChannel, PlaceOfBattles]


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class CategoriesCog(
    commands.GroupCog,
    group_name=locale_str("categories"),
    group_description=locale_str("Leaderboards for some kinds of prompts"),
):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot

    @app_commands.command(
        name=locale_str("list"), description=locale_str("Show the categories that have a leaderboard here")
    )
    async def list(self, interaction: Interaction) -> None:
        texts = translations(interaction.locale.value)
        shelf = await self.bot.arena.categories.of(interaction.guild_id or 0)
        layout = Layout()
        layout.add_text("## " + texts.gettext("Categories"))
        lines = [_line(key, shelf, texts) for key in _keys(shelf)]
        layout.add_text(fitting(lines, texts) or texts.gettext("No rated battles yet."))
        layout.add_text("-# " + texts.gettext(RULES))
        await show(interaction, layout)

    @app_commands.command(
        name=locale_str("add"), description=locale_str("Make a category that battles can join")
    )
    @app_commands.describe(name=locale_str("What members will choose"))
    async def add(self, interaction: Interaction, name: app_commands.Range[str, 1, NAME_LIMIT]) -> None:
        actor = require_moderator(interaction)
        await done(interaction, await self.bot.arena.categories.add(actor, name))

    @app_commands.command(
        name=locale_str("close"),
        description=locale_str("Let no new battle join a category; its leaderboard stays"),
    )
    @app_commands.describe(name=CATEGORY)
    async def close(self, interaction: Interaction, name: str) -> None:
        actor = require_moderator(interaction)
        await done(interaction, await self.bot.arena.categories.close(actor, name))

    @app_commands.command(
        name=locale_str("bind"),
        description=locale_str("Let every battle of a channel and its threads belong to a category"),
    )
    @app_commands.describe(
        channel=locale_str("The channel"), name=locale_str("The category; leave it out to unbind the channel")
    )
    async def bind(
        self,
        interaction: Interaction,
        channel: Place,
        name: str | None = None,
    ) -> None:
        actor = require_moderator(interaction)
        await done(interaction, await self.bot.arena.categories.bind(actor, channel.id, name))

    @close.autocomplete("name")
    @bind.autocomplete("name")
    async def complete(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await offer_open(interaction, typed)


async def offer_open(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Offer the server's own categories that battles can join."""
    shelf = await interaction.client.arena.categories.of(interaction.guild_id or 0)
    return choices(((category.name, category.name) for category in shelf.open()), typed)


def _keys(shelf: Shelf) -> list[str]:
    known = {*shelf.battles, *shelf.names()}
    return sorted(known, key=lambda key: (-shelf.battles.get(key, 0), key))


def _line(key: str, shelf: Shelf, texts: Translations) -> str:
    """Say how many rated battles a category has, and which channels belong to it."""
    count = shelf.battles.get(key, 0)
    name = display_name(ViewNames(shelf.names()).category(key, texts))
    facts = [texts.ngettext("{count} battle", "{count} battles", count).format(count=count)]
    own = shelf.find(key)
    if own and not own.is_open:
        facts.append(texts.gettext("closed"))
    if own:
        facts += [f"<#{channel}>" for channel, bound in shelf.channels.items() if bound == own.category_id]
    return f"- **{name}** · {' · '.join(facts)}"


async def setup(bot: ArenaBot) -> None:
    await bot.add_cog(CategoriesCog(bot))
