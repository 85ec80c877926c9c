"""What a member does on the page, done in the world."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground.errors import PlaygroundError
from bot.playground.page.asks import File, Suggest
from bot.playground.world.interactions.forms import descend

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.playground.world.interactions.asking import InteractionRecord
    from bot.playground.world.interactions.resolved import OptionValue
    from bot.playground.world.model import Channel, Guild, Member
    from bot.playground.world.world import World

    Given = str | int | float | bool | File

USER, CHANNEL, ROLE, MENTIONABLE = 6, 7, 8, 9


def run_command(
    world: World, member: Member, channel: Channel, path: str, given: Mapping[str, Given]
) -> InteractionRecord:
    return world.people.slash(member, channel, path, **_values(world, channel, path, given))


def suggest_option(world: World, member: Member, channel: Channel, ask: Suggest) -> InteractionRecord:
    """Ask the bot what an option could be; what was typed for it stays text, a number's beginning too."""
    others = {name: value for name, value in ask.options.items() if name != ask.focused}
    values = _values(world, channel, ask.path, others) | {ask.focused: ask.options.get(ask.focused, "")}
    return world.people.autocomplete(member, channel, ask.path, ask.focused, **values)


def _values(world: World, channel: Channel, path: str, given: Mapping[str, Given]) -> dict[str, OptionValue]:
    kinds = _kinds(world, channel.guild_id, path)
    guild = world.guild(channel.guild_id)
    return {name: _value(guild, kinds.get(name, 0), value) for name, value in given.items()}


def _kinds(world: World, guild_id: int, path: str) -> dict[str, int]:
    """Look up the types of the options at the end of a path of subcommands."""
    name, *deeper = path.split()
    command = world.commands.find(name, guild_id)
    if command is None:
        return {}
    options, _ = descend(command, deeper)
    return {each.name: each.type for each in options}


def _value(guild: Guild, kind: int, value: Given) -> OptionValue:
    if isinstance(value, File):
        return value.upload()
    if kind not in (USER, CHANNEL, ROLE, MENTIONABLE):
        return value
    key = int(value) if str(value).isdecimal() else 0
    things: Mapping[int, Member | Channel] | Mapping[int, object] = {
        CHANNEL: guild.channels,
        ROLE: guild.roles,
    }.get(kind, guild.members)
    found = things.get(key) or guild.roles.get(key)
    if found is None:
        raise PlaygroundError(f"There is nothing here with the id {value}.")
    return found  # pyright: ignore[reportReturnType] - one of the three mappings' values
