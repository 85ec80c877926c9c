"""Routes of channels' messages and their reactions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.playground.errors import DiscordError, Refusal
from bot.playground.rest.dispatcher import Call, Route
from bot.playground.rest.rate_limits import Rate
from bot.playground.world import payloads
from bot.playground.world.access import Access
from bot.playground.world.messages.bodies import MessageBody
from bot.playground.world.permissions import NOTHING, Permission
from bot.playground.world.snowflakes import DISCORD_EPOCH

if TYPE_CHECKING:
    from bot.playground.wire import JsonObject
    from bot.playground.world.model import Channel, Message
    from bot.playground.world.world import World

CREATE = Rate("create message", 5, 5.0)
EDIT = Rate("edit message", 5, 5.0)
DELETE = Rate("delete message", 5, 1.0)
REACT = Rate("reactions", 1, 0.25)

MESSAGES = "/channels/{channel_id}/messages"
MESSAGE = f"{MESSAGES}/{{message_id}}"
REACTIONS = f"{MESSAGE}/reactions"
REACTION = f"{REACTIONS}/{{emoji_name}}"
FORTNIGHT = 14 * 24 * 3600.0


class BulkDelete(msgspec.Struct):
    """The messages to delete at once."""

    messages: list[int | str]


class MessageRoutes:
    """What the bot does with messages under its own name."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._access = Access(world)

    def routes(self) -> list[Route]:
        return [
            Route("GET", MESSAGES, self._list),
            Route("POST", MESSAGES, self._create, CREATE),
            Route("POST", f"{MESSAGES}/bulk-delete", self._bulk_delete),
            Route("GET", MESSAGE, self._get),
            Route("PATCH", MESSAGE, self._edit, EDIT),
            Route("DELETE", MESSAGE, self._delete, DELETE),
        ]

    def _list(self, call: Call) -> list[JsonObject]:
        channel = self._access.channel(call.id("channel_id"))
        if Permission.READ_MESSAGE_HISTORY not in self._access.permissions(channel):
            return []
        page = _page(channel, call)
        return [payloads.message(message, self._world) for message in page]

    def _get(self, call: Call) -> JsonObject:
        channel = self._access.readable(call.id("channel_id"))
        return self._shape(self._world.message_in(channel, call.id("message_id")))

    def _create(self, call: Call) -> JsonObject:
        channel = self._access.writable(call.id("channel_id"), files=bool(call.uploads))
        body = call.body(MessageBody)
        return self._shape(self._world.messages.create(channel, self._world.bot, body, call.uploads))

    def _edit(self, call: Call) -> JsonObject:
        message = self._access.own(call.id("channel_id"), call.id("message_id"))
        self._world.messages.count_late_edit(message)
        self._world.messages.edit(message, call.body(MessageBody), call.uploads)
        return self._shape(message)

    def _delete(self, call: Call) -> None:
        channel = self._access.open(call.id("channel_id"))
        message = self._world.message_in(channel, call.id("message_id"))
        if message.author is not self._world.bot:
            self._access.channel(channel.id, Permission.MANAGE_MESSAGES)
        self._world.messages.delete(message)

    def _bulk_delete(self, call: Call) -> None:
        channel = self._access.open(call.id("channel_id"), Permission.MANAGE_MESSAGES)
        ids = {int(message_id) for message_id in call.body(BulkDelete).messages}
        if not 2 <= len(ids) <= 100:  # noqa: PLR2004 - Discord's own figures
            raise DiscordError(Refusal.BULK_DELETE_COUNT)
        oldest = (min(ids) >> 22) / 1000 + DISCORD_EPOCH
        if self._world.clock() - oldest > FORTNIGHT:
            raise DiscordError(Refusal.TOO_OLD_TO_BULK_DELETE)
        found = [message for message_id, message in channel.messages.items() if message_id in ids]
        self._world.messages.delete_many(found)

    def _shape(self, message: Message) -> JsonObject:
        return payloads.message(message, self._world)


def _page(channel: Channel, call: Call) -> list[Message]:
    """Newest first; `after` takes the oldest that are newer, `around` takes both sides."""
    limit = call.number("limit", 50, low=1, high=100)
    newest_first = sorted(channel.messages.values(), key=lambda message: -message.id)
    after, around = call.snowflake("after"), call.snowflake("around")
    if after is not None:
        return [message for message in newest_first if message.id > after][-limit:]
    if around is not None:
        nearest = sorted(newest_first, key=lambda message: abs(message.id - around))[:limit]
        return sorted(nearest, key=lambda message: -message.id)
    before = call.snowflake("before") or 1 << 63
    return [message for message in newest_first if message.id < before][:limit]


class ReactionRoutes:
    """What the bot does with reactions."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._access = Access(world)

    def routes(self) -> list[Route]:
        return [
            Route("PUT", f"{REACTION}/@me", self._add, REACT),
            Route("DELETE", f"{REACTION}/@me", self._remove_own, REACT),
            Route("DELETE", f"{REACTION}/{{user_id}}", self._remove, REACT),
            Route("GET", REACTION, self._users),
            Route("DELETE", REACTION, self._clear_emoji, REACT),
            Route("DELETE", REACTIONS, self._clear, REACT),
        ]

    def _add(self, call: Call) -> None:
        message = self._open_message(call)
        emoji = self._world.reactions.parse(call.text("emoji_name"))
        if emoji.key not in message.reactions:
            self._access.channel(message.channel_id, Permission.ADD_REACTIONS)
        self._world.reactions.add(message, emoji, self._world.bot.id)

    def _remove_own(self, call: Call) -> None:
        emoji = self._world.reactions.parse(call.text("emoji_name"))
        self._world.reactions.remove(self._open_message(call), emoji, self._world.bot.id)

    def _remove(self, call: Call) -> None:
        message, user_id = self._open_message(call), call.id("user_id")
        if user_id != self._world.bot.id:
            self._access.channel(message.channel_id, Permission.MANAGE_MESSAGES)
        emoji = self._world.reactions.parse(call.text("emoji_name"))
        # The route has no place for the kind of reaction, so it takes the normal one: those who watch
        # Discord's own client see it name the kind (discord-userdoccers, resources/message, Delete Reaction).
        self._world.reactions.remove(message, emoji, user_id)

    def _users(self, call: Call) -> list[JsonObject]:
        limit = call.number("limit", 25, low=1, high=100)
        burst = call.number("type", 0, low=0, high=1) == 1
        emoji = self._world.reactions.parse(call.text("emoji_name"))
        found = self._world.reactions.users(
            self._message(call), emoji, burst=burst, limit=limit, after=call.snowflake("after") or 0
        )
        return [payloads.user(user) for user in found]

    def _clear(self, call: Call) -> None:
        self._world.reactions.clear(self._open_message(call, Permission.MANAGE_MESSAGES))

    def _clear_emoji(self, call: Call) -> None:
        message = self._open_message(call, Permission.MANAGE_MESSAGES)
        emoji = self._world.reactions.parse(call.text("emoji_name"))
        self._world.reactions.clear_emoji(message, emoji)

    def _open_message(self, call: Call, needs: Permission = NOTHING) -> Message:
        """Find a message whose reactions the bot may change."""
        message = self._message(call)
        self._access.open(message.channel_id, needs)
        return message

    def _message(self, call: Call) -> Message:
        channel = self._access.readable(call.id("channel_id"))
        return self._world.message_in(channel, call.id("message_id"))
