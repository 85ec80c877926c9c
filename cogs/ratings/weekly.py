"""The recap that is posted each Monday in the channel that `/settings` names."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiohttp
import discord
import structlog
from discord.ext import commands, tasks

from bot.arena.ratings.weeks import HOUR_SECONDS, calendar_week
from bot.pictures.specs import Theme
from cogs.background import logged
from cogs.ratings.board_filter import view_names
from cogs.ratings.recap import recap_message
from cogs.ui.language import decided_locale, texts_of
from cogs.ui.picture_messages import files_of

if TYPE_CHECKING:
    from bot.arena.ratings.weekly_posts import Post
    from bot.client import ArenaBot
    from cogs.ui.picture_messages import PictureMessage

FAILED = "a weekly recap failed"

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class WeeklyCog(commands.Cog):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot
        self._sending = asyncio.Lock()

    async def cog_load(self) -> None:
        self.post_due.start()

    async def cog_unload(self) -> None:
        """Stop between two posts: one that is marked should go out too."""
        task = self.post_due.get_task()
        async with self._sending:
            self.post_due.cancel()
        if task:
            await asyncio.gather(task, return_exceptions=True)

    @tasks.loop(hours=1)
    async def post_due(self) -> None:
        """Post at the start and at each full hour what is due, and what Discord did not take before."""
        self.post_due.change_interval(seconds=HOUR_SECONDS - self.bot.arena.clock() % HOUR_SECONDS)
        with logged(FAILED):
            for post in await self.bot.arena.weekly.due():
                with logged(FAILED):
                    await self._post(post)

    @post_due.before_loop
    async def until_ready(self) -> None:
        await self.bot.wait_until_ready()

    async def _post(self, post: Post) -> None:
        """Post a recap once; everything slow comes before the mark that it is posted."""
        arena = self.bot.arena
        guild = self.bot.get_guild(post.guild_id)
        if guild is None:
            _log.warning("a weekly recap has no server to go to", guild=post.guild_id)
            return
        recap = await arena.recaps.of(post.guild_id, calendar_week(post.week))
        if recap.is_empty:
            await arena.weekly.claim(post)
            return
        names = await view_names(arena, post.guild_id)
        # Where nobody asks, the battles tell which language is spoken.
        texts = texts_of(self.bot, guild.id, decided_locale(guild) or recap.locale or "")
        message = recap_message(recap, names, guild, Theme.DARK, texts, may_draw=True)
        files = await files_of(arena.pictures, message)
        async with self._sending:
            if await arena.weekly.claim(post):
                await self._send(post, message, files)

    async def _send(self, post: Post, message: PictureMessage, files: list[discord.File]) -> None:
        channel = self.bot.get_partial_messageable(post.channel_id, guild_id=post.guild_id)
        try:
            # By the nonce Discord knows a post that it took without our hearing of it.
            await channel.send(
                view=message.layout,
                files=files,
                nonce=f"{post.guild_id}-{post.week}",
                allowed_mentions=discord.AllowedMentions.none(),
            )
        except (discord.HTTPException, aiohttp.ClientError, OSError) as exc:
            _log.warning(
                "a weekly recap could not be posted",
                guild=post.guild_id,
                channel=post.channel_id,
                error=str(exc),
            )
            await self.bot.arena.weekly.release(post)


async def setup(bot: ArenaBot) -> None:
    await bot.add_cog(WeeklyCog(bot))
