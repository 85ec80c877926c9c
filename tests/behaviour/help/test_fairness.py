"""`/about fairness`: what each model was promised and what it got, without a word of open battles."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bot.backends.base import BackendError, Failure
from bot.errors import ArenaError
from tests.backends.fault_server import respond
from tests.behaviour.models.office import office
from tests.behaviour.past import HeldBattle, crowd, hold
from tests.behaviour.place import answer_to, buttons_of, place, restarted, speak
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

    from bot.arena.models.roster import Competitor
    from tests.behaviour.place import SimulatedServer

NAMES = ("Zephyrine", "Quillon", "Marrowby")
MESSAGE_LIMIT = 4000
CLOSE = "arena:close:{}"


def stable(*names: str, troubles: list[BackendError] | None = None) -> list[Competitor]:
    return [competitor(name, troubles=troubles) for name in names or NAMES]


async def fairness(here: SimulatedServer) -> str:
    return answer_to(await here.bob.slash(here.channel, "about fairness"))


def rows(said: str) -> dict[str, list[str]]:
    """Return the table's figures by the name of their model, which holds no space here."""
    lines = said.split("```")[1].strip().splitlines()[1:]
    return {name: figures for name, *figures in (line.split() for line in lines)}


async def fight(here: SimulatedServer) -> None:
    """Hold a battle to its end."""
    count = len(here.channel.history())
    await here.alice.slash(here.channel, "battle", prompt="Why?")
    await here.alice.click(here.channel.history()[count], custom_id=CLOSE.format(count + 1))
    await here.env.settle()


async def test_each_model_s_draws_stand_beside_what_it_was_promised(tmp_path: Path) -> None:
    async with place(tmp_path, stable()) as here:
        for _ in range(3):
            await fight(here)
        found = rows(await fairness(here))

        assert found.keys() == set(NAMES)
        assert sum(int(figures[0]) for figures in found.values()) == 6
        assert {figures[1] for figures in found.values()} == {"2.0"}
        assert {figures[2] for figures in found.values()} == {"±0.8"}
        assert sum(int(figures[3].partition("/")[0]) for figures in found.values()) == 3
        assert {figures[-1] for figures in found.values()} == {"(0%)"}


async def test_an_open_battle_changes_nothing(tmp_path: Path) -> None:
    troubles: list[BackendError] = []
    async with place(tmp_path, stable(troubles=troubles)) as here:
        await fight(here)
        before = await fairness(here)
        troubles.append(BackendError(Failure.EMPTY, ""))
        await here.alice.slash(here.channel, "battle", prompt="And now?")
        during = await fairness(here)
        await here.alice.click(here.channel.history()[1], custom_id=CLOSE.format(2))
        await here.env.settle()
        after = await fairness(here)

        assert during == before
        assert "1 (" in after
        assert "stepped in 1 time" in after


async def test_a_battle_open_over_a_restart_is_counted_once_when_it_ends(tmp_path: Path) -> None:
    async with place(tmp_path, stable()) as here:
        await here.battle()
        async with restarted(here, stable()):
            during = await fairness(here)
            await here.close()
            after = await fairness(here)

        assert {figures[0] for figures in rows(during).values()} == {"0"}
        assert sorted(figures[0] for figures in rows(after).values()) == ["0", "1", "1"]


async def test_a_battle_called_off_was_a_draw_and_a_failure(tmp_path: Path) -> None:
    async with place(tmp_path, stable(*NAMES[:2], troubles=[BackendError(Failure.EMPTY, "")])) as here:
        await here.battle()
        said = await fairness(here)

        assert [figures[0] for figures in rows(said).values()] == ["1", "1"]
        assert sorted(figures[-2:] for figures in rows(said).values()) == [["0", "(0%)"], ["1", "(100%)"]]
        assert "Called off: 1." in said


async def test_a_model_that_does_not_answer_on_has_failed(tmp_path: Path) -> None:
    troubles: list[BackendError] = []
    async with place(tmp_path, stable(*NAMES[:2], troubles=troubles)) as here:
        card = await here.battle()
        troubles.append(BackendError(Failure.OVERLOADED, "tired"))
        form = await here.alice.click(card, custom_id="arena:continue:1")
        await here.alice.submit_modal(form, {"prompt": "And then?"})
        await here.env.settle()
        await here.close()

        assert [type(error) for error in here.env.errors] == [ArenaError]
        assert sorted(figures[-2] for figures in rows(await fairness(here)).values()) == ["0", "1"]


async def test_what_moderators_took_out_is_told_and_can_come_back(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await hold(at.here, HeldBattle(votes=crowd(a=2), void_note="cheating"))
        taken_out = await fairness(at.here)
        await at.mona.slash(at.here.channel, "unvoid", battle="1")
        back = await fairness(at.here)

        assert taken_out.count("1 battle taken out by moderators") == 2
        assert "moderators: 1." in taken_out
        assert "taken out by moderators" not in back
        assert "moderators: 0." in back


async def test_a_pair_that_was_not_drawn_is_no_draw(tmp_path: Path) -> None:
    async with place(tmp_path, stable()) as here:
        await hold(here, HeldBattle(votes=crowd(a=2)))
        said = await fairness(here)

        assert {figures[0] for figures in rows(said).values()} == {"0"}
        assert "kept from the next battle on" in said


async def test_retired_and_withdrawn_models_stay_listed_and_masked_ones_stay_masked(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.bring()
        await at.decide("mask", "Aurora", "Mystery")
        await at.decide("retire", "Aurora")
        await at.decide("disable", "Quillon")
        async with restarted(at.here, stable("Quillon", "Marrowby")):
            said = await fairness(at.here)

        assert "**Mystery**: retired" in said
        assert "**Zephyrine**: retired" in said
        assert "**Quillon**: switched off" in said
        assert "Aurora" not in said
        assert list(rows(said)) == ["Marrowby", "Quillon", "Mystery", "Zephyrine"]


async def test_many_models_take_several_pages(tmp_path: Path) -> None:
    names = [f"Model-{number:02d}-with-a-name-as-long-as-it-may-be" + "x" * 40 for number in range(30)]
    async with place(tmp_path, stable(*names)) as here:
        asked = await here.bob.slash(here.channel, "about fairness")
        first = answer_to(asked)
        assert asked.response
        await here.bob.click(asked.response.message, label="Next page")
        second = answer_to(asked)

        assert "(1/3)" in first
        assert "(2/3)" in second
        assert next(iter(rows(first))).startswith("Model-00")
        assert next(iter(rows(second))).startswith("Model-12")
        assert max(len(first), len(second)) < MESSAGE_LIMIT
        assert buttons_of(asked.response.message) == ["arena:fairness:0", "arena:fairness:2"]


async def test_a_name_cannot_leave_the_table(tmp_path: Path) -> None:
    async with place(tmp_path, stable("```\u202eevil", "Quillon")) as here:
        said = await fairness(here)

        assert said.count("```") == 2
        assert "\u202e" not in said


@pytest.mark.parametrize(("language", "words"), [("en-US", "2504.20879"), ("ja", "選出")])
async def test_the_answer_is_in_the_member_s_language(tmp_path: Path, language: str, words: str) -> None:
    async with place(tmp_path, stable("ゼフィリーヌ", "Quillon")) as here:
        await fight(here)
        speak(here, language)
        said = await fairness(here)

        assert words in said
        assert "2504.20879" in said


async def test_the_chances_of_every_draw_can_be_read_afterwards(tmp_path: Path) -> None:
    async with place(tmp_path, stable()) as here:
        await fight(here)
        (chances,) = here.row("select chances from draws")

        assert isinstance(chances, str)
        assert sum(json.loads(chances).values()) == pytest.approx(2_000_000_000, abs=3)


async def test_a_model_that_only_ever_failed_cannot_be_removed(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.bring()
        early = await at.decide("remove", "Aurora")
        await at.bring()
        at.server.answer(respond(503, b""))
        number = 0
        while not at.here.rows("select 1 from draws where failed != '[]'"):
            number += 1
            await at.battle()
            await at.here.alice.click(at.here.channel.history()[number - 1], custom_id=CLOSE.format(number))
            await at.here.env.settle()
        late = await at.decide("remove", "Aurora")

        assert "**Aurora** is removed" in early
        assert "has fought" in late
        assert rows(await fairness(at.here))["Aurora"][-1] == "(100%)"


async def test_what_was_promised_to_a_model_that_was_never_drawn_goes_with_it(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.bring()
        await hold(at.here, HeldBattle(votes=crowd(a=1)))
        with closing(sqlite3.connect(at.here.folder / "arena.sqlite3")) as connection, connection:
            connection.execute(
                "insert into model_draws select guild_id, model_id, 0, 9, 9, 0, 0, 0, 0, 0 from models"
                " where name = 'Aurora'"
            )
        removed = await at.decide("remove", "Aurora")

        assert "**Aurora** is removed" in removed
        assert at.here.rows("select 1 from model_draws where expected = 9") == []
