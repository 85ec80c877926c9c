"""Routes that an interaction's token opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground.rest.dispatcher import Call, Route
from bot.playground.rest.rate_limits import Rate
from bot.playground.world import payloads
from bot.playground.world.interactions.callbacks import CallbackBody, Responder
from bot.playground.world.messages.bodies import MessageBody

if TYPE_CHECKING:
    from bot.playground.wire import JsonObject
    from bot.playground.world.model import Message
    from bot.playground.world.world import World

WEBHOOK_RATE = Rate("interaction webhook", 5, 2.0)
CALLBACK_RATE = Rate("interaction callback", 50, 1.0)
CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"
ORIGINAL = f"{WEBHOOK}/messages/@original"
BY_ID = f"{WEBHOOK}/messages/{{message_id}}"


class InteractionRoutes:
    """Callbacks and webhook messages: none of them needs the bot's token."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        by_token = [
            Route("POST", CALLBACK, self._callback, CALLBACK_RATE, by_token=True),
            Route("POST", WEBHOOK, self._follow_up, WEBHOOK_RATE, by_token=True),
        ]
        for template in (ORIGINAL, BY_ID):
            by_token += [
                Route("GET", template, self._get, WEBHOOK_RATE, by_token=True),
                Route("PATCH", template, self._edit, WEBHOOK_RATE, by_token=True),
                Route("DELETE", template, self._delete, WEBHOOK_RATE, by_token=True),
            ]
        return by_token

    def _callback(self, call: Call) -> JsonObject | None:
        interactions = self._world.interactions
        record = interactions.unacknowledged(call.id("interaction_id"), call.text("interaction_token"))
        responder = Responder(self._world, self._world.messages, record)
        result = responder.acknowledge(call.body(CallbackBody), call.uploads)
        return result if call.flag("with_response") else None

    def _follow_up(self, call: Call) -> JsonObject:
        message = self._responder(call).follow_up(call.body(MessageBody), call.uploads)
        return self._shape(message)

    def _get(self, call: Call) -> JsonObject:
        return self._shape(self._responder(call).find(_which(call)))

    def _edit(self, call: Call) -> JsonObject:
        responder = self._responder(call)
        message = responder.find(_which(call))
        responder.edit(message, call.body(MessageBody), call.uploads)
        return self._shape(message)

    def _delete(self, call: Call) -> None:
        responder = self._responder(call)
        responder.delete(responder.find(_which(call)))

    def _responder(self, call: Call) -> Responder:
        record = self._world.interactions.by_token(call.id("webhook_id"), call.text("webhook_token"))
        return Responder(self._world, self._world.messages, record)

    def _shape(self, message: Message) -> JsonObject:
        return payloads.message(message, self._world)


def _which(call: Call) -> str:
    return call.optional_text("message_id") or "@original"
