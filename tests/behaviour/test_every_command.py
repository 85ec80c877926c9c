from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import msgspec
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.errors import ArenaError
from cogs.help.help import MANAGERS, is_for_moderators, needed_for
from tests.behaviour.commands import every_command, options
from tests.behaviour.pages import change_settings, offer_everything
from tests.behaviour.place import answer_to, place
from tests.behaviour.settings.settings import SettingsDesk
from tests.competitors import competitor
from tests.examples import examples
from tests.wire.contract import known_contract

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from hypothesis.strategies import DataObject

    from tests.behaviour.place import SimulatedServer

PAIR = ("Zephyrine", "Quillon")
REFUSED = "Only members with Manage "
LOUD = re.compile(r'"(parse|users|roles)": \["')
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
"""An example is a whole server with all its commands; making it smaller would take too long."""

ACTING = {"tournament start", "tournament stop"}
"""Their names say what they do, and they need no option."""

PARAMETER = re.compile(r"(simcord_interaction_)?\d{15,20}|(?<=/reactions/)[^/]+")


def template_of(path: str) -> str:
    """Put a placeholder where ids, tokens and emoji stand."""
    return PARAMETER.sub("{}", path)


def problems(here: SimulatedServer) -> list[str]:
    """Return the errors that were none of a member's, and what was sent that could ping."""
    failures = [getattr(error, "original", error) for error in here.env.errors]
    unexpected = [repr(error) for error in failures if not isinstance(error, ArenaError)]
    bodies = [json.dumps(entry.json) for entry in here.env.http_requests]
    loud = [
        body for body in bodies if '"parse": ["' in body or '"users": ["' in body or '"roles": ["' in body
    ]
    return unexpected + loud


async def test_help_knows_of_each_command_who_may_use_it(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        commands = {command.qualified_name: needed_for(command) for command in every_command(here)}
        offered = set(here.alice.available_commands(here.channel))

        assert commands.keys() >= MANAGERS
        assert {name for name, needed in commands.items() if needed is None} == offered


async def test_looking_changes_nothing(tmp_path: Path) -> None:
    """A command of which nothing was chosen, and that asks for nothing, only shows."""
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        offer_everything(here)
        role = here.guild.create_role("Keepers")
        await desk.olga.slash(here.channel, "models access", role=role)
        await desk.olga.slash(here.channel, "models budget", usd_per_day=2.5)
        await change_settings(here, log_channel_id=here.channel.id, weekly_channel_id=here.channel.id)
        await desk.olga.slash(here.channel, "model")  # from when on the models of a server are known
        before = kept(here)
        for command in every_command(here):
            name = command.qualified_name
            if name not in ACTING and not any(each.required for each in command.parameters):
                await desk.olga.slash(here.channel, name)

        assert problems(here) == []
        assert [line for line in kept(here) if line not in before] == []
        assert [line for line in before if line not in kept(here)] == []


def kept(here: SimulatedServer) -> list[str]:
    """Return what is stored, but for what was only counted or seen."""
    with closing(sqlite3.connect(here.folder / "arena.sqlite3")) as connection:
        return list(connection.iterdump())


@settings(examples(6), phases=PHASES, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
async def test_members_are_refused_what_is_for_moderators_whatever_they_send(
    tmp_path_factory: pytest.TempPathFactory, data: DataObject
) -> None:
    async with place(tmp_path_factory.mktemp("arena"), map(competitor, PAIR)) as here:
        offer_everything(here)
        told: dict[str, str] = {}
        for command in every_command(here):
            name = command.qualified_name
            if needed_for(command) and name != "categories list":  # which tells what anyone may know
                given_options = data.draw(options(here, command), label=name)
                told[name] = answer_to(await here.alice.slash(here.channel, name, **given_options))

        assert {name for name, text in told.items() if not text.startswith(REFUSED)} == set()
        assert problems(here) == []
        assert here.row("select count(*) from audit") == (0,)


@settings(examples(3), phases=PHASES, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
async def test_the_role_for_moderators_and_the_owner_are_refused_nothing_that_is_theirs(
    tmp_path_factory: pytest.TempPathFactory, data: DataObject
) -> None:
    async with place(tmp_path_factory.mktemp("arena"), map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        role = here.guild.create_role("Keepers")
        owner = here.guild.add_member(here.guild.owner)
        keeper = here.guild.add_member(here.env.create_user("kim"), roles=[role])
        await desk.olga.slash(here.channel, "models access", role=role)
        offer_everything(here)
        refused: set[str] = set()
        for command in every_command(here):
            name = command.qualified_name
            given_options = data.draw(options(here, command), label=name)
            if name == "models access":  # which would take the role's right away again
                continue
            for user in [owner, keeper] if is_for_moderators(command) else [owner]:
                result = await user.slash(here.channel, name, **given_options)
                if result.response and result.response.content.startswith(REFUSED):
                    refused.add(name)

        assert refused == set()
        assert problems(here) == []


@settings(examples(10), phases=PHASES, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
async def test_no_option_of_any_command_breaks_anything_or_pings_anyone(
    tmp_path_factory: pytest.TempPathFactory, data: DataObject
) -> None:
    contract = known_contract()
    async with place(tmp_path_factory.mktemp("arena"), map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        offer_everything(here)
        for command in data.draw(st.permutations(list(every_command(here))), label="order"):
            name = command.qualified_name
            given_options = data.draw(options(here, command), label=name)
            await desk.olga.slash(here.channel, name, **given_options)

        wrong = [
            f"{entry.method} {entry.path}: {error}"
            for entry in here.env.http_requests
            if contract and entry.json is not None
            for error in contract.sent_errors(
                entry.method, template_of(entry.path), msgspec.json.encode(entry.json)
            )
        ]
        assert problems(here) == []
        assert wrong == []
