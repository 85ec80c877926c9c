"""Watches the world and tells the browsers what they should draw anew."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING, Protocol

import msgspec

from bot.playground.errors import DiscordError
from bot.playground.page.view import MessageView
from bot.playground.world.interactions.commands import CHAT_INPUT, SUBCOMMAND, SUBCOMMAND_GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.playground.wire import JsonObject
    from bot.playground.world.events import GatewayEvent
    from bot.playground.world.interactions.asking import InteractionRecord
    from bot.playground.world.model import Channel, Message
    from bot.playground.world.world import World

_log = logging.getLogger(__name__)

GATHER_SECONDS = 0.03
"""Changes within this time go out together: a burst of votes is drawn once."""

RECORDS_KEPT = 300
HISTORY, LONGEST = 50, 1000
"""Messages that are shown of a channel, and where an old one is looked for."""


class Spoken(msgspec.Struct):
    """A command of an interaction; or one of its subcommands or options, which have a value instead."""

    name: str = ""
    type: int = 0
    options: list[Spoken] = []

    @property
    def command(self) -> str:
        """Spell it as a member types it, or names it in a message's menu."""
        return f"/{' '.join(self.path())}" if self.type == CHAT_INPUT else self.name

    def path(self) -> list[str]:
        deeper = next((each for each in self.options if each.type in (SUBCOMMAND, SUBCOMMAND_GROUP)), None)
        return [self.name, *(deeper.path() if deeper else [])]


class FeedListener(Protocol):
    """A browser, as the feed knows it."""

    member_id: int
    channel_id: int

    def send(self, kind: str, **fields: object) -> None: ...
    def send_places(self) -> None: ...


class Feed:
    """Collects what changed, message by message, until it is told."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.view = MessageView(world)
        self.listeners: set[FeedListener] = set()
        self._changed: set[int] = set()
        self._created: set[int] = set()
        self._gone: set[int] = set()
        self._told = -1
        self._places_changed = False
        self._commands: list[int] = []
        self._records: deque[InteractionRecord] = deque(maxlen=RECORDS_KEPT)
        self._private: dict[int, tuple[float | None, int]] = {}
        """How the ephemeral messages looked when they were last told of."""

    async def run(self) -> None:
        """Tell of changes as they come, for ever."""
        while True:
            await self._world.until(lambda: self._world.revision != self._told, timeout=None)
            await asyncio.sleep(GATHER_SECONDS)
            self._told = self._world.revision
            try:
                self._tell()
            except Exception:  # noqa: BLE001 - the boundary of a task: one message must not stop the page
                _log.exception("The page could not draw a change")

    def hear(self, event: GatewayEvent) -> None:
        """Take note of an event; to be among the world's subscribers."""
        data = event.data
        match event.name:
            case "MESSAGE_CREATE" | "MESSAGE_UPDATE":
                self._changed.add(_id(data, "id"))
                if event.name == "MESSAGE_CREATE":
                    self._created.add(_id(data, "id"))
            case "MESSAGE_DELETE":
                self._gone.add(_id(data, "id"))
            case "MESSAGE_DELETE_BULK":
                ids = data["ids"]
                self._gone.update(int(str(each)) for each in (ids if isinstance(ids, list) else []))  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - our own payload
            case "INTERACTION_CREATE":
                self._follow(data)
            case name if name.startswith("MESSAGE_REACTION"):
                self._changed.add(_id(data, "message_id"))
            case _:
                self._places_changed = True

    def history(self, channel: Channel, viewer_id: int, around: int = 0) -> list[JsonObject]:
        """Draw what a member finds in a channel, their own ephemeral answers among it.

        It is the end of the channel, or where `around`, a message, comes earlier, all from shortly before it.
        """
        own = [
            message
            for record, message in self._answers()
            if message.ephemeral and record.member.id == viewer_id and message.channel_id == channel.id
        ]
        ids = list(channel.messages)
        at = ids.index(around) if around in channel.messages else len(ids)
        first = max(0, min(at - HISTORY // 2, len(ids) - HISTORY))
        found = [channel.messages[each] for each in ids[first : first + LONGEST]]
        seen = {message.id: message for message in [*found, *own]}
        return [self.view.draw(seen[key]) for key in sorted(seen)]

    def _follow(self, data: JsonObject) -> None:
        record = self._world.interactions.unacknowledged(_id(data, "id"), str(data["token"]))
        self._records.append(record)
        if command := msgspec.convert(data["data"], Spoken).command:
            self.view.note_use(record.id, command)

    def _command_versions(self) -> list[int]:
        return [each.version for each in self._world.commands.every]

    def _answers(self) -> Iterator[tuple[InteractionRecord, Message]]:
        """Yield the messages that answered interactions and that are still there."""
        for record in self._records:
            for message in (record.message, *record.followups):
                if message is not None and self._exists(message.id):
                    yield record, message

    def _exists(self, message_id: int) -> bool:
        try:
            self._world.messages.find(message_id)
        except DiscordError:
            return False
        return True

    def _private_now(self) -> dict[int, tuple[float | None, int]]:
        answers = (message for _record, message in self._answers() if message.ephemeral)
        return {message.id: (message.edited_at, message.flags) for message in answers}

    def _tell(self) -> None:
        commands = self._command_versions()
        if self._places_changed or self._commands != commands:
            self._places_changed, self._commands = False, commands
            for listener in self.listeners:
                listener.send_places()
        self._tell_private()
        changed, created, gone = self._changed, self._created, self._gone
        self._changed, self._created, self._gone = set(), set(), set()
        self._broadcast_gone(gone)
        for message_id in filter(self._exists, sorted(changed)):
            self._tell_public(self._world.messages.find(message_id), is_new=message_id in created)

    def _tell_public(self, message: Message, *, is_new: bool) -> None:
        here = [each for each in self.listeners if each.channel_id == message.channel_id]
        drawn = self.view.draw(message) if here else None
        for listener in here:
            listener.send("message", message=drawn)
        if is_new:
            for listener in self.listeners.difference(here):
                listener.send("unread", channel=str(message.channel_id))

    def _tell_private(self) -> None:
        before, self._private = self._private, self._private_now()
        self._broadcast_gone(before.keys() - self._private.keys())
        for record, message in self._answers():
            if message.ephemeral and before.get(message.id) != self._private[message.id]:
                self._tell_owner(record, message)

    def _tell_owner(self, record: InteractionRecord, message: Message) -> None:
        for listener in self.listeners:
            if (listener.member_id, listener.channel_id) == (record.member.id, message.channel_id):
                listener.send("message", message=self.view.draw(message))

    def _broadcast_gone(self, ids: set[int]) -> None:
        for listener in self.listeners if ids else ():
            listener.send("gone", ids=[str(each) for each in ids])


def _id(data: JsonObject, name: str) -> int:
    return int(str(data[name]))
