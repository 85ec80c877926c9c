"""`/settings` and `/setup`: how a server wants its battles held."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.acknowledgement import Acknowledgement, say, show
from bot.arena.settings import files as settings_files
from bot.arena.settings.files import Directory
from bot.arena.settings.kinds import KINDS, SettingKind
from bot.errors import ArenaError
from bot.i18n import N_, translations
from cogs.access import check_postable, require_manager
from cogs.audit_log import history_line, report
from cogs.settings.forms import NumbersForm, PaceForm, redraw
from cogs.settings.pages import DEFAULT, PAGES, STEPS, settings_page
from cogs.settings.setup_check import check_page
from cogs.settings.setup_models import PressedAddOne, PressedTestHere, models_step
from cogs.ui.layout import LIST_LIMIT, Layout
from cogs.ui.markdown import cut
from cogs.ui.persistent import ChosenValues, PressedButton
from cogs.ui.sanitize import sanitize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.arena.settings.files import SettingsImport
    from bot.arena.settings.kinds import Value
    from bot.client import ArenaBot, Interaction
    from bot.domain.audit import AuditEntry
    from bot.i18n import Translations


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class SettingsCog(
    commands.GroupCog,
    group_name=locale_str("settings"),
    group_description=locale_str("How battles are held in this server"),
):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot

    @app_commands.command(
        name=locale_str("show"), description=locale_str("Show the settings, and change them")
    )
    async def show(self, interaction: Interaction) -> None:
        require_manager(interaction)
        await show(interaction, settings_page(interaction, "places"))

    @app_commands.command(
        name=locale_str("export"), description=locale_str("Get the settings as a file for another server")
    )
    async def export(self, interaction: Interaction) -> None:
        actor = require_manager(interaction)
        own = self.bot.arena.moderation.settings(actor.guild_id)
        content = settings_files.write(own, _directory(interaction))
        await say(interaction, "", [discord.File(io.BytesIO(content), "arena-settings.json")])

    @app_commands.command(
        name=locale_str("import"), description=locale_str("Import settings from a file, all at once")
    )
    @app_commands.describe(file=locale_str("The file from /settings export"))
    async def import_(self, interaction: Interaction, file: discord.Attachment) -> None:
        actor = require_manager(interaction)
        if file.size > settings_files.MAX_BYTES:
            most = settings_files.MAX_BYTES // 1024
            raise ArenaError(
                N_("A settings file can have at most {size} KB. Please attach what /settings export gives."),
                size=most,
            )
        reading = settings_files.read(await file.read(), _directory(interaction))
        entry = await self.bot.arena.moderation.change(actor, reading.changes)
        layout = Layout()
        layout.add_text(_import_text(entry, reading, translations(interaction.locale.value)))
        await show(interaction, layout)
        if entry:
            await report(interaction, entry)


def _import_text(entry: AuditEntry | None, reading: SettingsImport, texts: Translations) -> str:
    """Say what a file changed, and what in it means nothing here."""
    _ = texts.gettext
    lines = [_("The settings already match the file.")]
    if entry:
        lines = [history_line(entry, texts, public=False)]
    if reading.unknown:
        names = ", ".join(sanitize(name) for name in reading.unknown)
        lines.append(
            _(
                "⚠️ These names match nothing here, or more than one thing; "
                "the settings that need them stay as they were: {names}"
            ).format(names=names)
        )
    return cut("\n".join(lines), LIST_LIMIT)


def _directory(interaction: Interaction) -> Directory:
    guild = interaction.guild
    channels = {each.id: each.name for each in guild.channels} if guild else {}
    return Directory(channels, {each.id: each.name for each in guild.roles} if guild else {})


class SetupCog(commands.Cog):
    @app_commands.command(name=locale_str("setup"), description=locale_str("Set the bot up in five steps"))
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def setup(self, interaction: Interaction) -> None:
        require_manager(interaction)
        await show(interaction, await models_step(interaction))


class PressedPage(PressedButton, template=r"arena:settings:(?P<page>\w+)"):
    """Leads from one step of `/setup` to another."""

    async def press(self, interaction: Interaction) -> None:
        require_manager(interaction)
        match self.match["page"]:
            case "check":
                page = check_page(interaction)
            case name if name in PAGES or name in STEPS:
                page = settings_page(interaction, name)
            case _:  # the first step, also where a button of an earlier version leads to one that is no more
                page = await models_step(interaction)
        await show(interaction, page)


class PressedNumbers(PressedButton, template=r"arena:numbers:(?P<page>\w+)"):
    @property
    def acknowledgement(self) -> Acknowledgement:
        return Acknowledgement.FORM

    async def press(self, interaction: Interaction) -> None:
        actor = require_manager(interaction)
        arena = interaction.client.arena
        own = arena.moderation.settings(actor.guild_id)
        texts = translations(interaction.locale.value)
        form = NumbersForm(self.match["page"], own, arena.config.battle, texts)
        await interaction.response.send_modal(form)


class PressedPace(PressedButton, template=r"arena:pace:(?P<page>\w+)"):
    @property
    def acknowledgement(self) -> Acknowledgement:
        return Acknowledgement.FORM

    async def press(self, interaction: Interaction) -> None:
        require_manager(interaction)
        await interaction.response.send_modal(
            PaceForm(self.match["page"], translations(interaction.locale.value))
        )


class ChosenPage(ChosenValues, template=r"arena:settings"):
    async def choose(self, interaction: Interaction, values: Sequence[str]) -> None:
        require_manager(interaction)
        await show(interaction, settings_page(interaction, values[0]))


class ChosenSetting(ChosenValues, template=r"arena:set:(?P<page>\w+):(?P<field>\w+)"):
    """Decides on one setting at once; nothing chosen goes back to the default."""

    async def choose(self, interaction: Interaction, values: Sequence[str]) -> None:
        actor = require_manager(interaction)
        field = self.match["field"]
        if KINDS[field] is SettingKind.CHANNEL and values:
            _check_channel(interaction, int(values[0]), files=field == "weekly_channel_id")
        entry = await interaction.client.arena.moderation.change(actor, {field: _chosen(field, values)})
        await redraw(interaction, self.match["page"], entry)


def _chosen(field: str, values: Sequence[str]) -> Value:
    match KINDS[field]:
        case SettingKind.CHANNELS | SettingKind.ROLES:
            return tuple(map(int, values))
        case SettingKind.CHANNEL:
            return int(values[0]) if values else None
        case SettingKind.SWITCH:
            return None if values[0] == DEFAULT else values[0] == "on"
        case _:
            return None if values[0] == DEFAULT else values[0]


def _check_channel(interaction: Interaction, channel_id: int, *, files: bool) -> None:
    channel = interaction.guild.get_channel(channel_id) if interaction.guild else None
    if channel is not None:
        check_postable(channel, interaction.locale, files=files)


async def setup(bot: ArenaBot) -> None:
    await bot.add_cog(SettingsCog(bot))
    await bot.add_cog(SetupCog())
    bot.add_dynamic_items(
        PressedPage, PressedNumbers, PressedPace, PressedAddOne, PressedTestHere, ChosenPage, ChosenSetting
    )
