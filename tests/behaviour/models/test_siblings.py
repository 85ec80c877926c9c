"""Variants of one model, which never meet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.backends.base import BackendError, Failure
from tests.behaviour.models.office import office
from tests.behaviour.pages import change_settings
from tests.behaviour.place import answer_to, place, restarted, text_of
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path


async def test_siblings_never_meet_and_others_do(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        marked = [await at.decide("family", name, " Comet  7B ") for name in ("Zephyrine", "Quillon")]
        refused = answer_to(await at.here.alice.slash(at.here.channel, "battle", prompt="Why?"))
        await at.bring()
        for _ in range(8):
            await at.battle()
        pairs = at.here.rows("select chances from draws group by chances")

        assert "The family of **Zephyrine** is changed" in marked[0]
        assert "-# family: Comet 7B" in marked[0]
        assert "siblings do not meet" in refused
        assert len(pairs) == 1
        assert at.here.rows("select 1 from draws where model_a + model_b = 3") == []


async def test_a_sibling_does_not_step_in_either(tmp_path: Path) -> None:
    troubles = [BackendError(Failure.OVERLOADED, "busy")]
    twins = [replace(competitor(name), family="Comet") for name in ("Zephyrine", "Quillon")]
    async with place(tmp_path, [*twins, competitor("Marrowby", troubles=troubles)]) as here:
        card = await here.battle()

        assert "Fewer than two models were able to answer" in text_of(card)
        assert here.row("select state, voided from battles") == ("voided", "models_failed")


async def test_a_family_can_be_left_again(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        for name in ("Zephyrine", "Quillon"):
            await at.decide("family", name, "Comet")
        listed = await at.ask("list")
        to_alice = answer_to(await at.here.alice.slash(at.here.channel, "model"))
        left = await at.decide("family", "Quillon")
        again = await at.decide("family", "Quillon")
        await at.battle()

        assert listed.count("family: Comet") == 2
        assert "Comet" not in to_alice
        assert "family: Comet → not set" in left
        assert "Nothing to do" in again
        assert at.here.rows("select action from audit") == [("family",)] * 3


async def test_the_family_of_a_masked_model_reaches_no_log_channel(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        log = at.here.guild.create_text_channel("log")
        await change_settings(at.here, log_channel_id=log.id)
        await at.decide("mask", "Quillon", "Mystery")
        await at.decide("family", "Quillon", "Comet")
        logged = "\n".join(text_of(message) for message in log.history())

        assert "siblings of **Mystery**" in logged
        assert "Comet" not in logged
        assert "Quillon" not in logged


async def test_a_family_that_cannot_be_shown_is_refused(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        refused = await at.decide("family", "Quillon", "Co\u202emet")

        assert "family's name" in refused
        assert at.here.rows("select family from models where family is not null") == []


async def test_the_operator_s_families_hold_on_every_server(tmp_path: Path) -> None:
    twins = [replace(competitor(name), family="comet") for name in ("Zephyrine", "Quillon")]
    async with place(tmp_path, twins) as here:
        refused = answer_to(await here.alice.slash(here.channel, "battle", prompt="Why?"))
        async with restarted(here, [competitor("Zephyrine"), competitor("Quillon")]):
            card = await here.battle()

        assert "siblings do not meet" in refused
        assert card.reactions
        assert len(here.env.errors) == 1
