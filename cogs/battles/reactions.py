"""Reactions, and everything else that happens to the message of an open ballot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord.ext import commands

from bot.domain.battle import VoidReason
from cogs.battles.vote_emoji import vote_of

if TYPE_CHECKING:
    import discord

    from bot.client import ArenaBot


class VotingCog(commands.Cog):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot
        self._ballots = bot.arena.ballots
        self._supervisor = bot.arena.supervisor
        self._connected_before: set[int] = set()

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        vote = vote_of(event.emoji.name)
        if vote and not (event.member and event.member.bot):
            joined = event.member.joined_at if event.member else None
            joined_at = joined.timestamp() if joined else None
            self._ballots.add(event.message_id, event.user_id, vote, joined_at)

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
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        await self._supervisor.lose(VoidReason.MESSAGE_GONE, message_ids={event.message_id})

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        await self._supervisor.lose(VoidReason.MESSAGE_GONE, message_ids=event.message_ids)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        await self._supervisor.lose(VoidReason.CHANNEL_GONE, channel_id=channel.id)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        await self._supervisor.lose(VoidReason.CHANNEL_GONE, channel_id=event.thread_id)

    @commands.Cog.listener()
    async def on_raw_thread_update(self, event: discord.RawThreadUpdateEvent) -> None:
        """Draw what waits, as the thread may be open again: not archived, or not locked any more."""
        self._supervisor.hurry(event.thread_id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self._supervisor.lose(VoidReason.GUILD_GONE, guild_id=guild.id)

    @commands.Cog.listener()
    async def on_shard_connect(self, shard_id: int) -> None:
        """Make good what a session that does not go on has missed; a first one missed all since the start."""

        def is_concerned(guild_id: int) -> bool:
            return self.bot.shard_of(guild_id) == shard_id

        self._supervisor.resume(is_concerned)
        if shard_id in self._connected_before:
            await self._supervisor.recheck(is_concerned)
        self._connected_before.add(shard_id)


async def setup(bot: ArenaBot) -> None:
    await bot.add_cog(VotingCog(bot))
