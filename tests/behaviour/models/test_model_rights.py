"""Who may do what with models, what each may see, and how much a server may use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.config import Limits
from tests.backends.fault_server import respond
from tests.behaviour.models.office import office
from tests.behaviour.place import answer_to, text_of
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

MODERATORS_ONLY = "Only members with Manage Server"


async def test_a_server_has_so_many_models_of_its_own(tmp_path: Path) -> None:
    async with office(tmp_path, Limits(models_per_server=1)) as at:
        await at.bring()
        refused = await at.submit(name="Borealis")
        await at.ask("retire", name="Aurora")
        await at.bring(name="Borealis")
        back = await at.ask("enable", name="Aurora")

        assert "as many models of its own as it may (1)" in refused
        assert "as many models of its own as it may (1)" in back


async def test_everyone_sees_names_and_moderators_where_models_are(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.bring()
        listed = answer_to(await at.here.alice.slash(at.here.channel, "models list"))
        info = answer_to(await at.here.alice.slash(at.here.channel, "models info", name="Aurora"))

        assert "**Aurora**" in listed
        assert "aurora-9" not in listed + info
        assert "127.0.0.1" not in listed + info
        assert "rating 1000" in info


@pytest.mark.parametrize(
    "command",
    [
        *("add", "test", "history", "budget", "log"),
        *("edit", "disable", "enable", "retire", "remove", "unmask"),
    ],
)
async def test_a_member_without_the_right_is_refused(tmp_path: Path, command: str) -> None:
    named = command in ("edit", "disable", "enable", "retire", "remove", "unmask")
    async with office(tmp_path) as at:
        options = {"name": "Quillon"} if named else {}
        result = await at.here.alice.slash(at.here.channel, f"models {command}", **options)

        assert MODERATORS_ONLY in answer_to(result)
        assert at.here.rows("select * from audit") == []


async def test_masking_is_for_moderators_too_and_access_for_managers_alone(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        masked = await at.here.alice.slash(at.here.channel, "models mask", name="Quillon", code_name="X")
        role = at.here.guild.create_role("Referees")
        await at.ask("access", role=role)
        rita = at.here.guild.add_member(at.here.env.create_user("rita"), roles=[role])
        disabled = await rita.slash(at.here.channel, "models disable", name="Quillon")
        refused = await rita.slash(at.here.channel, "models access")

        assert MODERATORS_ONLY in answer_to(masked)
        assert "switched **Quillon** off" in answer_to(disabled)
        assert "Only members with Manage Server can do that" in answer_to(refused)


async def test_every_change_is_in_the_history_and_in_the_log_channel(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        log = at.here.guild.create_text_channel("log")
        await at.ask("log", channel=log)
        await at.bring()
        await at.ask("disable", name="Aurora")
        await at.ask("budget", usd_per_day=2.5)
        history = await at.ask("history")
        logged = [text_of(message) for message in log.history()]

        assert "added **Aurora**" in history
        assert "switched **Aurora** off" in history
        assert "usd\\_per\\_day: not set → 2.5" in history or "usd_per_day: not set → 2.5" in history
        assert history.index("what this server may use") < history.index("switched")
        assert len(logged) == 4
        assert any("added **Aurora**" in each for each in logged)


async def test_names_are_completed(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.ask("mask", name="Quillon", code_name="Mystery")
        for_mona = await at.mona.autocomplete(at.here.channel, "models disable", "name", "q")
        for_alice = await at.here.alice.autocomplete(at.here.channel, "models info", "name", "")

        assert [choice["name"] for choice in for_mona] == ["Quillon (Mystery)"]
        assert [choice["name"] for choice in for_alice] == ["Mystery", "Zephyrine"]


async def test_a_day_has_so_many_battles_and_the_member_is_told_when_it_ends(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.ask("budget", battles_per_day=1)
        await at.here.battle()
        refused = answer_to(await at.here.bob.slash(at.here.channel, "battle", prompt="Why?"))

        assert "has used up its battles of today (1)" in refused
        assert "<t:" in refused


async def test_a_day_costs_no_more_than_was_set(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        for name in ("Aurora", "Borealis"):
            await at.submit(name=name)
            priced = {"prompt": "", "temperature": "", "tokens": "", "prices": "0 / 100000", "more": ""}
            await at.correct("Options", priced)
            await at.press("Save")
        for name in ("Zephyrine", "Quillon"):
            await at.ask("disable", name=name)
        await at.ask("budget", usd_per_day=0.65)
        await at.battle()
        refused = answer_to(await at.here.bob.slash(at.here.channel, "battle", prompt="Why?"))
        told = await at.ask("budget")
        await at.here.close()
        spent = await at.ask("budget")

        assert "have cost what this server allows" in refused
        assert "$0.40 of $0.65 today" in told
        assert "$0.80 of $0.65 today" in spent


async def test_all_models_are_tested_and_each_outcome_is_told(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.bring()
        at.server.answer(respond(401, {"error": {"message": "bad key"}}))
        asked = await at.mona.slash(at.here.channel, "models test")
        said = await at.until(asked, "3 of 3 models asked")

        assert "✅ **Zephyrine** · 0.0 s to the first word" in said
        assert "✅ **Quillon**" in said
        assert "❌ **Aurora**\n-# The server does not accept the API key" in said


async def test_a_test_that_outlives_its_answer_says_which_models_were_left(tmp_path: Path) -> None:
    async with office(tmp_path, others=[competitor("Far Shore", 3600.0)]) as at:
        asked = await at.mona.slash(at.here.channel, "models test")
        await at.here.env.advance_time(14.6 * 60)
        said = answer_to(asked)

        assert "2 of 3 models asked" in said
        assert "❌ **Far Shore**\n-# Not asked to the end" in said
        assert "✅ **Quillon**" in said


async def test_a_server_tests_its_models_one_time_after_the_other(tmp_path: Path) -> None:
    async with office(tmp_path, others=[competitor("Far Shore", 60.0, "Here.")]) as at:
        first = await at.mona.slash(at.here.channel, "models test")
        meanwhile = await at.mona.slash(at.here.channel, "models test", name="Quillon")
        await at.here.env.advance_time(61)
        done = answer_to(first)
        again = await at.mona.slash(at.here.channel, "models test", name="Quillon")

        assert "being tested already" in answer_to(meanwhile)
        assert "3 of 3 models asked" in done
        assert "An answer of number 7." in await at.until(again, "1 of 1 models asked")


async def test_one_model_is_tested_with_its_answer(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        asked = await at.mona.slash(at.here.channel, "models test", name="quillon")
        said = await at.until(asked, "1 of 1 models asked")

        assert "> An answer of number 7." in said


async def test_moderators_see_why_a_model_is_benched_and_a_test_brings_it_back(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.bring()
        at.server.answer(respond(503, b""))
        for _ in range(3):
            asked = await at.mona.slash(at.here.channel, "models test", name="Aurora")
            await at.until(asked, "1 of 1")
        benched = await at.ask("list")
        to_alice = answer_to(await at.here.alice.slash(at.here.channel, "models list"))
        at.server.answer(at.saying("Back again."))
        asked = await at.mona.slash(at.here.channel, "models test", name="Aurora")
        await at.until(asked, "Back again.")
        after = await at.ask("list")

        assert "**Aurora** (benched)" in benched
        assert "failed again and again: The server is overloaded" in benched
        assert "**Aurora**" in to_alice
        assert "benched" not in to_alice
        assert "overloaded" not in to_alice
        assert "benched" not in after


async def test_a_model_s_record_against_each_opponent_is_shown(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        card = await at.here.battle()
        await at.here.bob.react(card, "🅰️")
        await at.here.carol.react(card, "🤝")
        await at.here.close()
        infos = [await at.ask("info", name=name) for name in ("Zephyrine", "Quillon")]

        assert any("- against **Quillon**: " in info and "1 tied" in info for info in infos)
        assert sorted("1 won, 0 lost" in info for info in infos) == [False, True]
        assert all("1 battle · 2 votes" in info and "5 tokens" in info for info in infos)
        assert all("from the operator" in info for info in infos)
