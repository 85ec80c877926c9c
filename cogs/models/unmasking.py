"""The announcement that ends a model's masquerade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.errors import ArenaError
from bot.i18n import N_
from cogs.ui.language import public_texts
from cogs.ui.layout import Layout
from cogs.ui.sanitize import display_name

if TYPE_CHECKING:
    from bot.client import Interaction
    from bot.domain.audit import Actor, AuditEntry
    from bot.domain.model import Model


def check_announcement(interaction: Interaction, channel: discord.TextChannel | None) -> int:
    """Return where to announce; refuse before anything changes where the bot may not write there."""
    granted = channel.permissions_for(channel.guild.me) if channel else interaction.app_permissions
    if not (granted.view_channel and granted.send_messages):
        raise ArenaError(N_("I may not write in that channel, so nothing was changed."))
    return channel.id if channel else interaction.channel_id or 0


def check_announcer(interaction: Interaction, channel: discord.TextChannel | None) -> None:
    """Refuse a channel in which the moderator could not write either."""
    member = interaction.user
    granted = interaction.permissions
    if channel and isinstance(member, discord.Member):
        granted = channel.permissions_for(member)
    in_thread = channel is None and isinstance(interaction.channel, discord.Thread)
    may_write = granted.send_messages_in_threads if in_thread else granted.send_messages
    if not (granted.view_channel and may_write):
        raise ArenaError(N_("You may not write in that channel, so nothing was changed."))


async def unmask(interaction: Interaction, actor: Actor, model: Model, channel_id: int) -> AuditEntry:
    """Let the model go on under its true name, and say so once."""
    entry = await interaction.client.arena.models.unmask(actor, model)
    texts = public_texts(interaction)
    text = texts.gettext("🎭 **{code_name}** was **{name}** all along.")
    layout = Layout()
    layout.add_text(text.format(code_name=display_name(model.code_name or ""), name=display_name(model.name)))
    channel = interaction.client.get_partial_messageable(channel_id, guild_id=actor.guild_id)
    await channel.send(view=layout, allowed_mentions=discord.AllowedMentions.none())
    return entry
