"""The engine room's switches: how strict the stand-in is, and what it takes for harmful."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from bot.playground.errors import PlaygroundError
from bot.playground.world.strictness import Strictness

if TYPE_CHECKING:
    from bot.playground.world.model import Guild
    from bot.playground.world.world import World

STRICT = tuple(each.name for each in fields(Strictness))
JUDGED = ("every_link", "every_image")
COMMUNITY = "community"


def read_switches(world: World, guild: Guild) -> dict[str, bool]:
    strict = {name: bool(getattr(world.strict, name)) for name in STRICT}
    judged = {name: bool(getattr(world.filter, name)) for name in JUDGED}
    return strict | judged | {COMMUNITY: guild.community}


def set_switch(world: World, guild: Guild, name: str, *, on: bool) -> None:
    """Switch one on or off. Raises PlaygroundError for a name that is not known."""
    if name in STRICT:
        setattr(world.strict, name, on)
    elif name in JUDGED:
        setattr(world.filter, name, on)
    elif name == COMMUNITY:
        world.set_community(guild, community=on)
    else:
        raise PlaygroundError(f"There is no such switch as {name}.")


def set_back(world: World) -> None:
    """Have everything as strict as at first, and nothing taken for harmful that is not."""
    for name in STRICT:
        setattr(world.strict, name, True)
    for name in JUDGED:
        setattr(world.filter, name, False)
