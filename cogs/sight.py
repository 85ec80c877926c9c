"""Which battles a member may be told of or may moderate: it depends on the channel they are in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

if TYPE_CHECKING:
    from bot.client import Interaction

READING = discord.Permissions(view_channel=True, read_message_history=True)
# The messages of a voice channel are shown to those who could join it.
JOINING = READING | discord.Permissions(connect=True)


def may_see(interaction: Interaction, channel_id: int) -> bool:
    """Tell whether the member can read a channel; one that is gone, or archived and so unknown, is hidden."""
    member = interaction.user
    channel = interaction.guild.get_channel_or_thread(channel_id) if interaction.guild else None
    if channel is None or not isinstance(member, discord.Member):
        return False
    if isinstance(channel, discord.Thread):
        return _may_see_thread(interaction, member, channel)
    needed = JOINING if isinstance(channel, discord.VoiceChannel | discord.StageChannel) else READING
    return channel.permissions_for(member) >= needed


def _may_see_thread(interaction: Interaction, member: discord.Member, thread: discord.Thread) -> bool:
    """Who is in a private thread is not known here; where the member asks from inside, they are."""
    if thread.parent is None:
        return False
    permissions = thread.permissions_for(member)
    inside = permissions.manage_threads or interaction.channel_id == thread.id
    return permissions >= READING and (inside or not thread.is_private())


def may_moderate(interaction: Interaction, channel_id: int) -> bool:
    """Tell whether the member has Manage Messages in a channel; of one that is unknown, in the server."""
    member = interaction.user
    if interaction.guild is None or not isinstance(member, discord.Member):
        return False
    channel = interaction.guild.get_channel_or_thread(channel_id)
    if channel is None or (isinstance(channel, discord.Thread) and channel.parent is None):
        return member.guild_permissions.manage_messages
    return channel.permissions_for(member).manage_messages
