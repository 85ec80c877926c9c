"""The first step of `/setup`: which models fight here, whether they answer, and how one more is added."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.arena.models.keyring import Keyring
from bot.backends.base import BackendError, Failure
from bot.client import ArenaBot
from bot.config import Config, Limits
from tests.backends.fault_server import respond
from tests.behaviour.models.office import office
from tests.behaviour.place import KEYRING, answer_to, buttons_of, place
from tests.behaviour.settings.settings import SettingsDesk
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

    from tests.behaviour.models.office import Office

PAIR = ("Zephyrine", "Quillon")


async def opened(at: Office) -> None:
    at.draft = await at.mona.slash(at.here.channel, "setup")


async def test_the_setup_begins_with_how_many_models_can_fight(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await opened(at)
        before = at.said
        await at.decide("disable", "Quillon")
        await opened(at)

        assert "-# Step 1 of 5\n## Which models fight here?" in before
        assert "✅ Models that can fight: **2** of 2." in before
        assert "⚠️ Models that can fight: **1** of 2. A battle needs two." in at.said
        assert "⚠️ **Quillon** (switched off)" in at.said
        assert "⚠️ **Zephyrine**" not in at.said


async def test_a_server_without_models_is_told_that_it_needs_two(tmp_path: Path) -> None:
    async with place(tmp_path, []) as here:
        desk = await SettingsDesk.opened(here, "setup")

        assert "Models that can fight: **0** of 0. A battle needs two." in desk.text


async def test_all_models_are_tested_on_the_page_and_the_setup_goes_on(tmp_path: Path) -> None:
    async with office(tmp_path, others=[competitor("Grumble", BackendError(Failure.AUTH, "HTTP 401"))]) as at:
        await opened(at)
        await at.press("Test all")
        assert at.draft
        tested = await at.until(at.draft, "3 of 3 models asked")
        await at.press("Next")

        assert "✅ **Zephyrine**" in tested
        assert "❌ **Grumble**" in tested
        assert "Where are battles held?" in at.said


async def test_models_are_not_tested_twice_at_the_same_time(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await opened(at)
        assert isinstance(at.here.env.bot, ArenaBot)
        with at.here.env.bot.arena.probes.of_guild(at.here.guild.id):
            pressed = await at.press("Test all")

        assert "being tested already" in answer_to(pressed)


async def test_a_model_that_is_added_leads_back_to_the_setup(tmp_path: Path) -> None:
    async with office(tmp_path, models=["aurora-9"]) as at:
        await opened(at)
        form = await at.press("Add a model")
        await at.mona.submit_modal(form, at.filled(model="", name=""))
        await at.choose("aurora-9")
        await at.press("Save")
        saved = at.said
        await at.press("Back to the setup")

        assert "**aurora-9** is saved." in saved
        assert "Models that can fight: **3** of 3." in at.said
        assert "**aurora-9**" in at.said


async def test_a_form_that_was_given_up_leads_back_to_the_setup(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        at.server.answer(respond(401, b""))
        await opened(at)
        await at.mona.submit_modal(await at.press("Add a model"), at.filled())
        await at.settled()
        await at.press("Discard")
        await at.press("Back to the setup")

        assert "Which models fight here?" in at.said


@pytest.mark.parametrize(
    ("limits", "keyring", "said"),
    [
        (Limits(models_per_server=0), KEYRING, "models_per_server under [limits] in config.toml"),
        (Limits(), Keyring(()), "ARENA_SECRET_KEYS (arena-bot new-key prints one)"),
    ],
    ids=["none allowed", "no keys"],
)
async def test_where_no_model_can_be_added_the_setup_says_what_the_operator_does(
    tmp_path: Path, limits: Limits, keyring: Keyring, said: str
) -> None:
    async with place(tmp_path, map(competitor, PAIR), Config(limits=limits), keyring) as here:
        desk = await SettingsDesk.opened(here, "setup")

        assert said in desk.text
        assert "arena:setup:add" not in buttons_of(desk.message)
        assert "arena:setup:test" in buttons_of(desk.message)


async def test_without_keys_a_model_can_be_added_at_a_host_that_was_opened(
    tmp_path: Path,
) -> None:
    async with office(tmp_path, keyring=Keyring(())) as at:
        await opened(at)
        said = at.said
        await at.mona.submit_modal(await at.press("Add a model"), at.filled(key=""))
        answered = await at.settled()

        assert "Models without a key can be added" in said
        assert "answers. Save it?" in answered


async def test_a_server_that_has_all_its_models_is_offered_no_other(tmp_path: Path) -> None:
    async with office(tmp_path, Limits(models_per_server=1)) as at:
        await at.bring()
        await opened(at)

        assert "that this server may bring (1) is reached" in at.said
        assert "arena:setup:add" not in at.buttons


async def test_the_setup_offers_the_secret_ballot_against_herding(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here, "setup")
        for _step in range(2):
            await desk.olga.click(desk.message, label="Next")
        said = desk.text
        await desk.choose("step2", "ballot", "secret")

        assert "## How do members vote?" in said
        assert "many follow the majority (herding)" in said
        assert "**How members vote** · set here\nwith buttons, in secret" in desk.text
