from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.arena.ratings.weekly_posts import Post, Weekly
from bot.arena.ratings.weeks import week_number
from bot.arena.settings.known_settings import KnownSettings
from bot.arena.settings.service import GuildSettingsService
from bot.domain.audit import Actor

if TYPE_CHECKING:
    from bot.storage.database import Database

GUILD, OTHER, CHANNEL = 10, 11, 20
MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC).timestamp()
WEEK = week_number(MONDAY) - 1
POST = Post(GUILD, CHANNEL, WEEK)


def monday() -> float:
    return MONDAY


async def wanted(database: Database, guild_id: int = GUILD, channel_id: int | None = CHANNEL) -> Weekly:
    await GuildSettingsService(database, KnownSettings(), monday).change(
        Actor(guild_id, 1), {"weekly_channel_id": channel_id}
    )
    return Weekly(database, monday)


async def test_only_servers_that_want_a_post_get_one(database: Database) -> None:
    await GuildSettingsService(database, KnownSettings(), monday).change(
        Actor(OTHER, 1), {"log_channel_id": CHANNEL}
    )
    weekly = await wanted(database)

    assert await weekly.due() == [POST]


async def test_before_its_hour_nothing_is_due(database: Database) -> None:
    await wanted(database)

    assert await Weekly(database, lambda: MONDAY - 1).due() == []


async def test_what_is_claimed_is_not_due_and_cannot_be_claimed_again(database: Database) -> None:
    weekly = await wanted(database)

    assert await weekly.claim(POST)
    assert await weekly.due() == []
    assert not await weekly.claim(POST)


async def test_what_is_released_is_due_again(database: Database) -> None:
    weekly = await wanted(database)
    await weekly.claim(POST)
    await weekly.release(POST)

    assert await weekly.due() == [POST]


async def test_the_next_week_is_due_after_this_one(database: Database) -> None:
    weekly = await wanted(database)
    await weekly.claim(POST)

    assert await Weekly(database, lambda: MONDAY + 7 * 24 * 3600).due() == [POST._replace(week=WEEK + 1)]


async def test_a_post_is_not_claimed_for_a_channel_that_was_changed_meanwhile(database: Database) -> None:
    weekly = await wanted(database)
    await wanted(database, channel_id=None)

    assert await weekly.due() == []
    assert not await weekly.claim(POST)


async def test_another_channel_in_the_same_week_brings_no_second_post(database: Database) -> None:
    weekly = await wanted(database)
    await weekly.claim(POST)
    await wanted(database, channel_id=21)

    assert await weekly.due() == []
