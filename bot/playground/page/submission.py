"""A form that a member sends in, with the files that they picked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground.components import walk
from bot.playground.errors import PlaygroundError
from bot.playground.forms import fill_modal
from bot.playground.interactions import InteractionKind
from bot.playground.page.asks import File
from bot.playground.resolved import Resolved

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.playground.interactions import InteractionRecord
    from bot.playground.wire import JsonObject
    from bot.playground.world import World

    Filled = str | bool | list[str | File]


def submit_form(
    world: World, opened_by: InteractionRecord, values: Mapping[str, Filled]
) -> InteractionRecord:
    """Send in the form that answered an interaction. Raises PlaygroundError for values it does not take."""
    modal, member, channel = opened_by.modal, opened_by.member, opened_by.channel
    if modal is None:
        raise PlaygroundError("There is no form before this member.")
    resolved = Resolved(world, channel)
    kinds = {field.custom_id: field.type for field in walk(modal.components)}
    plain = {name: _picked(resolved, kinds.get(name, 0), value) for name, value in values.items()}
    data: JsonObject = {"custom_id": modal.custom_id, "components": fill_modal(modal.components, plain)}
    return world.interactions.open(
        InteractionKind.MODAL,
        member,
        channel,
        data | resolved.payload(),
        source=opened_by.source,
        opener=opened_by,
    )


def _picked(resolved: Resolved, kind: int, value: Filled) -> str | bool | list[str]:
    """Return the value as the bot gets it: of files and of whom one picked the ids."""
    if not isinstance(value, list):
        return value
    return [
        resolved.file(each.upload()) if isinstance(each, File) else resolved.picked(kind, each)
        for each in value
    ]
