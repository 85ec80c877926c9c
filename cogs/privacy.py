"""`/privacy`: what members decide about their own data."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from bot.i18n import N_, translations
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from cogs.layout import Layout

if TYPE_CHECKING:
    import discord
    from bot.client import ArenaBot

    Interaction = discord.Interaction[ArenaBot]


class Choice(StrEnum):
    ALLOW = "allow"
    LEAVE_OUT = "leave_out"


CHOICES = {Choice.ALLOW: N_("allow"), Choice.LEAVE_OUT: N_("leave me out")}
ALLOWED = N_(
    "Your votes here, and the battles that you ask for, may be part of this server's exports. In place of"
    " your Discord id they have a code. Prompts and replies are as they were written."
)
LEFT_OUT = N_(
    "From now on your votes here, and the battles that you asked for, are left out of this server's exports."
    " They still count on the leaderboard. Files that were written before do not change."
)


@app_commands.guild_only()
class PrivacyCog(
    commands.GroupCog,
    group_name=locale_str("privacy"),
    group_description=locale_str("Decide about your own data"),
):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot

    @app_commands.command(
        name=locale_str("exports"),
        description=locale_str("Decide whether exports for researchers may include your votes and prompts"),
    )
    @app_commands.describe(choice=locale_str("Whether they may"))
    @app_commands.choices(
        choice=[app_commands.Choice(name=locale_str(name), value=choice) for choice, name in CHOICES.items()]
    )
    async def exports(self, interaction: Interaction, choice: str) -> None:
        guild_id, user_id = interaction.guild_id or 0, interaction.user.id
        if choice == Choice.LEAVE_OUT:
            await self.bot.arena.privacy.leave_out_of_exports(guild_id, user_id)
            text = LEFT_OUT
        else:
            await self.bot.arena.privacy.allow_exports(guild_id, user_id)
            text = ALLOWED
        layout = Layout()
        layout.add_text(translations(interaction.locale.value).gettext(text))
        await interaction.response.send_message(view=layout, ephemeral=True)


async def setup(bot: ArenaBot) -> None:
    await bot.add_cog(PrivacyCog(bot))
