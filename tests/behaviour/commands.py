"""Every command of the bot, and values that a client would let a member send for its options."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from discord import AppCommandOptionType, app_commands
from hypothesis import strategies as st

from bot.client import ArenaBot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from discord.ext import commands as ext
    from hypothesis.strategies import SearchStrategy

    from tests.behaviour.place import SimulatedServer

    Command = app_commands.Command[ext.Cog, ..., None]

Value: TypeAlias = object

NASTY = (
    "@everyone",
    "<@1> <@&2> <#3> </x:4>",
    "```\n||[a](https://evil.example)",
    "{0} {who} %s %(x)d",
    "é̂" * 60,
    "👩‍👩‍👧‍👦" * 30,
    "\u202eabc\u200b",
    "あ" * 200,
    "1; drop table battles",
    "-1",
    "Zephyrine",
)
DEFAULT_LENGTH = 6000
TRIED_LENGTH = 300


def every_command(here: SimulatedServer) -> Iterator[Command]:
    assert isinstance(here.env.bot, ArenaBot)
    for command in here.env.bot.tree.walk_commands():
        if isinstance(command, app_commands.Command):
            yield command


def options(here: SimulatedServer, command: Command) -> SearchStrategy[dict[str, Value]]:
    """Draw what a member gives for the options: all that are required, and any of the others."""
    required = {each.display_name: _value(here, each) for each in command.parameters if each.required}
    others = {each.display_name: _value(here, each) for each in command.parameters if not each.required}
    return st.fixed_dictionaries(required, optional=others)


def _value(here: SimulatedServer, parameter: app_commands.Parameter) -> SearchStrategy[Value]:
    if parameter.choices:
        return st.sampled_from([choice.value for choice in parameter.choices])
    least, most = parameter.min_value, parameter.max_value
    strategies: dict[AppCommandOptionType, SearchStrategy[Value]] = {
        AppCommandOptionType.string: _text(int(least or 0), int(most or DEFAULT_LENGTH)),
        AppCommandOptionType.integer: st.integers(_given(least, -(2**53)), _given(most, 2**53)),
        AppCommandOptionType.number: st.integers(_given(least, -(2**31)), _given(most, 2**31)).map(float),
        AppCommandOptionType.boolean: st.booleans(),
        AppCommandOptionType.user: st.sampled_from([here.alice, here.bob]),
        AppCommandOptionType.channel: st.just(here.channel),
        AppCommandOptionType.role: st.just(here.guild.default_role),
        AppCommandOptionType.attachment: st.tuples(
            st.sampled_from(["a.png", "settings.json"]), st.binary(min_size=1, max_size=300)
        ),
    }
    return strategies[parameter.type]


def _given(bound: float | None, default: int) -> int:
    return default if bound is None else int(bound)


def _text(least: int, most: int) -> SearchStrategy[str]:
    long_enough = [text for text in NASTY if least <= len(text) <= most]
    free = st.text(
        st.characters(exclude_categories=("Cs",)), min_size=least, max_size=min(most, TRIED_LENGTH)
    )
    return st.one_of(st.sampled_from(long_enough), free) if long_enough else free
