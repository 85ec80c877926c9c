"""`/privacy`: what members can know and decide about their own data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.acknowledgement import Acknowledgement, say, show
from bot.i18n import translations
from cogs.privacy.housekeeping import ERASURE
from cogs.privacy.texts import ALLOWED, DOSSIER, LEFT_OUT, NOTHING_DELETED, erased_text, kept_text, warning
from cogs.ui.layout import Button, Layout
from cogs.ui.persistent import PressedButton

if TYPE_CHECKING:
    from bot.client import ArenaBot, Interaction
    from bot.i18n import Translations


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


class PressedData(PressedButton, template=r"arena:privacy:file"):
    """Sends all that is kept as a file."""

    @property
    def acknowledgement(self) -> Acknowledgement:
        return Acknowledgement.PRIVATE

    async def press(self, interaction: Interaction) -> None:
        text = translations(interaction.locale.value).gettext(DOSSIER)
        async with interaction.client.arena.member_data_exports.attachment(
            interaction.guild_id or 0, interaction.user.id, interaction.filesize_limit
        ) as path:
            await say(interaction, text, [discord.File(path)])


class PressedDelete(PressedButton, template=r"arena:privacy:delete"):
    """Says what a deletion does, and asks."""

    async def press(self, interaction: Interaction) -> None:
        texts = translations(interaction.locale.value)
        kept = await interaction.client.arena.privacy.kept(interaction.guild_id or 0, interaction.user.id)
        layout = _said(warning(kept, texts))
        layout.add_buttons(*_choice(texts))
        await show(interaction, layout)


class PressedExports(PressedButton, template=r"arena:privacy:(?P<choice>allow|leave_out)"):
    """Decides whether exports for researchers may include what is the member's."""

    async def press(self, interaction: Interaction) -> None:
        privacy, guild_id = interaction.client.arena.privacy, interaction.guild_id or 0
        if self.match["choice"] == "leave_out":
            await privacy.leave_out_of_exports(guild_id, interaction.user.id)
            said = LEFT_OUT
        else:
            await privacy.allow_exports(guild_id, interaction.user.id)
            said = ALLOWED
        result = translations(interaction.locale.value).gettext(said)
        await show(interaction, await _page(interaction, f"✅ {result}"))


class PrivacyCog(commands.Cog):
    @app_commands.command(
        name=locale_str("privacy"),
        description=locale_str(
            "See what is kept about you here; get it, delete it, or keep it out of exports"
        ),
    )
    @app_commands.guild_only()
    async def privacy(self, interaction: Interaction) -> None:
        await show(interaction, await _page(interaction))


async def _page(interaction: Interaction, result: str = "") -> Layout:
    """Say what is kept of the member; `result` is what was just decided."""
    texts = translations(interaction.locale.value)
    _ = texts.gettext
    kept = await interaction.client.arena.privacy.kept(interaction.guild_id or 0, interaction.user.id)
    layout = Layout()
    if result:
        layout.add_text(result)
    layout.add_text(kept_text(kept, texts))
    exports = (
        Button(label=_("Let exports include me"), custom_id="arena:privacy:allow")
        if kept.traces.is_left_out
        else Button(label=_("Leave me out of exports"), custom_id="arena:privacy:leave_out")
    )
    layout.add_buttons(
        Button(label=_("Get it as a file"), custom_id="arena:privacy:file"),
        exports,
        Button(label=_("Delete my data"), custom_id="arena:privacy:delete", style=discord.ButtonStyle.danger),
    )
    return layout


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
    bot.add_dynamic_items(PressedData, PressedDelete, PressedErase, PressedExports, PressedKeep)
    await bot.add_cog(PrivacyCog())
