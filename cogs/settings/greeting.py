"""What a server is told that the bot has just joined, once: what to do first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord.ext import commands

from bot.acknowledgement import Acknowledgement, show
from bot.i18n import N_, translations
from cogs.access import check_place, require_manager
from cogs.background import logged
from cogs.battles.asking.ask_form import AskForm
from cogs.settings.served_servers import channel_for_news
from cogs.settings.setup_models import models_step
from cogs.ui.language import decided_locale
from cogs.ui.layout import Button, Layout
from cogs.ui.persistent import PressedButton

if TYPE_CHECKING:
    import discord

    from bot.client import ArenaBot, Interaction

GREETING = N_(
    "I hold blind battles between language models: somebody asks, two models answer without their"
    " names, all vote with reactions, then the names are told. This server gets a leaderboard of its own."
)
FIRST_STEPS = N_(
    "Moderators decide where and how battles are held with **Set up**. To ask two models something at once,"
    " take **Try a battle** or {command}."
)


class GreetingCog(commands.Cog):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Greet; servers that come back after an outage, or with a new session, were joined before."""
        if not self.bot.arena.config.discord.serves(guild.id):
            return
        channel = channel_for_news(guild)
        if channel:
            with logged("a server could not be greeted"):
                await channel.send(view=self._greeting(guild))

    def _greeting(self, guild: discord.Guild) -> Layout:
        texts = translations(decided_locale(guild) or "en")
        _ = texts.gettext
        layout = Layout()
        hello, first_steps = _("Hello!"), _(FIRST_STEPS).format(command=self.bot.mention_of("battle"))
        layout.add_text(f"## 👋 {hello}\n{_(GREETING)}\n{first_steps}")
        layout.add_buttons(
            Button(label=_("Set up"), emoji="⚙️", custom_id="arena:greeting:setup"),
            Button(label=_("Try a battle"), emoji="⚔️", custom_id="arena:greeting:try"),
        )
        return layout


class PressedSetUp(PressedButton, template="arena:greeting:setup"):
    """Opens the first step of `/setup`, for who may take it."""

    @property
    def acknowledgement(self) -> Acknowledgement:
        return Acknowledgement.PRIVATE

    async def press(self, interaction: Interaction) -> None:
        require_manager(interaction)
        await show(interaction, await models_step(interaction))


class PressedTry(PressedButton, template="arena:greeting:try"):
    """Opens the form of `/battle`."""

    @property
    def acknowledgement(self) -> Acknowledgement:
        return Acknowledgement.FORM

    async def press(self, interaction: Interaction) -> None:
        await check_place(interaction)
        await interaction.response.send_modal(AskForm(interaction))


async def setup(bot: ArenaBot) -> None:
    bot.add_dynamic_items(PressedSetUp, PressedTry)
    await bot.add_cog(GreetingCog(bot))
