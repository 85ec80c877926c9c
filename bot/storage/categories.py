"""Categories that moderators made, and the channels whose battles belong to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete, insert, select, update

from bot.storage.dialects import upsert
from bot.storage.schema import categories, category_channels

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.storage.connections.awaited import AsyncConnection

OWN_PREFIX = "own:"


class OwnCategory(NamedTuple):
    """A moderators' category; `is_open`: new battles can join it. Its board stays either way."""

    category_id: int
    name: str
    is_open: bool

    @property
    def key(self) -> str:
        """What battles and sums call it; a new name would not change it."""
        return f"{OWN_PREFIX}{self.category_id}"


async def of_guild(connection: AsyncConnection, guild_id: int) -> list[OwnCategory]:
    rows = await connection.execute(
        select(categories.c.category_id, categories.c.name, categories.c.is_open)
        .where(categories.c.guild_id == guild_id)
        .order_by(categories.c.name)
    )
    return [OwnCategory(*row) for row in rows]


async def open_ones(connection: AsyncConnection) -> dict[int, list[OwnCategory]]:
    """Return the open categories of each guild that has any."""
    rows = await connection.execute(
        select(categories.c.guild_id, categories.c.category_id, categories.c.name, categories.c.is_open)
        .where(categories.c.is_open)
        .order_by(categories.c.name)
    )
    found: dict[int, list[OwnCategory]] = {}
    for guild_id, *own in rows:
        found.setdefault(guild_id, []).append(OwnCategory(*own))
    return found


async def add(connection: AsyncConnection, guild_id: int, name: str) -> None:
    await connection.execute(insert(categories).values(guild_id=guild_id, name=name, is_open=True))


async def set_open(connection: AsyncConnection, category_id: int, *, is_open: bool) -> None:
    """Let battles join, or not any more; then no channel is bound to it either."""
    await connection.execute(
        update(categories).where(categories.c.category_id == category_id).values(is_open=is_open)
    )
    if not is_open:
        await connection.execute(
            delete(category_channels).where(category_channels.c.category_id == category_id)
        )


async def bind(connection: AsyncConnection, channel_id: int, category_id: int | None) -> None:
    """Let every battle of the channel belong to the category; `None` frees the channel."""
    if category_id is None:
        await connection.execute(
            delete(category_channels).where(category_channels.c.channel_id == channel_id)
        )
    else:
        row = {"channel_id": channel_id, "category_id": category_id}
        await upsert(connection, category_channels, [row])


async def channels(connection: AsyncConnection, guild_id: int) -> dict[int, int]:
    """Return the category of each channel that is bound to one."""
    rows = await connection.execute(
        select(category_channels.c.channel_id, category_channels.c.category_id)
        .join(categories, categories.c.category_id == category_channels.c.category_id)
        .where(categories.c.guild_id == guild_id)
    )
    return {row.channel_id: row.category_id for row in rows}


async def bound(connection: AsyncConnection, guild_id: int, channel_ids: Collection[int]) -> set[int]:
    """Return the categories that any of the channels is bound to."""
    return set(
        await connection.scalars(
            select(category_channels.c.category_id)
            .join(categories, categories.c.category_id == category_channels.c.category_id)
            .where(categories.c.guild_id == guild_id, category_channels.c.channel_id.in_(channel_ids))
        )
    )
