from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.arena.battles.card import CardAddress
from bot.arena.models.probe import IMAGE
from bot.arena.voting.message import CardState
from bot.config import Limits
from bot.errors import ArenaError
from tests.arena.battles.test_battles import MESSAGE, REQUEST, services
from tests.competitors import asked, competitor

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.arena.models.roster import Competitor
    from bot.domain.battle import Battle
    from bot.domain.image import Image
    from bot.storage.database import Database
    from tests.arena.battles.test_battles import BattleServices
    from tests.arena.conftest import Clock


def seeing() -> list[Competitor]:
    return [competitor(name, sees=True) for name in ("Zephyrine", "Quillon")]


async def hold(here: BattleServices, fetch: Callable[[], Awaitable[Image]]) -> None:
    async def post(_battle: Battle) -> CardAddress:
        return CardAddress(MESSAGE)

    request = replace(REQUEST, fetch_image=fetch)
    await here.arena.battles.start(request, post)


async def test_a_bot_that_stops_while_the_image_comes_begins_no_battle(
    database: Database, clock: Clock
) -> None:
    competitors = seeing()
    async with services(database, clock, competitors) as here:

        async def fetch() -> Image:
            await here.arena.supervisor.stop()
            return IMAGE

        with pytest.raises(ArenaError, match="about to restart"):
            await hold(here, fetch)

    assert not any(map(asked, competitors))


async def test_a_battle_whose_image_is_still_to_come_takes_a_place(database: Database, clock: Clock) -> None:
    async with services(database, clock, seeing(), limits=Limits(concurrent_battles=1)) as here:
        asking, coming = asyncio.Event(), asyncio.Event()

        async def fetch() -> Image:
            asking.set()
            await coming.wait()
            return IMAGE

        first = asyncio.create_task(hold(here, fetch))
        await asking.wait()

        with pytest.raises(ArenaError, match="as the limit allows"):
            await hold(here, fetch)
        coming.set()
        await first


async def test_an_image_that_does_not_come_gives_its_place_back(database: Database, clock: Clock) -> None:
    async def refuse() -> Image:
        raise ArenaError("damaged")

    async def fetch() -> Image:
        return IMAGE

    competitors = seeing()
    async with services(database, clock, competitors, limits=Limits(concurrent_battles=1)) as here:
        with pytest.raises(ArenaError, match="damaged"):
            await hold(here, refuse)
        await hold(here, fetch)
        await here.card.drawn[CardState.BALLOT].wait()

    assert all(map(asked, competitors))


async def test_no_image_is_fetched_where_too_few_models_could_see_it(
    database: Database, clock: Clock
) -> None:
    async with services(database, clock, [*seeing()[:1], competitor("Marrowby")]) as here:

        async def fetch() -> Image:
            pytest.fail("an image was fetched")

        with pytest.raises(ArenaError, match="needs two models that can be shown images"):
            await hold(here, fetch)
