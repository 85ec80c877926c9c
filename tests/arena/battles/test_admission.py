"""What a server may use at a time and in a day."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.arena.battles.admission import DailyLimits
from bot.arena.models.prices import Exchange, Prices
from bot.arena.settings.known_settings import KnownSettings
from bot.backends.base import Usage
from bot.config import Limits
from bot.domain.days import DAY_SECONDS
from bot.errors import ArenaError, Moment
from tests.arena.battles.test_battles import services
from tests.arena.stored_battles import GUILD, begun
from tests.competitors import competitor

if TYPE_CHECKING:
    from bot.storage.database import Database
    from tests.arena.conftest import Clock


async def check(database: Database, daily_limits: DailyLimits, guild_id: int = GUILD) -> None:
    async with database.read() as connection:
        await daily_limits.check(connection, guild_id, 0)


async def test_battles_that_are_being_written_count_until_their_votes_open(
    database: Database, clock: Clock
) -> None:
    ready = asyncio.Event()
    competitors = [competitor("Zephyrine", ready, "Sun."), competitor("Quillon", ready, "Rain.")]
    async with services(database, clock, competitors, limits=Limits(concurrent_battles=1)) as here:
        await here.hold()
        with pytest.raises(ArenaError, match="being answered here as the limit allows"):
            await here.hold()
        ready.set()
        await here.until_the_end()
        await check(database, here.arena.daily_limits)


async def test_a_day_has_so_many_battles_and_the_next_begins_at_midnight(
    database: Database, clock: Clock
) -> None:
    daily_limits = DailyLimits(database, KnownSettings(), Limits(battles_per_day=2), clock)
    for _ in range(2):
        await check(database, daily_limits)
        await begun(database)
    with pytest.raises(ArenaError, match="used up its battles") as refused:
        await check(database, daily_limits)
    ends = refused.value.values["when"]
    clock.passed += DAY_SECONDS

    assert isinstance(ends, Moment)
    assert ends % DAY_SECONDS == 0
    assert 0 < ends - (clock() - DAY_SECONDS) <= DAY_SECONDS
    await check(database, daily_limits)


async def test_another_server_s_battles_do_not_count(database: Database, clock: Clock) -> None:
    await begun(database)

    daily_limits = DailyLimits(database, KnownSettings(), Limits(battles_per_day=1), clock)
    await check(database, daily_limits, GUILD + 1)


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        (Usage(1000, 2000), 0.001 + 0.004),
        (Usage(None, 2000), 2 / 1e6 + 0.004),
        (Usage(None, None), 2 / 1e6 + 2 * 5 / 1e6),
    ],
    ids=["counted", "prompt not counted", "nothing counted"],
)
def test_a_reply_costs_its_tokens_and_a_guess_where_nobody_counted(usage: Usage, expected: float) -> None:
    assert Prices(1.0, 2.0).cost(Exchange("Why?", 0, "空は青い。", usage)) == pytest.approx(expected)


def test_an_image_that_nobody_counted_costs_what_providers_name_for_one() -> None:
    prices = Prices(1.0, 2.0)

    assert prices.cost(Exchange("Why?", 1, usage=Usage(None, 0))) == pytest.approx(1602 / 1e6)
    assert prices.cost(Exchange("Why?", 1, usage=Usage(10, 0))) == pytest.approx(10 / 1e6)


def test_a_model_without_prices_costs_nothing_that_is_known() -> None:
    assert Prices().cost(Exchange("Why?", 0, "So.", Usage(1000, 2000))) is None
