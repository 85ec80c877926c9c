"""`/reports`, and the buttons with which moderators hide a reply or show it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.acknowledgement import Acknowledgement, show
from bot.domain.audit import Actor
from bot.domain.battle import Side
from bot.domain.report import Reply
from bot.errors import ArenaError
from bot.i18n import N_, translations
from cogs.access import may_moderate
from cogs.audit_log import done, report
from cogs.moderation.report_form import PressedReport
from cogs.moderation.report_notice import DiscordModLog
from cogs.moderation.report_texts import notice
from cogs.ui.layout import Button, Layout
from cogs.ui.persistent import PressedButton

if TYPE_CHECKING:
    from bot.client import ArenaBot, Interaction

REFUSED = N_("Only members with Manage Messages can do that. Anyone can report a reply with 🚩.")


class PressedHiding(
    PressedButton, template=r"arena:(?P<deed>hide|show):(?P<battle>\d+):(?P<side>a|b)(?::(?P<page>\d{1,9}))?"
):
    """Hides a reply or shows it again, wherever the button stands; `page` is one of `/reports`."""

    @property
    def acknowledgement(self) -> Acknowledgement:
        return Acknowledgement.PRIVATE if self.match["page"] is None else Acknowledgement.UPDATE

    async def press(self, interaction: Interaction) -> None:
        bot, guild_id = interaction.client, interaction.guild_id or 0
        reply = Reply(int(self.match["battle"]), Side(self.match["side"]))
        battle = await bot.arena.battles.find(guild_id, reply.battle_id)
        if battle is None or not may_moderate(interaction, battle.channel_id):
            raise ArenaError(REFUSED)
        rule = bot.arena.reports.hide if self.match["deed"] == "hide" else bot.arena.reports.show
        ruling = await rule(Actor(guild_id, interaction.user.id), reply)
        bot.arena.supervisor.redraw(ruling.battle)
        if (page := self.match["page"]) is None:
            await done(interaction, ruling.entry)
        else:
            await show(interaction, await reports_page(interaction, int(page)))
            await report(interaction, ruling.entry)
        await bot.arena.report_notices.renew(guild_id, reply, DiscordModLog(bot))


class PressedReports(PressedButton, template=r"arena:reports:(?P<page>\d{1,9})"):
    """Turns the pages of `/reports`."""

    async def press(self, interaction: Interaction) -> None:
        await show(interaction, await reports_page(interaction, int(self.match["page"])))


class ReportsCog(commands.Cog):
    @app_commands.command(
        name=locale_str("reports"),
        description=locale_str("Show which replies members reported, and hide them"),
    )
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_messages=True)
    async def reports(self, interaction: Interaction) -> None:
        await show(interaction, await reports_page(interaction, 0))


async def reports_page(interaction: Interaction, number: int) -> Layout:
    """Lay out one reported reply, that of the latest report first, with buttons for its neighbours."""
    if not interaction.permissions.manage_messages:
        raise ArenaError(REFUSED)
    texts, guild_id = translations(interaction.locale.value), interaction.guild_id or 0
    reports = interaction.client.arena.reports
    count = await reports.count(guild_id)
    number = min(number, max(0, count - 1))
    reported = await reports.latest(guild_id, number)
    layout = Layout()
    if reported is None:
        layout.add_text(texts.gettext("No reply has been reported here."))
    elif may_moderate(interaction, reported.battle.channel_id):
        layout = notice(reported, texts, number)
    else:
        layout.add_text(texts.gettext("A reply in a channel that you do not moderate"))
    layout.add_page_buttons(
        Button(label=texts.gettext("Previous page"), custom_id=f"arena:reports:{max(0, number - 1)}"),
        Button(label=texts.gettext("Next page"), custom_id=f"arena:reports:{number + 1}"),
        number,
        count,
    )
    return layout


async def setup(bot: ArenaBot) -> None:
    bot.add_dynamic_items(PressedReport, PressedHiding, PressedReports)
    await bot.add_cog(ReportsCog())
