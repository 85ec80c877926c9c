"""Who may change a server's arena, and where changes are reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
import structlog
from bot.domain.audit import Actor
from bot.errors import ArenaError
from bot.i18n import N_, translations

from cogs.models.texts import history_line
from cogs.ui.language import public_texts
from cogs.ui.layout import Layout

if TYPE_CHECKING:
    from bot.client import Interaction
    from bot.domain.audit import AuditEntry

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


async def is_moderator(interaction: Interaction) -> bool:
    """Tell whether the member has Manage Server, or the role that was named for it."""
    if interaction.permissions.manage_guild:
        return True
    return await interaction.client.arena.moderation.is_manager(
        interaction.guild_id or 0, role_ids(interaction)
    )


async def require_moderator(interaction: Interaction) -> Actor:
    await interaction.client.arena.moderation.require(
        interaction.guild_id or 0,
        role_ids(interaction),
        manages_guild=interaction.permissions.manage_guild,
    )
    return Actor(interaction.guild_id or 0, interaction.user.id)


def require_manager(interaction: Interaction) -> Actor:
    """Refuse whoever may not decide for the whole server."""
    if not interaction.permissions.manage_guild:
        raise ArenaError(N_("Only members with Manage Server can do that."))
    return Actor(interaction.guild_id or 0, interaction.user.id)


def check_postable(channel: discord.abc.GuildChannel, *, files: bool) -> None:
    """Refuse, before anything changes, a channel in which the bot could not post."""
    granted = channel.permissions_for(channel.guild.me)
    if not (granted.view_channel and granted.send_messages):
        raise ArenaError(N_("I may not write in that channel, so nothing was changed."))
    if files and not granted.attach_files:
        raise ArenaError(N_("I may not write or attach files in that channel, so nothing was changed."))


def role_ids(interaction: Interaction) -> list[int]:
    return (
        [role.id for role in interaction.user.roles] if isinstance(interaction.user, discord.Member) else []
    )


async def done(interaction: Interaction, entry: AuditEntry) -> None:
    """Tell the moderator what was changed, where that was acknowledged or not, and the log channel too."""
    layout = Layout()
    layout.add_text(history_line(entry, translations(interaction.locale.value), public=False))
    silent = discord.AllowedMentions.none()
    if interaction.response.is_done():
        await interaction.edit_original_response(view=layout, allowed_mentions=silent)
    else:
        await interaction.response.send_message(view=layout, ephemeral=True, allowed_mentions=silent)
    await report(interaction, entry)


async def report(interaction: Interaction, entry: AuditEntry) -> None:
    """Post a change to the server's log channel, if it named one; what is secret stays so there."""
    bot = interaction.client
    settings = await bot.arena.moderation.settings(entry.guild_id)
    if settings.log_channel_id is None:
        return
    layout = Layout()
    layout.add_text(history_line(entry, await public_texts(interaction), public=True))
    channel = bot.get_partial_messageable(settings.log_channel_id, guild_id=entry.guild_id)
    try:
        await channel.send(view=layout, allowed_mentions=discord.AllowedMentions.none())
    except (discord.HTTPException, OSError) as exc:
        _log.warning("a change could not be reported", guild=entry.guild_id, error=str(exc))
