"""What a member may do in a channel, from roles and overwrites."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from bot.playground.world.permissions import ALL, NOTHING, Permission

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.playground.world.model import Channel, Guild, Member, Overwrite


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
