"""The messages of the log channel that tell of reported replies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.i18n import translations
from cogs.battles.card_message import translated
from cogs.moderation.report_texts import notice

if TYPE_CHECKING:
    from bot.client import ArenaBot
    from bot.domain.report import Notice, ReportedReply
    from cogs.ui.layout import Layout


class DiscordModLog:
    def __init__(self, bot: ArenaBot) -> None:
        self._bot = bot

    async def post(self, channel_id: int, reported: ReportedReply) -> int:
        channel = self._channel(channel_id, reported)
        with translated():
            message = await channel.send(
                view=_drawn(reported), allowed_mentions=discord.AllowedMentions.none()
            )
        return message.id

    async def edit(self, notice: Notice, reported: ReportedReply) -> None:
        message = self._channel(notice.channel_id, reported).get_partial_message(notice.message_id)
        with translated():
            await message.edit(view=_drawn(reported), allowed_mentions=discord.AllowedMentions.none())

    def _channel(self, channel_id: int, reported: ReportedReply) -> discord.PartialMessageable:
        return self._bot.get_partial_messageable(channel_id, guild_id=reported.battle.guild_id)


def _drawn(reported: ReportedReply) -> Layout:
    """Draw a notice in the server's language, which is that of the battle's card."""
    return notice(reported, translations(reported.battle.locale))
