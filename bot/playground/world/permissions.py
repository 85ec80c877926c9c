"""What a member may do in a channel."""

from __future__ import annotations

from enum import IntFlag
from functools import reduce
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.playground.world.model import Channel, Guild, Member, Overwrite


class Permission(IntFlag):
    """Discord's permission bits, those that the stand-in looks at."""

    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    SEND_MESSAGES_IN_THREADS = 1 << 38


NOTHING = Permission(0)
ALL = Permission((1 << 53) - 1)
EVERYONE = (
    Permission.ADD_REACTIONS
    | Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_EXTERNAL_EMOJIS
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
)
"""What @everyone may do in a new guild."""


def permissions_in(guild: Guild, member: Member, channel: Channel | None = None) -> Permission:
    """Compute the member's permissions in the guild, or in one of its channels."""
    if member.id == guild.owner_id:
        return ALL
    base = _union(guild.roles[role_id].permissions for role_id in (guild.id, *member.role_ids))
    if Permission.ADMINISTRATOR in base:
        return ALL
    if channel is None:
        return base
    if channel.parent_id is not None and channel.is_thread:
        channel = guild.channels[channel.parent_id]
    allowed = _overwritten(base, guild, member, channel)
    return allowed if Permission.VIEW_CHANNEL in allowed else NOTHING


def _overwritten(base: Permission, guild: Guild, member: Member, channel: Channel) -> Permission:
    """Everyone's overwrite first, then those of all roles together, then the member's own."""
    found = channel.overwrites
    layers = [
        [found[guild.id]] if guild.id in found else [],
        [found[role_id] for role_id in member.role_ids if role_id in found],
        [found[member.id]] if member.id in found else [],
    ]
    for layer in layers:
        base = _apply(base, layer)
    return base


def _apply(base: Permission, layer: list[Overwrite]) -> Permission:
    return base & ~_union(each.deny for each in layer) | _union(each.allow for each in layer)


def _union(parts: Iterable[Permission]) -> Permission:
    return reduce(Permission.__or__, parts, NOTHING)
