"""Guilds and channels in Discord's own shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground.wire import JsonObject, timestamp
from bot.playground.world.effective_permissions import permissions_in
from bot.playground.world.messages.starters import THREAD_STARTER
from bot.playground.world.payloads import emoji, member, optional_id, role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.playground.world.model import Channel, Emoji, Guild, Member, Overwrite
    from bot.playground.world.permissions import Permission


def overwrite(of: Overwrite) -> JsonObject:
    return {
        "id": str(of.target_id),
        "type": int(of.is_member),
        "allow": str(int(of.allow)),
        "deny": str(int(of.deny)),
    }


def channel(of: Channel, viewer_id: int | None = None) -> JsonObject:
    """Shape a channel; a thread, with the viewer's membership if there is one."""
    shape: JsonObject = {
        "id": str(of.id),
        "type": of.kind,
        "guild_id": str(of.guild_id),
        "name": of.name,
        "parent_id": optional_id(of.parent_id),
        "last_message_id": optional_id(of.last_message_id),
        "rate_limit_per_user": 0,
        "flags": 0,
    }
    if viewer_id in of.thread_members:
        shape["member"] = thread_member(of, viewer_id)
    return shape | (_thread_fields(of) if of.is_thread else _text_fields(of))


def thread_member(of: Channel, user_id: int) -> JsonObject:
    joined = timestamp(of.thread_members[user_id])
    return {"id": str(of.id), "user_id": str(user_id), "join_timestamp": joined, "flags": 0}


def _text_fields(of: Channel) -> JsonObject:
    return {
        "position": of.position,
        "permission_overwrites": [overwrite(each) for each in of.overwrites.values()],
        "topic": None,
        "nsfw": False,
    }


def _thread_fields(of: Channel) -> JsonObject:
    return {
        "owner_id": str(of.owner_id),
        # Without the one that only refers to where the thread began.
        "message_count": (count := sum(each.kind != THREAD_STARTER for each in of.messages.values())),
        "total_message_sent": count,
        "member_count": len(of.thread_members),
        "thread_metadata": {
            "archived": of.archived,
            "auto_archive_duration": of.auto_archive_minutes,
            "archive_timestamp": timestamp(of.archived_at or of.created_at),
            "create_timestamp": timestamp(of.created_at),
            "locked": of.locked,
            **({"invitable": True} if of.is_private else {}),
        },
    }


def guild(of: Guild) -> JsonObject:
    shape: JsonObject = {
        "id": str(of.id),
        "name": of.name,
        "owner_id": str(of.owner_id),
        "roles": [role(each) for each in of.roles.values()],
        "emojis": [guild_emoji(each) for each in of.emojis.values()],
        "stickers": [],
        "features": of.features,
        "preferred_locale": of.preferred_locale,
        "premium_progress_bar_enabled": False,
        "max_members": 500_000,
        "max_presences": None,
        "region": "rotterdam",
        "nsfw": False,
        "nsfw_level": 0,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "afk_timeout": 300,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "max_video_channel_users": 25,
        "max_stage_video_channel_users": 50,
    }
    return shape | dict.fromkeys(_ABSENT_IN_GUILDS)


_ABSENT_IN_GUILDS = (
    "icon",
    "description",
    "home_header",
    "splash",
    "discovery_splash",
    "banner",
    "application_id",
    "afk_channel_id",
    "system_channel_id",
    "widget_channel_id",
    "vanity_url_code",
    "rules_channel_id",
    "safety_alerts_channel_id",
    "public_updates_channel_id",
    "incidents_data",
)


def guild_create(
    of: Guild, members: Iterable[Member], threads: Iterable[Channel], viewer_id: int
) -> JsonObject:
    return guild(of) | {
        "joined_at": timestamp(of.created_at),
        "large": False,
        "member_count": len(of.members),
        "members": [member(each) for each in members],
        "channels": [channel(each) for each in of.channels.values() if not each.is_thread],
        "threads": [channel(each, viewer_id) for each in threads],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def guild_emoji(of: Emoji) -> JsonObject:
    roles: list[str] = []
    return emoji(of) | {"available": True, "managed": False, "require_colons": True, "roles": roles}


def interaction_channel(of: Channel, permissions: Permission) -> JsonObject:
    return channel(of) | {"permissions": str(int(permissions))}


def interaction_member(of: Member, where: Guild, channel_of: Channel) -> JsonObject:
    return member(of) | {"permissions": str(int(permissions_in(where, of, channel_of)))}
