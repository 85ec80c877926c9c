"""Messages as the page draws them: every text is HTML from our own renderer, or plain."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO
from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType
from PIL import Image, UnidentifiedImageError

from bot.playground.page.markdown import render
from bot.playground.page.parts import Parts
from bot.playground.world.messages.starters import THREAD_CREATED
from bot.playground.world.payloads import referenced

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.playground.wire import JsonObject
    from bot.playground.world.messages.components import Embed
    from bot.playground.world.model import Attachment, Message, Reaction
    from bot.playground.world.world import World

USES_KEPT = 2000
PLACE = re.compile(r"\d{1,20}/(\d{1,20})/")
TAG = re.compile(r"<[^<>]*>")
MOST_RENDERED, REPLY_LENGTH = 500, 160
"""Characters of a message that are looked at and shown above a reply to it, in one line."""

IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class MessageView:
    """Draws messages. What it draws depends on no one who looks at it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._used: dict[str, str] = {}

    def note_use(self, interaction_id: int, command: str) -> None:
        """Remember the command that an interaction began with, for the head of its answer."""
        self._used[str(interaction_id)] = command
        if len(self._used) > USES_KEPT:
            del self._used[next(iter(self._used))]

    def draw(self, message: Message) -> JsonObject:
        names = self.names(message.guild_id)
        parts = Parts(names, self.media)
        return {
            "id": str(message.id),
            "channel": str(message.channel_id),
            "author": self._author(message, names),
            "at": message.created_at,
            "edited": message.edited_at is not None,
            "ephemeral": message.ephemeral,
            "loading": message.loading,
            "asked": self._asked(message, names),
            "reply": self._reply(message, names),
            "thread": _started(message),
            "html": render(message.content, names) if message.content else "",
            "embeds": [self._embed(each, names) for each in message.embeds],
            "components": [parts.draw(each) for each in message.components],
            "attachments": [self._attachment(each) for each in _loose(message)],
            "reactions": [_reaction(each) for each in message.reactions.values()],
        }

    def names(self, guild_id: int) -> dict[str, str]:
        guild = self._world.guilds[guild_id]
        found = {str(member.id): member.nick or member.user.name for member in guild.members.values()}
        found |= {str(channel.id): channel.name for channel in guild.channels.values()}
        return found | {str(role.id): role.name.removeprefix("@") for role in guild.roles.values()}

    def _author(self, message: Message, names: Mapping[str, str]) -> JsonObject:
        author = message.author
        return {
            "id": str(author.id),
            "name": names.get(str(author.id), author.name),
            "bot": author.bot,
        }

    def _asked(self, message: Message, names: Mapping[str, str]) -> JsonObject | None:
        match message.interaction:
            case {"id": str(record_id), "user": {"username": str(name), "id": str(user_id)}}:
                return {"name": names.get(user_id, name), "id": user_id, "command": self._used.get(record_id)}
            case _:
                return None

    def _reply(self, message: Message, names: Mapping[str, str]) -> JsonObject | None:
        """Tell what a message replies to, or its thread began with: author and beginning, if it is there."""
        place = message.reference or {}
        if message.interaction is not None or "message_id" not in place:
            return None
        found = referenced(message, self._world)
        shape: JsonObject = {"message": place["message_id"], "channel": place["channel_id"]}
        if found is None:
            return shape | {"name": "", "text": ""}
        text = TAG.sub(" ", render(found.text[:MOST_RENDERED], names))
        name = names.get(str(found.author.id), found.author.name)
        return shape | {"name": name, "text": " ".join(unescape(text).split())[:REPLY_LENGTH]}

    def media(self, url: str) -> JsonObject:
        """Tell the page's own address for an attachment; what lies elsewhere stays a link."""
        ours = f"{self._world.base_url}/attachments/"
        if not url.startswith(ours):
            return {"link": url if url.startswith(("https://", "http://")) else ""}
        place = PLACE.match(url, len(ours))
        found = self._world.attachments.get(int(place[1])) if place else None
        return {"link": ""} if found is None else self._attachment(found)

    def _attachment(self, of: Attachment) -> JsonObject:
        image = of.content_type.partition(";")[0] in IMAGES
        shape: JsonObject = {
            "name": of.filename,
            "size": len(of.content),
            "description": of.description or "",
            "address": f"/attachments/{of.id}",
        }
        shape |= {"image": image, "spoiler": of.filename.startswith("SPOILER_")}
        return shape | (_room(of.content) if image else {})

    def _embed(self, embed: Embed, names: Mapping[str, str]) -> JsonObject:
        return {
            "colour": embed.color if isinstance(embed.color, int) else None,
            "title": render(embed.title, names) if embed.title else "",
            "link": embed.url or "",
            "html": render(embed.description, names) if embed.description else "",
            "author": _word(embed.author, "name"),
            "footer": _word(embed.footer, "text"),
            "image": self.media(_word(embed.image, "url")),
            "thumbnail": self.media(_word(embed.thumbnail, "url")),
            "timestamp": embed.timestamp or "",
            "fields": [
                {
                    "name": render(each.name, names),
                    "html": render(each.value, names),
                    "inline": each.inline,
                }
                for each in ([] if embed.fields is UNSET else embed.fields)
            ],
        }


def _started(message: Message) -> JsonObject | None:
    """Tell the thread that a message is about, whose name is its content."""
    if message.kind != THREAD_CREATED or message.reference is None:
        return None
    return {"id": message.reference["channel_id"], "name": message.content}


def _loose(message: Message) -> list[Attachment]:
    """List the attachments that stand below the text; those of Components V2 stand where a component is."""
    return [] if message.is_v2 else message.listed_attachments


def _room(content: bytes) -> JsonObject:
    """Return an image's width and height in pixels, for which the page keeps room before it is loaded."""
    try:
        with Image.open(BytesIO(content)) as image:
            return {"width": image.width, "height": image.height}
    except (UnidentifiedImageError, OSError):
        return {}


def _word(part: JsonObject | UnsetType | None, name: str) -> str:
    found = part.get(name) if isinstance(part, dict) else None
    return found if isinstance(found, str) else ""


def _reaction(of: Reaction) -> JsonObject:
    emoji = of.emoji
    shown = f":{emoji.name}:" if emoji.id else emoji.name
    spelled = f"{emoji.name}:{emoji.id}" if emoji.id else emoji.name
    return {
        "emoji": spelled,
        "shown": shown,
        "users": [str(user_id) for user_id in of.users],
        "bursts": [str(user_id) for user_id in of.bursts],
    }
