"""`/export`: the server's votes as a file, for moderators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.acknowledgement import say
from bot.exports.formats import Format
from bot.i18n import N_, translations
from cogs.access import require_moderator

if TYPE_CHECKING:
    from bot.client import ArenaBot, Interaction
    from bot.exports.service import WrittenExport
    from bot.i18n import Translations

FORMATS = {
    Format.LMARENA: N_("lmarena: votes as in the public arena data sets (Parquet)"),
    Format.JSONL: N_("jsonl: every battle with all its details (JSON lines)"),
    Format.BATTLES: N_("battles: the same as jsonl, for data tools (Parquet)"),
    Format.CSV: N_("csv: votes as a table for spreadsheets"),
    Format.PARQUET: N_("parquet: votes as a table for data tools"),
    Format.EVALICA: N_("evalica: winners alone, for evalica's command line (CSV)"),
}


class ExportCog(commands.Cog):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot

    @app_commands.command(
        name=locale_str("export"),
        description=locale_str("Get this server's votes as a file, with codes in place of members' ids"),
    )
    @app_commands.describe(format_=locale_str("What the file is for"))
    @app_commands.rename(format_=locale_str("format"))
    @app_commands.choices(
        format_=[app_commands.Choice(name=locale_str(name), value=key) for key, name in FORMATS.items()]
    )
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def export(self, interaction: Interaction, format_: str) -> None:
        actor = require_moderator(interaction)
        most = interaction.filesize_limit
        async with self.bot.arena.exports.attachment(actor.guild_id, Format(format_), most) as written:
            summary = _summary(written, translations(interaction.locale.value))
            await say(interaction, summary, [discord.File(written.path)])


def _summary(written: WrittenExport, texts: Translations) -> str:
    battles = texts.ngettext("{count} battle", "{count} battles", written.battles)
    return texts.gettext(
        "{battles}. Members appear as codes that change with every export. Members who opted out with "
        "/privacy are left out. Prompts and replies are as they were written."
    ).format(battles=battles.format(count=written.battles))


async def setup(bot: ArenaBot) -> None:
    await bot.add_cog(ExportCog(bot))
