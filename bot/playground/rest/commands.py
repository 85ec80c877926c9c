"""Routes of application commands, global and of a guild."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.playground.errors import DiscordError, Refusal
from bot.playground.rest.dispatcher import Call, Route
from bot.playground.wire import convert
from bot.playground.world.interactions.commands import Command, CommandBody

if TYPE_CHECKING:
    from bot.playground.wire import JsonObject
    from bot.playground.world.world import World

GLOBAL = "/applications/{application_id}/commands"
GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"


class CommandRoutes:
    """Registering commands; the same six verbs in both places."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        found: list[Route] = []
        for place in (GLOBAL, GUILD):
            one = f"{place}/{{command_id}}"
            found += [
                Route("GET", place, self._list),
                Route("PUT", place, self._replace_all),
                Route("POST", place, self._create, created=True),
                Route("GET", one, self._get),
                Route("PATCH", one, self._edit),
                Route("DELETE", one, self._delete),
            ]
        return found

    def _list(self, call: Call) -> list[JsonObject]:
        return [self._shape(command) for command in self._world.commands.registered(self._place(call))]

    def _replace_all(self, call: Call) -> list[JsonObject]:
        bodies = call.body(list[CommandBody])
        return [self._shape(each) for each in self._world.commands.replace_all(self._place(call), bodies)]

    def _create(self, call: Call) -> JsonObject:
        return self._shape(self._world.commands.put(self._place(call), call.body(CommandBody)))

    def _get(self, call: Call) -> JsonObject:
        return self._shape(self._command(call))

    def _edit(self, call: Call) -> JsonObject:
        old = self._command(call)
        merged: JsonObject = msgspec.to_builtins(old.body) | call.body(dict[str, object])
        body = convert(merged, CommandBody)
        return self._shape(self._world.commands.put(old.guild_id, body, old.id))

    def _delete(self, call: Call) -> None:
        self._world.commands.delete(self._command(call))

    def _command(self, call: Call) -> Command:
        return self._world.commands.get(call.id("command_id"), self._place(call))

    def _place(self, call: Call) -> int | None:
        if call.id("application_id") != self._world.bot.id:
            raise DiscordError(Refusal.UNKNOWN_APPLICATION)
        if call.optional_text("guild_id") is None:
            return None
        return self._world.guild(call.id("guild_id")).id

    def _shape(self, command: Command) -> JsonObject:
        return command.payload(self._world.bot.id)
