"""Reactions: who put which emoji under which message."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from bot.playground.errors import DiscordError, Refusal
from bot.playground.world import payloads
from bot.playground.world.events import GatewayEvent, Intent
from bot.playground.world.messages.posting import is_unseen
from bot.playground.world.model import Emoji, Message, Reaction

if TYPE_CHECKING:
    from bot.playground.wire import JsonObject
    from bot.playground.world.model import User
    from bot.playground.world.state import WorldState

MAX_REACTIONS = 20
CUSTOM = regex.compile(r"(?:a:)?(\w{2,32}):(\d{15,20})")
PART = r"(?:[\p{Emoji}--[0-9#*]]\uFE0F?\p{EMod}?[\U000E0020-\U000E007F]*)"
UNICODE = regex.compile(rf"(?:\p{{RI}}{{2}}|[0-9#*]\uFE0F?\u20E3|{PART}(?:\u200D{PART})*)", regex.VERSION1)


class Reactions:
    """Puts reactions under messages and takes them away, each change an event."""

    def __init__(self, state: WorldState) -> None:
        self._state = state

    def parse(self, text: str) -> Emoji:
        """Read the emoji as a path or a person names it: `👍`, or `name:id` of one that a guild made."""
        if UNICODE.fullmatch(text):
            return Emoji(text)
        if CUSTOM.fullmatch(text):
            emoji_id = int(text.rpartition(":")[2])
            for guild in self._state.guilds.values():
                if emoji_id in guild.emojis:
                    return guild.emojis[emoji_id]
        raise DiscordError(Refusal.UNKNOWN_EMOJI)

    def add(self, message: Message, emoji: Emoji, user_id: int, *, burst: bool = False) -> None:
        """One more reaction; a second of the same person, emoji and kind changes nothing.

        A person may have both a normal and a super one (discord/discord-api-docs#6700 shows such a message).
        """
        reaction = message.reactions.get(emoji.key)
        if reaction is None:
            if len(message.reactions) >= MAX_REACTIONS:
                raise self._state.strict.error(Refusal.MAX_REACTIONS)
            reaction = message.reactions[emoji.key] = Reaction(emoji)
        people = reaction.of_kind(burst=burst)
        if user_id in people:
            return
        people[user_id] = None
        member = self._state.guild(message.guild_id).members[user_id]
        about: JsonObject = {
            "member": payloads.member(member),
            "message_author_id": str(message.author.id),
        }
        if burst:
            about["burst_colors"] = payloads.BURST_COLORS
        self._publish("ADD", message, _one(reaction, user_id, burst=burst) | about)

    def remove(self, message: Message, emoji: Emoji, user_id: int, *, burst: bool = False) -> None:
        reaction = message.reactions.get(emoji.key)
        # One that is gone has been answered with 404 as well; 400 is the one that is no "not found".
        if reaction is None or user_id not in reaction.of_kind(burst=burst):
            raise DiscordError(Refusal.UNKNOWN_EMOJI)
        del reaction.of_kind(burst=burst)[user_id]
        if not (reaction.users or reaction.bursts):
            del message.reactions[emoji.key]
        self._publish("REMOVE", message, _one(reaction, user_id, burst=burst))

    def clear(self, message: Message) -> None:
        message.reactions.clear()
        self._publish("REMOVE_ALL", message, {})

    def clear_emoji(self, message: Message, emoji: Emoji) -> None:
        reaction = message.reactions.pop(emoji.key, None)
        if reaction is None:
            raise DiscordError(Refusal.UNKNOWN_EMOJI)
        self._publish("REMOVE_EMOJI", message, {"emoji": payloads.emoji(reaction.emoji)})

    def users(self, message: Message, emoji: Emoji, *, burst: bool, limit: int, after: int) -> list[User]:
        """List a page of those who reacted in this way, by id."""
        reaction = message.reactions.get(emoji.key)
        people = reaction.of_kind(burst=burst) if reaction else ()
        ids = sorted(user_id for user_id in people if user_id > after)
        return [self._state.users[user_id] for user_id in ids[:limit]]

    def _publish(self, name: str, message: Message, data: JsonObject) -> None:
        place: JsonObject = {
            "channel_id": str(message.channel_id),
            "message_id": str(message.id),
            "guild_id": str(message.guild_id),
        }
        event = GatewayEvent(
            f"MESSAGE_REACTION_{name}",
            data | place,
            guild_id=message.guild_id,
            intent=Intent.GUILD_MESSAGE_REACTIONS,
            unseen=is_unseen(self._state, message),
        )
        self._state.publish(event)


def _one(reaction: Reaction, user_id: int, *, burst: bool) -> JsonObject:
    return {
        "user_id": str(user_id),
        "emoji": payloads.emoji(reaction.emoji),
        "burst": burst,
        "type": int(burst),
    }
