"""`/battle`: two anonymous models answer, the channel votes. **Rematch** asks another pair the same."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.acknowledgement import PUBLICLY, Acknowledgement, form_without
from cogs.access import check_card, check_place
from cogs.battles.asking.ask_form import AskForm, AskOptions, ask
from cogs.battles.asking.start import MAX_PROMPT, hold, request_of
from cogs.battles.card_message import DiscordCard
from cogs.battles.chosen_models import offer_pairs
from cogs.settings.categories import offer_open
from cogs.ui.persistent import PressedButton

if TYPE_CHECKING:
    from bot.client import ArenaBot, Interaction


class BattleCog(commands.Cog):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot

    @app_commands.command(
        name=locale_str("battle"),
        description=locale_str("Let two anonymous models answer a prompt, and vote for the better reply"),
        extras=PUBLICLY | form_without("prompt"),
    )
    @app_commands.describe(
        prompt=locale_str("What both models are asked"),
        category=locale_str("A category of this server that the battle belongs to"),
        models=locale_str("For moderators: the two models to show, as A / B (not rated)"),
        image=locale_str("An image (PNG, JPEG, WebP or GIF) that both models are shown with the prompt"),
    )
    @app_commands.guild_only()
    async def battle(
        self,
        interaction: Interaction,
        prompt: app_commands.Range[str, 1, MAX_PROMPT] | None = None,
        category: str | None = None,
        models: str | None = None,
        image: discord.Attachment | None = None,
    ) -> None:
        given = AskOptions(category, models, image)
        if prompt is None:
            await check_place(interaction)
            await interaction.response.send_modal(AskForm(interaction, given))
        else:
            await ask(interaction, prompt, given)

    @battle.autocomplete("category")
    async def complete_category(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await offer_open(interaction, typed)

    @battle.autocomplete("models")
    async def complete_models(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await offer_pairs(interaction, typed)


class PressedRematch(PressedButton, template=r"arena:rematch:(?P<battle>\d+)"):
    """Has whoever presses ask the same prompt, as with `/battle`; the new card answers the old one."""

    @property
    def acknowledgement(self) -> Acknowledgement:
        return Acknowledgement.PUBLIC

    async def press(self, interaction: Interaction) -> None:
        battle_id = int(self.match["battle"])
        await check_card(interaction, battle_id)
        await check_place(interaction)
        rematch = await interaction.client.arena.rematches.of(interaction.guild_id or 0, battle_id)
        await hold(interaction, replace(request_of(interaction, rematch.prompt), after=rematch.after))


async def setup(bot: ArenaBot) -> None:
    bot.arena.supervisor.show_with(partial(DiscordCard, bot))
    await bot.add_cog(BattleCog(bot))
