from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bot.backends.base import BackendError, Failure
from tests.behaviour.place import VOTING_SECONDS, answer_to, place, text_of
from tests.behaviour.settings.settings import SettingsDesk
from tests.competitors import asked, competitor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.arena.models.roster import Competitor

NAMES = ("Zephyrine", "Quillon", "Marrowby", "Oxlade", "Thistle", "Umberto", "Vandyke", "Wexford")


def stable_of(number: int, troubles: list[BackendError]) -> list[Competitor]:
    """Models of whom the first ones asked, whoever they are, run into the troubles."""
    return [competitor(name, f"{name[:2]} says.", troubles=troubles) for name in NAMES[:number]]


def times_asked(competitors: Sequence[Competitor]) -> int:
    return sum(len(asked(one)) for one in competitors)


@pytest.mark.parametrize("failure", sorted(set(Failure) - {Failure.CROWDED}))
async def test_a_model_that_fails_is_replaced_and_nobody_is_told(tmp_path: Path, failure: Failure) -> None:
    competitors = stable_of(3, [BackendError(failure, "HTTP 500 from upstream")])
    async with place(tmp_path, competitors) as here:
        card = await here.battle()

        assert times_asked(competitors) == 3
        assert card.reactions
        assert "says." in text_of(card)
        assert "HTTP 500" not in here.bodies
        assert not [name for name in NAMES if name in here.bodies]


async def test_a_model_that_others_kept_busy_has_not_failed_and_its_battle_is_called_off(
    tmp_path: Path,
) -> None:
    competitors = stable_of(3, [BackendError(Failure.CROWDED, "no place became free in 600 s")])
    async with place(tmp_path, competitors) as here:
        card = await here.battle()

        assert times_asked(competitors) == 2
        assert "the turn of this battle did not come in time" in text_of(card)
        assert here.row("select state, voided from battles") == ("voided", "crowded")
        assert here.row("select failed from draws") == ("[]",)


async def test_the_reveal_names_the_model_that_stepped_in(tmp_path: Path) -> None:
    competitors = stable_of(3, [BackendError(Failure.TIMEOUT, "too slow")])
    async with place(tmp_path, competitors) as here:
        with capture_logs() as logs:
            await here.battle()
        text = text_of(await here.close())

        failed = next(str(entry["model"]) for entry in logs if entry["event"] == "a model failed")
        assert failed not in text
        assert sum(f"**{one.name}**" in text for one in competitors) == 2


async def test_the_operators_log_says_which_model_failed_and_how(tmp_path: Path) -> None:
    troubles = [BackendError(Failure.AUTH, "HTTP 401: key refused")]
    competitors = stable_of(3, troubles)
    async with place(tmp_path, competitors) as here:
        with capture_logs() as logs:
            await here.battle()

        (failure,) = [entry for entry in logs if entry["event"] == "a model failed"]
        assert failure["model"] in NAMES
        assert failure["failure"] == "auth"
        assert failure["detail"] == "HTTP 401: key refused"


async def test_a_side_is_granted_two_replacements(tmp_path: Path) -> None:
    competitors = stable_of(8, [BackendError(Failure.OVERLOADED, "busy")] * 2)
    async with place(tmp_path, competitors) as here:
        card = await here.battle()

        assert times_asked(competitors) == 4
        assert card.reactions


async def test_a_third_failure_on_one_side_calls_the_battle_off_unrated(tmp_path: Path) -> None:
    competitors = stable_of(8, [BackendError(Failure.OVERLOADED, "busy")] * 3)
    async with place(tmp_path, competitors) as here:
        card = await here.battle()

        assert "Fewer than two models were able to answer" in text_of(card)
        assert here.row("select state, voided from battles") == ("voided", "models_failed")
        assert here.row("select count(*) from pair_sums") == (0,)
        assert not [name for name in NAMES if name in here.bodies]


async def test_without_a_third_model_the_battle_is_called_off(tmp_path: Path) -> None:
    competitors = stable_of(2, [BackendError(Failure.UNREACHABLE, "refused")])
    async with place(tmp_path, competitors) as here:
        card = await here.battle()

        assert "Fewer than two models were able to answer" in text_of(card)
        assert here.row("select state, voided from battles") == ("voided", "models_failed")


async def test_a_battle_called_off_is_drawn_once_and_left_alone(tmp_path: Path) -> None:
    async with place(tmp_path, stable_of(2, [BackendError(Failure.EMPTY, "")])) as here:
        await here.battle()
        requests = len(here.env.http_requests)
        await here.env.advance_time(3600)

        assert len(here.env.http_requests) == requests


async def test_a_model_that_asks_for_a_pause_is_listed_as_resting_and_not_drawn(tmp_path: Path) -> None:
    troubles = [BackendError(Failure.RATE_LIMITED, "slow down", retry_after=600.0)]
    competitors = stable_of(3, troubles)
    async with place(tmp_path, competitors) as here:
        desk = await SettingsDesk.opened(here)
        with capture_logs() as logs:
            await here.battle()
        failed = next(str(entry["model"]) for entry in logs if entry["event"] == "a model failed")
        await here.close()
        listed = answer_to(await desk.olga.slash(here.channel, "models list"))
        for _ in range(5):
            await here.alice.slash(here.channel, "battle", prompt="Again?")

        assert f"**{failed}** (resting" in listed
        assert listed.count("resting") == 1
        assert [asked(one) for one in competitors if one.name == failed] == [["What is a good day?"]]


async def test_a_model_has_rested_when_its_pause_is_over(tmp_path: Path) -> None:
    troubles = [BackendError(Failure.RATE_LIMITED, "slow down", retry_after=VOTING_SECONDS + 60.0)]
    async with place(tmp_path, stable_of(3, troubles)) as here:
        desk = await SettingsDesk.opened(here)
        await here.battle()
        await here.close()
        resting = answer_to(await desk.olga.slash(here.channel, "models list"))
        await here.env.advance_time(60)
        listed = answer_to(await desk.olga.slash(here.channel, "models list"))

        assert "resting" in resting

        assert "resting" not in listed


async def test_a_battle_is_refused_while_all_but_one_model_rest(tmp_path: Path) -> None:
    troubles = [BackendError(Failure.RATE_LIMITED, "slow down", retry_after=600.0)]
    async with place(tmp_path, stable_of(2, troubles)) as here:
        await here.battle()
        result = await here.alice.slash(here.channel, "battle", prompt="Again?")

        assert "needs two models" in answer_to(result)
        assert len(here.env.errors) == 1
