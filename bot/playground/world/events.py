"""What the world tells those who watch it."""

from __future__ import annotations

from enum import IntFlag
from functools import cached_property
from typing import TYPE_CHECKING

from bot.playground.wire import encode

if TYPE_CHECKING:
    from bot.playground.wire import JsonObject


class Intent(IntFlag):
    """The gateway intents that the stand-in tells apart."""

    ALWAYS = 0
    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_EXPRESSIONS = 1 << 3
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_MESSAGE_REACTIONS = 1 << 10
    MESSAGE_CONTENT = 1 << 15


PRIVILEGED = Intent.GUILD_MEMBERS | Intent.GUILD_PRESENCES | Intent.MESSAGE_CONTENT
CONTENT_FIELDS: JsonObject = {"content": "", "embeds": [], "components": [], "attachments": []}


class GatewayEvent:
    """A gateway event, encoded once however many sessions it goes to.

    `private` marks a message whose content only sessions with the message content intent may read, `unseen`
    what happens where the bot sees nothing: the page alone is told of it.
    """

    def __init__(
        self,
        name: str,
        data: JsonObject,
        *,
        guild_id: int,
        intent: Intent = Intent.GUILDS,
        private: bool = False,
        unseen: bool = False,
    ) -> None:
        self.name = name
        self.data = data
        self.guild_id = guild_id
        self.intent = intent
        self.unseen = unseen
        self._private = private

    def body(self, intents: Intent) -> bytes:
        if self._private and Intent.MESSAGE_CONTENT not in intents:
            return self._without_content
        return self._whole

    @cached_property
    def _whole(self) -> bytes:
        return encode(self.data)

    @cached_property
    def _without_content(self) -> bytes:
        return encode(self.data | CONTENT_FIELDS)
