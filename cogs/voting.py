"""Reactions, and everything else that happens to the message of an open ballot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain import VoidReason
from discord.ext import commands

from cogs.ballot_emoji import vote_of
from cogs.stage import DiscordStage

if TYPE_CHECKING:
    import discord
    from bot.client import ArenaBot
    from bot.domain import Battle


class VotingCog(commands.Cog):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot
        self._ballots = bot.arena.ballots
        self._battles = bot.arena.battles
        self._resumed = False

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        vote = vote_of(event.emoji.name)
        if vote and not (event.member and event.member.bot):
            self._ballots.add(event.message_id, event.user_id, vote)

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        if vote := vote_of(event.emoji.name):
            self._ballots.remove(event.message_id, event.user_id, vote)

    @commands.Cog.listener()
    async def on_raw_reaction_clear(self, event: discord.RawReactionClearEvent) -> None:
        self._ballots.clear(event.message_id)

    @commands.Cog.listener()
    async def on_raw_reaction_clear_emoji(self, event: discord.RawReactionClearEmojiEvent) -> None:
        if vote := vote_of(event.emoji.name):
            self._ballots.clear(event.message_id, [vote])

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        await self._battles.lose(VoidReason.CHANNEL_GONE, channel_id=channel.id)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        await self._battles.lose(VoidReason.CHANNEL_GONE, channel_id=event.thread_id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self._battles.lose(VoidReason.GUILD_GONE, guild_id=guild.id)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        if not self._resumed:
            self._resumed = True
            self._battles.resume(self._stage_of)

    @commands.Cog.listener()
    async def on_shard_ready(self, shard_id: int) -> None:
        """Make good what was lost: a shard that is ready again has a new session."""
        if self._resumed:
            await self._battles.recheck(lambda guild_id: self.bot.shard_of(guild_id) == shard_id)

    def _stage_of(self, battle: Battle) -> DiscordStage:
        return DiscordStage(self.bot, battle, battle.message_id, battle.interaction_token)


async def setup(bot: ArenaBot) -> None:
    await bot.add_cog(VotingCog(bot))
