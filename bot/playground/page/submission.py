"""A form that a member sends in, with the files that they picked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground.page.asks import File

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.playground.world.interactions.asking import InteractionRecord
    from bot.playground.world.world import World

    Filled = str | bool | list[str | File]


def submit_form(
    world: World, opened_by: InteractionRecord, values: Mapping[str, Filled]
) -> InteractionRecord:
    """Send in the form that answered an interaction. Raises PlaygroundError for values it does not take."""
    typed = {
        name: [each.upload() if isinstance(each, File) else each for each in value]
        if isinstance(value, list)
        else value
        for name, value in values.items()
    }
    return world.people.submit_modal(opened_by.member, opened_by, typed)
