"""Two moderators who change a server's models at the same moment."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from random import Random
from typing import TYPE_CHECKING

import pytest

from bot.app import run_arena
from bot.arena.models.credentials import Credentials
from bot.arena.models.factory import open_factory
from bot.arena.models.form import ModelForm
from bot.config import Config, Limits, OpenAIModel
from bot.domain.audit import Actor
from bot.domain.model import Model, ModelState
from bot.errors import ArenaError
from tests.behaviour.place import KEYRING
from tests.competitors import competitor

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from bot.services import Arena
    from bot.storage.database import Database
    from tests.arena.conftest import Clock

GUILD = 10
MONA, OLGA = Actor(GUILD, 7), Actor(GUILD, 8)


@asynccontextmanager
async def arena(database: Database, clock: Clock, limits: Limits | None = None) -> AsyncGenerator[Arena]:
    config = Config(limits=limits or Limits())
    async with (
        open_factory(config, KEYRING) as factory,
        run_arena(factory, database, map(competitor, ("Zephyrine", "Quillon")), clock, Random(1)) as found,
    ):
        yield found


async def found(here: Arena, name: str) -> Model:
    return (await here.models.find(GUILD, name, moderator=True)).model


def brought(name: str) -> ModelForm:
    settings = OpenAIModel(name=name, base_url="https://api.example.org/v1", model="m")
    return ModelForm(GUILD, settings, Credentials())


async def test_a_change_undoes_nothing_that_came_between(database: Database, clock: Clock) -> None:
    async with arena(database, clock) as here:
        seen = await found(here, "Zephyrine")
        await here.models.mask(MONA, seen, "gpt2-chatbot")
        await here.models.set_state(OLGA, seen, ModelState.DISABLED)
        await here.models.set_family(MONA, seen, "Comet")
        after = await found(here, "Zephyrine")
        with pytest.raises(ArenaError, match="that is how"):
            await here.models.set_state(MONA, seen, ModelState.DISABLED)
        unmasked = await here.models.unmask(OLGA, seen)

    assert (after.code_name, after.state, after.family) == ("gpt2-chatbot", ModelState.DISABLED, "Comet")
    assert [change.before for change in unmasked.changes] == ["gpt2-chatbot"]


async def test_a_model_that_was_removed_meanwhile_is_not_changed(database: Database, clock: Clock) -> None:
    async with arena(database, clock) as here:
        await here.models.admit(MONA, brought("Aurora"))
        seen = await found(here, "Aurora")
        await here.models.remove(OLGA, seen)
        for change in (
            here.models.remove(MONA, seen),
            here.models.mask(MONA, seen, "gpt2-chatbot"),
            here.models.set_state(MONA, seen, ModelState.DISABLED),
        ):
            with pytest.raises(ArenaError, match="removed in the meantime"):
                await change


async def test_two_at_once_bring_no_more_models_than_a_server_may_have(
    database: Database, clock: Clock
) -> None:
    async with arena(database, clock, Limits(models_per_server=1)) as here:
        outcomes = await asyncio.gather(
            *(here.models.admit(MONA, brought(name)) for name in ("Aurora", "Borealis")),
            return_exceptions=True,
        )
        roster = await here.roster.of(GUILD)

    assert sum(isinstance(outcome, ArenaError) for outcome in outcomes) == 1
    assert sum(entry.model.is_own for entry in roster) == 1
