"""A bot in this process that answers as a test tells it to, for what our own bot has no use for."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from bot.playground.wire import JsonObject
from bot.playground.world.interactions.callbacks import CallbackBody, Responder
from bot.playground.world.interactions.commands import CommandBody
from bot.playground.world.messages.bodies import MessageBody
from bot.playground.world.messages.uploads import Upload

if TYPE_CHECKING:
    from bot.playground import Channel, InteractionRecord, Message, World
    from bot.playground.world.events import GatewayEvent


class Given(msgspec.Struct):
    """An option of a command, or a field of a form, as a member filled it in."""

    name: str = ""
    value: object = None
    values: list[str] = []
    focused: bool = False
    options: "list[Given]" = []
    component: "Given | None" = None


class Heard(msgspec.Struct):
    """The data of an interaction."""

    name: str = ""
    options: list[Given] = []
    components: list[Given] = []
    values: list[str] = []
    target_id: str = ""
    resolved: dict[str, dict[str, JsonObject]] = {}


MESSAGE, MODAL = 4, 9
ADD_A_MODEL: JsonObject = {
    "custom_id": "add",
    "title": "Add a model",
    "components": [
        {
            "type": 18,
            "label": "Name",
            "description": "As members will see it",
            "component": {"type": 4, "style": 1, "custom_id": "name", "max_length": 20},
        },
        {
            "type": 18,
            "label": "Protocol",
            "component": {
                "type": 3,
                "custom_id": "protocol",
                "options": [{"label": "OpenAI", "value": "openai"}, {"label": "Local", "value": "local"}],
            },
        },
        {"type": 10, "content": "Keys are **encrypted**."},
    ],
}

Answer = Callable[[Heard], tuple[int, JsonObject] | None]


class ScriptedBot:
    """Registers commands, sends messages, and answers every interaction with what `answer` returns."""

    def __init__(self, world: "World", answer: Answer | None = None) -> None:
        self._world = world
        self._answer = answer
        self.heard: list[Heard] = []
        world.subscribers.append(self._hear)

    def ask_with(self, modal: JsonObject) -> None:
        """Register `/add`, which opens a form, and answer what is sent in with a message."""
        self.register({"name": "add", "description": "Add something"})

        def answer(heard: Heard) -> tuple[int, JsonObject]:
            return (MESSAGE, {"content": "Added."}) if heard.components else (MODAL, modal)

        self._answer = answer

    def register(self, *commands: JsonObject) -> None:
        for command in commands:
            self._world.commands.put(None, msgspec.convert(command, CommandBody))

    def send(self, channel: "Channel", body: JsonObject, *files: Upload) -> "Message":
        converted = msgspec.convert(body, MessageBody)
        return self._world.messages.create(channel, self._world.bot, converted, files)

    def edit(self, message: "Message", body: JsonObject) -> None:
        self._world.messages.edit(message, msgspec.convert(body, MessageBody))

    def _hear(self, event: "GatewayEvent") -> None:
        if event.name == "INTERACTION_CREATE":
            said = msgspec.convert(event.data["data"], Heard)
            self.heard.append(said)
            record = self._world.interactions.unacknowledged(
                int(str(event.data["id"])), str(event.data["token"])
            )
            asyncio.get_running_loop().call_soon(self._acknowledge, record, said)

    def _acknowledge(self, record: "InteractionRecord", data: Heard) -> None:
        answer = self._answer(data) if self._answer else None
        if answer is not None:
            kind, body = answer
            Responder(self._world, self._world.messages, record).acknowledge(
                CallbackBody(kind, msgspec.Raw(msgspec.json.encode(body))), ()
            )
