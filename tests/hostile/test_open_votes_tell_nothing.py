"""What every command tells while a vote is open: the same as before."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.arena.models.prices import Prices
from bot.backends.base import BackendError, Failure, Usage
from bot.config import BattleDefaults, Config
from tests.behaviour.commands import every_command
from tests.behaviour.pages import page_of, privacy_file
from tests.behaviour.place import answer_to, place
from tests.behaviour.settings.settings import SettingsDesk
from tests.behaviour.test_every_command import problems
from tests.competitors import ScriptedBackend, competitor

if TYPE_CHECKING:
    from pathlib import Path

    import simcord

    from bot.arena.models.roster import Competitor
    from tests.behaviour.place import SimulatedServer

NAMES = ("Zephyrine", "Quillon", "Marrowby", "Oxlade", "Thistle")
TELLING = {
    **dict.fromkeys(("about fairness", "about ratings", "categories list", "help", "me", "recap", "reports")),
    **dict.fromkeys(("leaderboard", "models list", "models changes", "models budget", "models access")),
    **dict.fromkeys(("bracket", "privacy", "settings show", "settings export", "votes audit")),
    **dict.fromkeys(("model", "history", "export")),
}
CHANGING = {
    *("battle", "tournament start", "tournament stop", "categories add", "categories close"),
    *("categories bind", "void", "unvoid", "season end", "season undo", "votes exclude"),
    *("votes include", "models add", "settings import", "setup"),
}
DIFFERENT_EACH_TIME = re.compile(r"\d{15,20}|[\d,]+ of [\d,]+ battles today|[A-Za-z0-9_-]{60,}")
BUSY = BackendError(Failure.OVERLOADED, "busy")
RATE_LIMITED = BackendError(Failure.RATE_LIMITED, "slow down", retry_after=600.0)
LONG = BackendError(Failure.PROMPT_TOO_LONG, "too long")


def stable(troubles: list[BackendError]) -> list[Competitor]:
    """Return models with prices that differ, whose first ones asked run into the troubles."""
    return [
        replace(competitor(name, troubles=troubles), prices=Prices(10.0**at, 10.0**at))
        for at, name in enumerate(NAMES)
    ]


def grow_longer(competitors: list[Competitor]) -> None:
    """Let replies count other tokens than those before."""
    for at, one in enumerate(competitors):
        assert isinstance(one.backend, ScriptedBackend)
        one.backend.usage = Usage(1000 + at, 5000 + at)


async def told(here: SimulatedServer, members: list[simcord.MemberActor]) -> dict[tuple[object, ...], str]:
    """Use every command that tells anything, and whatever completes an option, as each of the members."""
    found: dict[tuple[object, ...], str] = {}
    for command in every_command(here):
        name = command.qualified_name
        for member in members:
            if name not in member.available_commands(here.channel):
                continue
            for parameter in command.parameters:
                if parameter.autocomplete:
                    offered = await member.autocomplete(here.channel, name, parameter.display_name, "")
                    found[member.name, name, parameter.display_name] = json.dumps(offered)
            for options in _options(name) if name in TELLING else []:
                sent = len(here.env.http_requests)
                await member.slash(here.channel, name, **options)
                said = json.dumps([entry.json for entry in here.env.http_requests[sent:]])
                found[member.name, name, *options.values()] = DIFFERENT_EACH_TIME.sub("…", said)
        if name == "models list" and name in members[-1].available_commands(here.channel):
            found |= await pages_of(here, members[-1])
    return found


async def pages_of(here: SimulatedServer, member: simcord.MemberActor) -> dict[tuple[object, ...], str]:
    """Return the page of each model, as a moderator sees it, and what `/privacy` sends as a file."""
    found: dict[tuple[object, ...], str] = {}
    for name in NAMES:
        found["page", name] = DIFFERENT_EACH_TIME.sub(
            "…", answer_to(await page_of(member, here.channel, name))
        )
    sent = len(here.env.http_requests)
    await privacy_file(member, here.channel)
    said = json.dumps([entry.json for entry in here.env.http_requests[sent:]])
    return found | {("file",): DIFFERENT_EACH_TIME.sub("…", said)}


def _options(name: str) -> list[dict[str, str]]:
    of_each = {"model": "name", "history": "model"}
    if name in of_each:
        return [{of_each[name]: model} for model in NAMES]
    return [{"format": "jsonl"}] if name == "export" else [{}]


async def test_each_command_is_known_to_tell_or_to_change(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, NAMES)) as here:
        names = {command.qualified_name for command in every_command(here)}

        assert TELLING.keys() | CHANGING == names


@pytest.mark.parametrize(
    ("bench_after", "troubles", "later"),
    [
        (3, [], []),
        (1, [BUSY], [RATE_LIMITED]),
        (3, [RATE_LIMITED, LONG], [BUSY]),
    ],
    ids=["well", "one benched, one rate limited later", "one rate limited, one asked too much, one failing"],
)
async def test_an_open_vote_changes_no_answer(
    tmp_path: Path, bench_after: int, troubles: list[BackendError], later: list[BackendError]
) -> None:
    first_ones: list[BackendError] = []
    competitors = stable(first_ones)
    config = Config(battle=BattleDefaults(bench_after=bench_after))
    async with place(tmp_path, competitors, config) as here:
        desk = await SettingsDesk.opened(here)
        members = [here.bob, desk.olga]
        await here.battle()
        await here.close()
        grow_longer(competitors)
        await told(here, members)  # pictures are drawn once, and sent otherwise from then on
        before = await told(here, members)
        first_ones += troubles
        await here.alice.slash(here.channel, "battle", prompt="And this?")
        card = here.channel.history()[-1]
        during = await told(here, members)
        first_ones += later
        form = await here.alice.click(card, custom_id="arena:continue:2")
        await here.alice.submit_modal(form, {"prompt": "And then?"})
        await here.env.settle()
        afterwards = await told(here, members)

        assert here.row("select state from battles where battle_id = 2") == ("voting",)
        assert not first_ones, "who was to fail did"
        assert problems(here) == []
        assert {key: during[key] for key in before if during[key] != before[key]} == {}
        assert {key: afterwards[key] for key in before if afterwards[key] != before[key]} == {}


async def test_moderators_learn_of_a_bench_when_the_vote_is_over(tmp_path: Path) -> None:
    troubles = [BUSY]
    config = Config(battle=BattleDefaults(bench_after=1))
    async with place(tmp_path, stable(troubles), config) as here:
        desk = await SettingsDesk.opened(here)
        await here.battle()
        troubles += [BUSY] * 3  # for the probes
        hidden = answer_to(await desk.olga.slash(here.channel, "models list"))
        await here.close()
        shown = answer_to(await desk.olga.slash(here.channel, "models list"))
        to_bob = answer_to(await here.bob.slash(here.channel, "model"))

        assert "benched" not in hidden
        assert "benched" in shown
        assert "benched" not in to_bob


async def test_a_chosen_pair_is_not_refused_for_what_happened_in_an_open_battle(tmp_path: Path) -> None:
    competitors = stable([RATE_LIMITED])
    async with place(tmp_path, competitors) as here:
        desk = await SettingsDesk.opened(here)
        await here.battle()
        pairs = zip(NAMES, (*NAMES[1:], NAMES[0]), strict=True)
        for pair in pairs:
            await desk.olga.slash(here.channel, "battle", prompt="Who?", models=" / ".join(pair))

        assert here.env.errors == []
