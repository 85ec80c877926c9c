"""`/model`: who fights here, and what everyone may know of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.acknowledgement import show
from bot.i18n import translations
from cogs.access import is_moderator, may_see
from cogs.battles.past_battle_texts import past_line
from cogs.models.autocomplete import complete_model
from cogs.models.profile import profile_page
from cogs.models.roster_page import in_order
from cogs.models.texts import entry_line, host_line
from cogs.ui.layout import Layout, fitting

if TYPE_CHECKING:
    from bot.client import ArenaBot, Interaction


class ModelCog(commands.Cog):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot

    @app_commands.command(
        name=locale_str("model"),
        description=locale_str("Show who fights here, or a model's rating and record"),
    )
    @app_commands.describe(name=locale_str("The model (default: all that fight here)"))
    @app_commands.guild_only()
    async def model(self, interaction: Interaction, name: str | None = None) -> None:
        await show(interaction, await (_roster(interaction) if name is None else _profile(interaction, name)))

    @model.autocomplete("name")
    async def complete(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await complete_model(interaction, typed)


async def _roster(interaction: Interaction) -> Layout:
    texts = translations(interaction.locale.value)
    roster = await interaction.client.arena.roster.of(interaction.guild_id or 0)
    lines = [entry_line(entry, texts, moderator=False) for entry in in_order(roster)]
    layout = Layout()
    layout.add_text("## " + texts.gettext("Models"))
    layout.add_text(fitting(lines, texts) or texts.gettext("There are no models here yet."))
    return layout


async def _profile(interaction: Interaction, name: str) -> Layout:
    texts = translations(interaction.locale.value)
    arena, moderator = interaction.client.arena, is_moderator(interaction)
    entry = await arena.models.find(interaction.guild_id or 0, name, moderator=moderator)
    profile = await arena.profiles.of(entry)
    recent = [
        past_line(battle, entry.model.guild_id, texts, may_see=may_see(interaction, battle.channel_id))
        for battle in profile.recent
    ]
    return profile_page(profile, recent, host_line(entry, texts) if moderator else None, texts)


async def setup(bot: ArenaBot) -> None:
    await bot.add_cog(ModelCog(bot))
