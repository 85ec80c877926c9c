"""Every command of the bot, and values that a client would let a member send for its options."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from discord import AppCommandOptionType, app_commands
from hypothesis import strategies as st

from bot.client import ArenaBot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from discord.app_commands.transformers import CommandParameter
    from discord.ext import commands as ext
    from hypothesis.strategies import SearchStrategy

    from tests.behaviour.place import Place

    Command = app_commands.Command[ext.Cog, ..., object]

Value: TypeAlias = object

NASTY = (
    "@everyone",
    "<@1> <@&2> <#3> </x:4>",
    "```\n||[a](https://evil.example)",
    "{0} {who} %s %(x)d",
    "é̂" * 60,
    "👩‍👩‍👧‍👦" * 30,
    "‮abc\u200b",
    "あ" * 200,
    "1; drop table battles",
    "-1",
    "Zephyrine",
)
DEFAULT_LENGTH = 6000
TRIED_LENGTH = 300


def every_command(here: Place) -> Iterator[Command]:
    assert isinstance(here.env.bot, ArenaBot)
    for command in here.env.bot.tree.walk_commands():
        if isinstance(command, app_commands.Command):
            yield command


def options(here: Place, command: Command) -> SearchStrategy[dict[str, Value]]:
    """Draw what a member gives for the options: all that are required, and any of the others."""
    required = {each.display_name: _value(here, each) for each in command.parameters if each.required}
    others = {each.display_name: _value(here, each) for each in command.parameters if not each.required}
    return st.fixed_dictionaries(required, optional=others)


def _value(here: Place, parameter: CommandParameter) -> SearchStrategy[Value]:
    if parameter.choices:
        return st.sampled_from([choice.value for choice in parameter.choices])
    match parameter.type:
        case AppCommandOptionType.string:
            return _text(int(parameter.min_value or 0), int(parameter.max_value or DEFAULT_LENGTH))
        case AppCommandOptionType.integer:
            return st.integers(int(parameter.min_value or -(2**53)), int(parameter.max_value or 2**53))
        case AppCommandOptionType.number:
            return st.floats(parameter.min_value or -1e9, parameter.max_value or 1e9)
        case AppCommandOptionType.boolean:
            return st.booleans()
        case AppCommandOptionType.user:
            return st.sampled_from([here.alice, here.bob])
        case AppCommandOptionType.channel:
            return st.just(here.channel)
        case AppCommandOptionType.role:
            return st.just(here.guild.default_role)
        case AppCommandOptionType.attachment:
            return st.tuples(st.sampled_from(["a.png", "settings.json"]), st.binary(min_size=1, max_size=300))
        case _:
            raise NotImplementedError(parameter.type)


def _text(least: int, most: int) -> SearchStrategy[str]:
    long_enough = [text for text in NASTY if least <= len(text) <= most]
    free = st.text(
        st.characters(exclude_categories=("Cs",)), min_size=least, max_size=min(most, TRIED_LENGTH)
    )
    return st.one_of(st.sampled_from(long_enough), free) if long_enough else free
