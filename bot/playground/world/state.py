"""The state that REST, the gateway and the page share: its objects by id, and the news of their changes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.playground.errors import DiscordError, Refusal
from bot.playground.world.messages.content_filter import ContentFilter
from bot.playground.world.model import User
from bot.playground.world.snowflakes import Snowflakes
from bot.playground.world.strictness import Strictness

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.playground.world.events import GatewayEvent
    from bot.playground.world.model import Attachment, Channel, Guild, Member, Message


PATIENCE = 60.0
"""Seconds until one gives up waiting: what takes longer, however busy the machine, does not come."""


class WorldState:
    """Users, guilds, channels and files by id. Whatever changes is published to the subscribers."""

    def __init__(self, clock: Callable[[], float], bot_name: str) -> None:
        self.clock = clock
        self.snowflakes = Snowflakes(clock)
        self.base_url = "http://127.0.0.1"
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.attachments: dict[int, Attachment] = {}
        self.strict = Strictness()
        self.filter = ContentFilter()
        self.subscribers: list[Callable[[GatewayEvent], None]] = []
        self.revision = 0
        self._changed = asyncio.Event()
        self.bot = self.create_user(bot_name, bot=True)
        self.operator = self.create_user("Operator")

    def publish(self, event: GatewayEvent) -> None:
        for subscriber in self.subscribers:
            subscriber(event)
        self.touch()

    def touch(self) -> None:
        """Wake those who wait in `until`."""
        self.revision += 1
        self._changed.set()

    async def until(self, condition: Callable[[], bool], *, timeout: float | None = PATIENCE) -> None:  # noqa: ASYNC109 - a test waits for what the bot does, and says how long
        """Wait for the world to meet a condition, looking again at each change of it.

        Raises TimeoutError.
        """
        async with asyncio.timeout(timeout):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    def guild(self, guild_id: int) -> Guild:
        try:
            return self.guilds[guild_id]
        except KeyError:
            raise DiscordError(Refusal.UNKNOWN_GUILD) from None

    def channel(self, channel_id: int) -> Channel:
        try:
            return self.channels[channel_id]
        except KeyError:
            raise DiscordError(Refusal.UNKNOWN_CHANNEL) from None

    def message_in(self, channel: Channel, message_id: int) -> Message:
        try:
            return channel.messages[message_id]
        except KeyError:
            raise DiscordError(Refusal.UNKNOWN_MESSAGE) from None

    def member(self, guild_id: int, user_id: int) -> Member:
        try:
            return self.guild(guild_id).members[user_id]
        except KeyError:
            raise DiscordError(Refusal.UNKNOWN_MEMBER) from None

    def bot_in(self, guild_id: int) -> Member:
        return self.guild(guild_id).members[self.bot.id]

    def user(self, user_id: int) -> User:
        try:
            return self.users[user_id]
        except KeyError:
            raise DiscordError(Refusal.UNKNOWN_USER) from None

    def create_user(self, name: str, *, bot: bool = False) -> User:
        made = User(self.snowflakes.next(), name, bot)
        self.users[made.id] = made
        return made
