"""The model in Discord's own shapes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.playground.wire import JsonObject, timestamp
from bot.playground.world.effective_permissions import permissions_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.playground.world.model import (
        Attachment,
        Channel,
        Emoji,
        Guild,
        Member,
        Message,
        Overwrite,
        Reaction,
        Role,
        User,
    )
    from bot.playground.world.permissions import Permission
    from bot.playground.world.state import WorldState


def user(of: User) -> JsonObject:
    return {
        "id": str(of.id),
        "username": of.name,
        "global_name": None if of.bot else of.name,
        "discriminator": "0001" if of.bot else "0",
        "avatar": None,
        "avatar_decoration_data": None,
        "banner": None,
        "accent_color": None,
        "clan": None,
        "primary_guild": None,
        "collectibles": None,
        "bot": of.bot,
        "public_flags": 0,
        "flags": 0,
    }


def member(of: Member, *, with_user: bool = True) -> JsonObject:
    shape: JsonObject = {
        "avatar": None,
        "avatar_decoration_data": None,
        "banner": None,
        "collectibles": None,
        "communication_disabled_until": None,
        "flags": 0,
        "joined_at": timestamp(of.joined_at),
        "nick": of.nick,
        "pending": False,
        "premium_since": None,
        "roles": [str(role_id) for role_id in of.role_ids],
        "mute": False,
        "deaf": False,
    }
    return shape | {"user": user(of.user)} if with_user else shape


def role(of: Role) -> JsonObject:
    shape: JsonObject = {
        "id": str(of.id),
        "name": of.name,
        "description": None,
        "permissions": str(int(of.permissions)),
        "position": of.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": of.bot_id is not None,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }
    return shape if of.bot_id is None else shape | {"tags": {"bot_id": str(of.bot_id)}}


def overwrite(of: Overwrite) -> JsonObject:
    return {
        "id": str(of.target_id),
        "type": int(of.is_member),
        "allow": str(int(of.allow)),
        "deny": str(int(of.deny)),
    }


def channel(of: Channel) -> JsonObject:
    shape: JsonObject = {
        "id": str(of.id),
        "type": of.kind,
        "guild_id": str(of.guild_id),
        "name": of.name,
        "parent_id": _optional_id(of.parent_id),
        "last_message_id": _optional_id(of.last_message_id),
        "rate_limit_per_user": 0,
        "flags": 0,
    }
    return shape | (_thread_fields(of) if of.is_thread else _text_fields(of))


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
        "message_count": len(of.messages),
        "total_message_sent": len(of.messages),
        "member_count": 1,
        "thread_metadata": {
            "archived": of.archived,
            "auto_archive_duration": 1440,
            "archive_timestamp": timestamp(of.created_at),
            "create_timestamp": timestamp(of.created_at),
            "locked": False,
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
        "features": [],
        "preferred_locale": of.locale,
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


def guild_create(of: Guild, members: Iterable[Member]) -> JsonObject:
    return guild(of) | {
        "joined_at": timestamp(of.created_at),
        "large": False,
        "member_count": len(of.members),
        "members": [member(each) for each in members],
        "channels": [channel(each) for each in of.channels.values() if not each.is_thread],
        "threads": [channel(each) for each in of.channels.values() if each.is_thread],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def emoji(of: Emoji) -> JsonObject:
    return {"id": _optional_id(of.id), "name": of.name, "animated": False}


def guild_emoji(of: Emoji) -> JsonObject:
    roles: list[str] = []
    return emoji(of) | {"available": True, "managed": False, "require_colons": True, "roles": roles}


def reaction(of: Reaction, viewer_id: int) -> JsonObject:
    return {
        "emoji": emoji(of.emoji),
        "count": len(of.users),
        "count_details": {"burst": 0, "normal": len(of.users)},
        "burst_colors": [],
        "me_burst": False,
        "burst_me": False,
        "me": viewer_id in of.users,
        "burst_count": 0,
    }


def attachment(of: Attachment, base_url: str) -> JsonObject:
    url = f"{base_url}/attachments/{of.channel_id}/{of.id}/{quote(of.filename)}"
    shape: JsonObject = {
        "id": str(of.id),
        "filename": of.filename,
        "size": len(of.content),
        "url": url,
        "proxy_url": url,
        "content_type": of.content_type,
    }
    if of.description is not None:
        shape["description"] = of.description
    return shape | {"ephemeral": True} if of.ephemeral else shape


def message(of: Message, state: WorldState) -> JsonObject:
    """Shape the message as the bot reads it over REST."""
    shape: JsonObject = {
        "id": str(of.id),
        "channel_id": str(of.channel_id),
        "author": user(of.author),
        "content": of.content,
        "timestamp": timestamp(of.created_at),
        "edited_timestamp": None if of.edited_at is None else timestamp(of.edited_at),
        "tts": False,
        "mention_everyone": of.mention_everyone,
        "mentions": [user(state.users[user_id]) for user_id in of.mention_ids],
        "mention_roles": [],
        "attachments": [attachment(each, state.base_url) for each in of.attachments],
        "embeds": of.embeds,
        "components": of.components,
        "pinned": False,
        "type": of.kind,
        "flags": of.flags,
    }
    if of.reactions:
        shape["reactions"] = [reaction(each, state.bot.id) for each in of.reactions.values()]
    if of.nonce is not None:
        shape["nonce"] = of.nonce
    return shape | _origin(of, state)


def _origin(of: Message, state: WorldState) -> JsonObject:
    shape: JsonObject = {}
    if of.is_webhook:
        shape |= {"application_id": str(state.bot.id), "webhook_id": str(state.bot.id)}
    if of.reference is not None:
        channel_of = state.channels.get(of.channel_id)
        answered = channel_of and channel_of.messages.get(int(str(of.reference["message_id"])))
        shape["message_reference"] = of.reference
        # One step back only, as Discord: what the answered message answers is not told.
        shape["referenced_message"] = answered and message(replace(answered, reference=None), state)
    if of.interaction is not None:
        shape["interaction_metadata"] = of.interaction
    return shape


def message_event(of: Message, state: WorldState) -> JsonObject:
    """Shape the message as the gateway tells of it, with its guild and its author's membership."""
    shape = message(of, state) | {"guild_id": str(of.guild_id)}
    author = state.guilds[of.guild_id].members.get(of.author.id)
    return shape if author is None else shape | {"member": member(author, with_user=False)}


def interaction_channel(of: Channel, permissions: Permission) -> JsonObject:
    return channel(of) | {"permissions": str(int(permissions))}


def interaction_member(of: Member, where: Guild, channel_of: Channel) -> JsonObject:
    return member(of) | {"permissions": str(int(permissions_in(where, of, channel_of)))}


def _optional_id(value: int | None) -> str | None:
    return None if value is None else str(value)
