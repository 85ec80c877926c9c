"""`/privacy`: what members can know and decide about their own data."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.acknowledgement import say, show
from bot.i18n import N_, translations
from cogs.privacy.housekeeping import ERASURE
from cogs.privacy.texts import ALLOWED, DOSSIER, LEFT_OUT, NOTHING_DELETED, erased_text, kept_text, warning
from cogs.ui.layout import Button, Layout
from cogs.ui.persistent import PressedButton

if TYPE_CHECKING:
    from bot.client import ArenaBot, Interaction
    from bot.i18n import Translations


class ExportsChoice(StrEnum):
    ALLOW = "allow"
    LEAVE_OUT = "leave_out"


CHOICES = {ExportsChoice.ALLOW: N_("allow"), ExportsChoice.LEAVE_OUT: N_("leave me out")}


class PressedErase(PressedButton, template=r"arena:erase"):
    """Deletes what was asked for; only the member can see the button."""

    async def press(self, interaction: Interaction) -> None:
        erased = await interaction.client.arena.privacy.erase(interaction.guild_id or 0, interaction.user.id)
        interaction.client.dispatch(ERASURE)
        texts = translations(interaction.locale.value)
        await show(interaction, _said(erased_text(erased, texts)))


class PressedKeep(PressedButton, template=r"arena:keep"):
    async def press(self, interaction: Interaction) -> None:
        text = translations(interaction.locale.value).gettext(NOTHING_DELETED)
        await show(interaction, _said(text))


@app_commands.guild_only()
class PrivacyCog(
    commands.GroupCog,
    group_name=locale_str("privacy"),
    group_description=locale_str("Decide about your own data"),
):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot

    @app_commands.command(
        name=locale_str("show"), description=locale_str("See what is kept about you in this server")
    )
    async def show(self, interaction: Interaction) -> None:
        kept = await self.bot.arena.privacy.kept(interaction.guild_id or 0, interaction.user.id)
        await show(interaction, _said(kept_text(kept, translations(interaction.locale.value))))

    @app_commands.command(
        name=locale_str("export"),
        description=locale_str("Get all that is kept about you in this server as a file"),
    )
    async def export(self, interaction: Interaction) -> None:
        text = translations(interaction.locale.value).gettext(DOSSIER)
        guild_id, user_id = interaction.guild_id or 0, interaction.user.id
        async with self.bot.arena.member_data_exports.attachment(
            guild_id, user_id, interaction.filesize_limit
        ) as path:
            await say(interaction, text, [discord.File(path)])

    @app_commands.command(
        name=locale_str("delete"), description=locale_str("Delete what is kept about you in this server")
    )
    async def delete(self, interaction: Interaction) -> None:
        texts = translations(interaction.locale.value)
        kept = await self.bot.arena.privacy.kept(interaction.guild_id or 0, interaction.user.id)
        layout = _said(warning(kept, texts))
        layout.add_buttons(*_choice(texts))
        await show(interaction, layout)

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
        if choice == ExportsChoice.LEAVE_OUT:
            await self.bot.arena.privacy.leave_out_of_exports(guild_id, user_id)
            text = LEFT_OUT
        else:
            await self.bot.arena.privacy.allow_exports(guild_id, user_id)
            text = ALLOWED
        await show(interaction, _said(translations(interaction.locale.value).gettext(text)))


def _said(text: str) -> Layout:
    layout = Layout()
    layout.add_text(text)
    return layout


def _choice(texts: Translations) -> tuple[Button, Button]:
    return (
        Button(
            label=texts.gettext("Delete my data"), style=discord.ButtonStyle.danger, custom_id="arena:erase"
        ),
        Button(label=texts.gettext("Keep it"), custom_id="arena:keep"),
    )


async def setup(bot: ArenaBot) -> None:
    bot.add_dynamic_items(PressedErase, PressedKeep)
    await bot.add_cog(PrivacyCog(bot))
