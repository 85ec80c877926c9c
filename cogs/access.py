"""Who may change a server's arena, and where changes are reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.domain.audit import Actor
from bot.errors import ArenaError
from bot.i18n import N_, translations

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.client import Interaction
    from bot.domain.battle import Battle


NEEDED = {
    "view_channel": N_("View Channel"),
    "send_messages": N_("Send Messages"),
    "add_reactions": N_("Add Reactions"),
    "read_message_history": N_("Read Message History"),
}
POSTING = {permission: NEEDED[permission] for permission in ("view_channel", "send_messages")}
NEEDED_FOR_PICTURES = {"attach_files": N_("Attach Files")}
READING = discord.Permissions(view_channel=True, read_message_history=True)
# The messages of a voice channel are shown to those who could join it.
JOINING = READING | discord.Permissions(connect=True)


def is_moderator(interaction: Interaction) -> bool:
    """Tell whether the member has Manage Server, or the role that was named for it."""
    if interaction.permissions.manage_guild:
        return True
    return interaction.client.arena.moderation.is_manager(interaction.guild_id or 0, role_ids(interaction))


def require_moderator(interaction: Interaction) -> Actor:
    interaction.client.arena.moderation.require(
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


def check_postable(channel: discord.abc.GuildChannel, locale: discord.Locale, *, files: bool) -> None:
    """Refuse, before anything changes, a channel in which the bot could not post."""
    granted = channel.permissions_for(channel.guild.me)
    missing = _missing(granted, {**POSTING, **(NEEDED_FOR_PICTURES if files else {})})
    if missing:
        raise ArenaError(
            N_("I may not post in that channel, so nothing was changed. Please allow me: {missing}"),
            missing=_named(missing, locale),
        )


def role_ids(interaction: Interaction) -> list[int]:
    return (
        [role.id for role in interaction.user.roles] if isinstance(interaction.user, discord.Member) else []
    )


async def check_place(interaction: Interaction, *, pictures: bool = False) -> None:
    """Refuse, before any model costs anything, where the battle could not be shown or voted on."""
    channel, granted = interaction.channel, interaction.app_permissions
    missing = missing_permissions(granted, in_thread=isinstance(channel, discord.Thread))
    if pictures:
        missing += missing_for_pictures(granted)
    if missing:
        raise ArenaError(
            N_("I cannot hold a battle in this channel. Please ask a moderator to allow me: {missing}"),
            missing=_named(missing, interaction.locale),
        )
    if isinstance(channel, discord.Thread) and channel.is_private():
        await _check_reach(interaction, channel)


async def _check_reach(interaction: Interaction, thread: discord.Thread) -> None:
    """Commands come from private threads that the bot is not in; its own requests do not get there."""
    try:
        await interaction.client.fetch_channel(thread.id)
    except discord.Forbidden as exc:
        raise ArenaError(
            N_("I am not in this private thread. Please mention me in this thread first, and ask again.")
        ) from exc


def missing_permissions(granted: discord.Permissions, *, in_thread: bool) -> list[str]:
    """Return the names of those that a battle needs and the bot does not have."""
    needed = dict(NEEDED)
    if in_thread:
        needed["send_messages_in_threads"] = N_("Send Messages in Threads")
        del needed["send_messages"]
    return _missing(granted, needed)


def missing_for_pictures(granted: discord.Permissions) -> list[str]:
    return _missing(granted, NEEDED_FOR_PICTURES)


def _missing(granted: discord.Permissions, needed: Mapping[str, str]) -> list[str]:
    return [name for permission, name in needed.items() if not getattr(granted, permission)]


def _named(missing: Iterable[str], locale: discord.Locale) -> str:
    _ = translations(locale.value).gettext
    return _(", ").join(map(_, missing))


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


async def check_card(interaction: Interaction, battle_id: int) -> None:
    """Refuse what does not come from the card of the battle that it names."""
    arena, guild_id = interaction.client.arena, interaction.guild_id or 0
    runner = arena.supervisor.runner(battle_id)
    battle = runner.battle if runner else await arena.battles.find(guild_id, battle_id)
    if battle is None or (battle.guild_id, battle.channel_id) != (guild_id, interaction.channel_id):
        raise _unknown()
    # A card has its buttons before it is known here where it is.
    if interaction.message and battle.message_id not in (None, interaction.message.id):
        raise _unknown()


async def readable(interaction: Interaction, battle_id: int) -> Battle:
    """Return a battle that the member can see; pages with replies are messages of their own."""
    battle = await interaction.client.arena.battles.find(interaction.guild_id or 0, battle_id)
    if battle is None:
        raise _unknown()
    if battle.channel_id != interaction.channel_id and not may_see(interaction, battle.channel_id):
        raise _unknown()
    return battle


def _unknown() -> ArenaError:
    return ArenaError(N_("This battle is not known here any more. /history lists those that are."))
