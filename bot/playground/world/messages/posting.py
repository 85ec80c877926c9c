"""Messages: how they are made, changed and deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground.errors import DiscordError, Refusal
from bot.playground.world import payloads
from bot.playground.world.events import GatewayEvent, Intent
from bot.playground.world.messages import starters
from bot.playground.world.messages.bodies import MessageBody, MessageDraft
from bot.playground.world.messages.components import media, pictures
from bot.playground.world.messages.files import BodyUse
from bot.playground.world.model import HAS_THREAD, LOADING, Channel, Message
from bot.playground.world.threads import can_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.playground.wire import JsonObject
    from bot.playground.world.messages.uploads import Upload
    from bot.playground.world.model import User
    from bot.playground.world.state import WorldState
    from bot.playground.world.threads import Threads

HOUR = 3600.0
NONCE_SECONDS = 180.0
"""For how long a nonce is remembered: "a few minutes", as resources/message has it."""

LATE_EDITS = 3
LATE_EDITS_WINDOW = 6.0
"""How many edits of hour-old messages a channel takes, and in how many seconds. Discord does not
publish the figures; these are of discord-userdoccers (resources/message, Edit Message)."""


class Messages:
    """All messages of the world. Ephemeral ones belong to no channel: only their makers find them."""

    def __init__(self, state: WorldState, threads: Threads) -> None:
        self._state = state
        self._threads = threads
        self._every: dict[int, Message] = {}

    @property
    def every(self) -> list[Message]:
        return list(self._every.values())

    def find(self, message_id: int) -> Message:
        """Any message, ephemeral ones too."""
        try:
            return self._every[message_id]
        except KeyError:
            raise DiscordError(Refusal.UNKNOWN_MESSAGE) from None

    def exists(self, message: Message) -> bool:
        return message.id in self._every

    def create(
        self,
        channel: Channel,
        author: User,
        body: MessageBody,
        uploads: Sequence[Upload] = (),
        *,
        origin: Message | None = None,
    ) -> Message:
        """Make a new message. With `origin` it takes its kind, its references and its flags from there.

        Where the body enforces its nonce, one that the author has just made with it is returned instead.
        """
        if body.enforce_nonce and (found := self._with_nonce(channel, author, body.nonce)):
            return found
        message = origin or self.blank(channel, author)
        draft = MessageDraft(self._state, message, body, uploads, BodyUse.CREATE)
        draft.check()
        draft.apply()
        self.add(message)
        return message

    def _with_nonce(self, channel: Channel, author: User, nonce: object) -> Message | None:
        recent = self._state.clock() - NONCE_SECONDS
        for message in reversed(channel.messages.values()):
            if message.created_at < recent:
                return None
            if message.author is author and message.nonce is not None and message.nonce == nonce:
                return message
        return None

    def blank(self, channel: Channel, author: User) -> Message:
        state = self._state
        return Message(state.snowflakes.next(), channel.id, channel.guild_id, author, state.clock())

    def add(self, message: Message) -> None:
        self._every[message.id] = message
        if not message.ephemeral:
            channel = self._state.channel(message.channel_id)
            channel.messages[message.id] = message
            channel.last_message_id = message.id
            if channel.is_thread:
                self._threads.note_message(channel, message)
        self._publish("MESSAGE_CREATE", message)

    def edit(
        self,
        message: Message,
        body: MessageBody,
        uploads: Sequence[Upload] = (),
        *,
        use: BodyUse = BodyUse.EDIT,
    ) -> None:
        """Change a message. One that was only "thinking" until now is not called edited."""
        draft = MessageDraft(self._state, message, body, uploads, use)
        draft.check()
        draft.apply()
        if message.loading:
            message.flags &= ~LOADING
        else:
            message.edited_at = self._state.clock()
        self._publish("MESSAGE_UPDATE", message)

    def note_thread(self, message: Message, thread: Channel) -> None:
        """Mark a message from which the bot started a thread, and say so in the thread and beside it."""
        message.flags |= HAS_THREAD
        self._publish("MESSAGE_UPDATE", message)
        for told in starters.messages_of(message, thread, self._state):
            self.add(told)

    def count_late_edit(self, message: Message) -> None:
        """Refuse an edit when its channel has had too many of hour-old messages."""
        now = self._state.clock()
        if now - message.created_at < HOUR:
            return
        channel = self._state.channel(message.channel_id)
        channel.late_edits = [at for at in channel.late_edits if now - at < LATE_EDITS_WINDOW]
        if len(channel.late_edits) >= LATE_EDITS:
            wait = channel.late_edits[0] + LATE_EDITS_WINDOW - now
            raise DiscordError(Refusal.MAX_OLD_EDITS, retry_after=wait)
        channel.late_edits.append(now)

    def delete(self, message: Message) -> None:
        self.forget(message)
        if not message.ephemeral:
            data: JsonObject = {"id": str(message.id)} | _place(message)
            self._publish_data("MESSAGE_DELETE", message, data)
        self._state.touch()

    def delete_many(self, messages: Sequence[Message]) -> None:
        for message in messages:
            self.forget(message)
        if messages:
            data: JsonObject = {"ids": [str(message.id) for message in messages]} | _place(messages[0])
            self._publish_data("MESSAGE_DELETE_BULK", messages[0], data)

    def restore(self, message: Message) -> None:
        """Take over a saved message, unless its channel is gone."""
        channel = self._state.channels.get(message.channel_id)
        if channel is not None:
            self._every[message.id] = channel.messages[message.id] = message
            self._state.attachments |= {each.id: each for each in message.attachments}

    def forget(self, message: Message) -> None:
        """Drop a message without a word, as when its channel goes."""
        self._every.pop(message.id, None)
        self._state.channel(message.channel_id).messages.pop(message.id, None)
        for attachment in message.attachments:
            self._state.attachments.pop(attachment.id, None)

    def move_files(self, old: str, new: str) -> None:
        """Change how the addresses of files within messages begin."""
        for message in self._every.values():
            for each in (*pictures(message.embeds), *media(message.components)):
                each.update({key: new + url.removeprefix(old) for key, url in _addresses(each, old)})

    def _publish(self, name: str, message: Message) -> None:
        if message.ephemeral:
            self._state.touch()
            return
        data = payloads.message_event(message, self._state)
        bot = self._state.bot
        private = message.author is not bot and bot.id not in message.mention_ids
        self._publish_data(name, message, data, private=private)

    def _publish_data(self, name: str, message: Message, data: JsonObject, *, private: bool = False) -> None:
        event = GatewayEvent(
            name,
            data,
            guild_id=message.guild_id,
            intent=Intent.GUILD_MESSAGES,
            private=private,
            unseen=is_unseen(self._state, message),
        )
        self._state.publish(event)


def is_unseen(state: WorldState, message: Message) -> bool:
    """Say whether the bot hears nothing of the message, for not seeing its channel."""
    channel = state.channel(message.channel_id)
    return not can_view(state, channel, state.bot_in(message.guild_id))


def _place(message: Message) -> JsonObject:
    return {"channel_id": str(message.channel_id), "guild_id": str(message.guild_id)}


def _addresses(media: JsonObject, beginning: str) -> list[tuple[str, str]]:
    return [(key, url) for key, url in media.items() if isinstance(url, str) and url.startswith(beginning)]
