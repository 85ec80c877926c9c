"""The weekly posts: which servers wait for one, and that none gets two."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from bot.arena.ratings.weeks import to_post
from bot.arena.settings import guild_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.storage.database import Database


class Post(NamedTuple):
    """A recap that is due; `week` is the number of its week."""

    guild_id: int
    channel_id: int
    week: int


class Weekly:
    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    async def due(self) -> list[Post]:
        """Return what is to be posted now; most of the week that is nothing, and costs nothing."""
        week = to_post(self._clock())
        if week is None:
            return []
        async with self._database.read() as connection:
            waiting = await guild_settings.with_weekly_post(connection)
        return [
            Post(guild_id, settings.weekly_channel_id, week)
            for guild_id, settings in waiting.items()
            if settings.weekly_channel_id and (settings.weekly_posted or 0) < week
        ]

    async def claim(self, post: Post) -> bool:
        """Mark the week as posted before it is, so that a crash in between cannot post it twice.

        `False` where it was marked already, or is not wanted in that channel any more.
        """
        async with self._database.write() as connection:
            settings = await guild_settings.read(connection, post.guild_id)
            if settings.weekly_channel_id != post.channel_id or (settings.weekly_posted or 0) >= post.week:
                return False
            marked = msgspec.structs.replace(settings, weekly_posted=post.week)
            await guild_settings.write(connection, post.guild_id, marked)
        return True

    async def release(self, post: Post) -> None:
        """Take the mark back where Discord did not take the post, so that it is tried again."""
        async with self._database.write() as connection:
            settings = await guild_settings.read(connection, post.guild_id)
            if settings.weekly_posted == post.week:
                unmarked = msgspec.structs.replace(settings, weekly_posted=post.week - 1)
                await guild_settings.write(connection, post.guild_id, unmarked)
