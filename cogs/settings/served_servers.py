"""Servers that the operator did not name in `[discord] servers`: they are told so and left."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import discord
import structlog
from discord.ext import commands

from bot.client import NOT_SERVED
from bot.i18n import translations
from cogs.background import logged
from cogs.ui.language import decided_locale

if TYPE_CHECKING:
    from bot.client import ArenaBot

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class ServedServersCog(commands.Cog):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self._look_at(guild)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        await self._look_at(guild)

    @commands.Cog.listener()
    async def on_shard_ready(self, shard_id: int) -> None:
        for guild in [guild for guild in self.bot.guilds if guild.shard_id == shard_id]:
            await self._look_at(guild)

    async def _look_at(self, guild: discord.Guild) -> None:
        if self.bot.arena.config.discord.serves(guild.id):
            return
        with logged("a server that is not served could not be left"):
            await _tell(guild)
            await guild.leave()
            _log.warning("left a server that [discord] servers does not name", guild=guild.id)


async def _tell(guild: discord.Guild) -> None:
    channel = channel_for_news(guild)
    if channel:
        text = translations(decided_locale(guild) or "en").gettext(NOT_SERVED)
        with suppress(discord.HTTPException):
            await channel.send(text)


def channel_for_news(guild: discord.Guild) -> discord.TextChannel | None:
    """Return where the server shows what it is told, or else the first channel that takes it."""
    channels = [guild.system_channel, *guild.text_channels]
    return next((each for each in channels if each and _takes(each)), None)


def _takes(channel: discord.TextChannel) -> bool:
    granted = channel.permissions_for(channel.guild.me)
    return granted.view_channel and granted.send_messages


async def setup(bot: ArenaBot) -> None:
    await bot.add_cog(ServedServersCog(bot))
