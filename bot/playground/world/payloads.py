"""The model in Discord's own shapes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.playground.wire import JsonObject, timestamp

if TYPE_CHECKING:
    from bot.playground.world.model import (
        Attachment,
        Emoji,
        Member,
        Message,
        Reaction,
        Role,
        User,
    )
    from bot.playground.world.state import WorldState


BURST_COLORS = ["#f0ca59", "#4c704f", "#e07f45"]
"""Discord takes them from the emoji; a bot can only pass them on."""


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


def emoji(of: Emoji) -> JsonObject:
    return {"id": optional_id(of.id), "name": of.name, "animated": False}


def reaction(of: Reaction, viewer_id: int) -> JsonObject:
    return {
        "emoji": emoji(of.emoji),
        "count": len(of.users) + len(of.bursts),
        "count_details": {"burst": len(of.bursts), "normal": len(of.users)},
        "burst_colors": BURST_COLORS if of.bursts else [],
        "me_burst": viewer_id in of.bursts,
        "burst_me": viewer_id in of.bursts,
        "me": viewer_id in of.users,
        "burst_count": len(of.bursts),
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
    # discord/discord-api-docs#8279: what embeds and components show is not among the attachments.
    listed = of.listed_attachments if state.strict.files else of.attachments
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
        "attachments": [attachment(each, state.base_url) for each in listed],
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
        shape["message_reference"] = of.reference
        if "message_id" in of.reference:
            answered = referenced(of, state)
            # One step back only, as Discord: what the answered message answers is not told.
            shape["referenced_message"] = answered and message(replace(answered, reference=None), state)
    if of.interaction is not None:
        shape["interaction_metadata"] = of.interaction
    return shape


def referenced(of: Message, state: WorldState) -> Message | None:
    """Find the message that another replies to, or that its thread began with, if it is still there."""
    place = of.reference or {}
    channel_of = state.channels.get(int(str(place.get("channel_id", 0))))
    return channel_of and channel_of.messages.get(int(str(place.get("message_id", 0))))


def message_event(of: Message, state: WorldState) -> JsonObject:
    """Shape the message as the gateway tells of it, with its guild and its author's membership."""
    shape = message(of, state) | {"guild_id": str(of.guild_id)}
    author = state.guilds[of.guild_id].members.get(of.author.id)
    return shape if author is None else shape | {"member": member(author, with_user=False)}


def optional_id(value: int | None) -> str | None:
    return None if value is None else str(value)
