"""Who may do what with models, what each may see, and how much a server may use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.config import Limits
from tests.backends.fault_server import respond
from tests.behaviour.models.office import office
from tests.behaviour.pages import change_settings, decide, offer_everything, page_of, press, told
from tests.behaviour.place import answer_to, text_of
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

MODERATORS_ONLY = "Only members with Manage Server"


async def test_a_server_has_so_many_models_of_its_own(tmp_path: Path) -> None:
    async with office(tmp_path, Limits(models_per_server=1)) as at:
        await at.bring()
        refused = await at.submit(name="Borealis")
        await at.decide("retire", "Aurora")
        await at.bring(name="Borealis")
        back = await at.decide("enable", "Aurora")

        assert "that this server may bring (1) is reached" in refused
        assert "that this server may bring (1) is reached" in back


async def test_everyone_sees_names_and_moderators_where_models_are(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.bring()
        listed = answer_to(await at.here.alice.slash(at.here.channel, "model"))
        info = answer_to(await at.here.alice.slash(at.here.channel, "model", name="Aurora"))

        assert "**Aurora**" in listed
        assert "aurora-9" not in listed + info
        assert "127.0.0.1" not in listed + info
        assert "rating 1000" in info


@pytest.mark.parametrize("command", ["list", "add", "changes", "budget"])
async def test_a_member_without_the_right_is_refused(tmp_path: Path, command: str) -> None:
    async with office(tmp_path) as at:
        offer_everything(at.here)
        result = await at.here.alice.slash(at.here.channel, f"models {command}")

        assert MODERATORS_ONLY in answer_to(result)
        assert at.here.rows("select * from audit") == []


async def test_members_are_offered_no_command_for_moderators(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        offered = at.here.alice.available_commands(at.here.channel)

        assert set(offered) == {
            *("about fairness", "about ratings", "battle", "bracket", "help", "history", "leaderboard"),
            *("me", "model", "privacy", "recap"),
        }


async def test_what_a_moderator_left_open_lets_nobody_else_decide(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        page = await page_of(at.mona, at.here.channel, "Quillon")
        role = at.here.guild.create_role("Referees")
        await at.ask("access", role=role)
        rita = at.here.guild.add_member(at.here.env.create_user("rita"), roles=[role])
        offer_everything(at.here)
        disabled = await decide(rita, at.here.channel, "disable", "Quillon")
        refused = await rita.slash(at.here.channel, "models access")
        outside = await at.here.bob.slash(at.here.channel, "models list")
        at.here.env.backend.edit_member(at.here.guild.id, at.mona.id, {"role_ids": []})
        assert page.response
        late = await at.mona.click(page.response.message, label="Code name")

        assert "**Quillon** is switched off" in disabled
        assert "Only members with Manage Server can do that" in answer_to(refused)
        assert MODERATORS_ONLY in answer_to(late)
        assert answer_to(outside) == f"Only members with Manage Server or the role <@&{role.id}> can do that."


async def test_every_change_is_in_the_history_and_in_the_log_channel(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        log = at.here.guild.create_text_channel("log")
        await change_settings(at.here, log_channel_id=log.id)
        await at.bring()
        await at.decide("disable", "Aurora")
        await at.ask("budget", usd_per_day=2.5)
        history = await at.ask("changes")
        logged = [text_of(message) for message in log.history()]

        assert "added **Aurora**" in history
        assert "switched **Aurora** off" in history
        assert "usd\\_per\\_day: not set → 2.5" in history or "usd_per_day: not set → 2.5" in history
        assert history.index("the daily limits") < history.index("switched")
        assert len(logged) == 3
        assert any("added **Aurora**" in each for each in logged)


async def test_names_are_completed(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.decide("mask", "Quillon", "Mystery")
        for_mona = await at.mona.autocomplete(at.here.channel, "model", "name", "q")
        for_alice = await at.here.alice.autocomplete(at.here.channel, "model", "name", "")

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
            await at.decide("disable", name)
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
        asked = await at.test()
        said = await at.until(asked, "3 of 3 models asked")

        assert "✅ **Zephyrine** · 0.0 s to the first word" in said
        assert "✅ **Quillon**" in said
        assert "❌ **Aurora**\n-# The server does not accept the API key" in said


async def test_a_test_that_outlives_its_answer_says_which_models_were_left(tmp_path: Path) -> None:
    async with office(tmp_path, others=[competitor("Far Shore", 3600.0)]) as at:
        asked = await at.test()
        await at.here.env.advance_time(14.6 * 60)
        said = answer_to(asked)

        assert "2 of 3 models asked" in said
        assert "❌ **Far Shore**\n-# Not finished" in said
        assert "✅ **Quillon**" in said


async def test_a_server_tests_its_models_one_time_after_the_other(tmp_path: Path) -> None:
    async with office(tmp_path, others=[competitor("Far Shore", 60.0, "Here.")]) as at:
        first = await at.test()
        page = await page_of(at.mona, at.here.channel, "Quillon")
        meanwhile = told(page, await press(at.mona, page, "Test"))
        await at.here.env.advance_time(61)
        done = answer_to(first)
        again = await at.test("Quillon")

        assert "being tested already" in meanwhile
        assert "3 of 3 models asked" in done
        assert "An answer of number 7." in await at.until(again, "1 of 1 models asked")


async def test_one_model_is_tested_with_its_answer(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        asked = await at.test("quillon")
        said = await at.until(asked, "1 of 1 models asked")

        assert "> An answer of number 7." in said


async def test_moderators_see_why_a_model_is_benched_and_a_test_brings_it_back(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.bring()
        at.server.answer(respond(503, b""))
        for _ in range(3):
            asked = await at.test("Aurora")
            await at.until(asked, "1 of 1")
        benched = await at.ask("list")
        to_alice = answer_to(await at.here.alice.slash(at.here.channel, "model"))
        at.server.answer(at.saying("Back again."))
        asked = await at.test("Aurora")
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
        infos = [await at.info(name) for name in ("Zephyrine", "Quillon")]

        assert any("- against **Quillon**: " in info and "1 tied" in info for info in infos)
        assert sorted("1 won, 0 lost" in info for info in infos) == [False, True]
        assert all("1 battle · 2 votes" in info and "5 tokens" in info for info in infos)
        assert all("from the operator" in info for info in infos)
