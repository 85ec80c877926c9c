"""**Report**: a member tells the moderators of a reply."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.acknowledgement import Acknowledgement, show
from bot.arena.moderation.report_notices import NoticeOutcome
from bot.domain.battle import Side
from bot.domain.report import Reply
from bot.i18n import N_, translations
from cogs.access import readable
from cogs.moderation.report_notice import DiscordModLog
from cogs.ui.forms import Form
from cogs.ui.layout import Layout
from cogs.ui.persistent import PressedButton

if TYPE_CHECKING:
    from bot.client import Interaction
    from bot.i18n import Translations

MAX_REASON = 500

THANKS = {
    NoticeOutcome.EVERYTHING: N_("Thank you. The moderators have been told."),
    NoticeOutcome.NO_CHANNEL: N_(
        "Thank you. Your report is kept. This server has no log channel, so nobody is notified:"
        " moderators see reports with /reports."
    ),
    NoticeOutcome.NOT_POSTED: N_(
        "Thank you. Your report is kept, but I could not write to this server's log channel, so nobody is"
        " notified: moderators see reports with /reports."
    ),
}


class PressedReport(PressedButton, template=r"arena:report:(?P<battle>\d+):(?P<side>a|b)"):
    """Opens the form at once; whether there is anything to report is looked up when it is sent."""

    @property
    def acknowledgement(self) -> Acknowledgement:
        return Acknowledgement.FORM

    async def press(self, interaction: Interaction) -> None:
        reply = Reply(int(self.match["battle"]), Side(self.match["side"]))
        await interaction.response.send_modal(ReportForm(reply, translations(interaction.locale.value)))


class ReportForm(Form):
    """What is wrong with a reply, if the member wants to say it."""

    acknowledgement = Acknowledgement.PRIVATE

    def __init__(self, reply: Reply, texts: Translations) -> None:
        super().__init__(texts.gettext("Report reply {side}").format(side=reply.side.upper()))
        self.reply = reply
        self.reason = ui.TextInput["ReportForm"](
            custom_id="reason", style=discord.TextStyle.paragraph, max_length=MAX_REASON, required=False
        )
        self.add_item(
            ui.Label["ReportForm"](
                text=texts.gettext("What is wrong with it? (optional)"),
                description=texts.gettext("Moderators see this, and your name."),
                component=self.reason,
            )
        )

    async def enter(self, interaction: Interaction) -> None:
        bot, guild_id = interaction.client, interaction.guild_id or 0
        await readable(interaction, self.reply.battle_id)
        await bot.arena.reports.file(guild_id, self.reply, interaction.user.id, self.reason.value)
        told = await bot.arena.report_notices.renew(guild_id, self.reply, DiscordModLog(bot))
        layout = Layout()
        layout.add_text(translations(interaction.locale.value).gettext(THANKS[told]))
        await show(interaction, layout)
