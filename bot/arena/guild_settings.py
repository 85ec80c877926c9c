"""What a server set for itself; all else is the operator's default."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.storage import guild_settings

if TYPE_CHECKING:
    from bot.storage.database import Connection


class GuildSettings(msgspec.Struct, frozen=True, omit_defaults=True):
    """`None` everywhere: not set. `usd_per_day` is in US dollars, of a day from midnight to midnight UTC.

    `weekly_posted` is the number of the last week whose recap was posted. After `retention_days` prompts and
    replies are deleted; 0 keeps them.
    """

    manager_role_id: int | None = None
    log_channel_id: int | None = None
    usd_per_day: float | None = None
    battles_per_day: int | None = None
    concurrent_battles: int | None = None
    weekly_channel_id: int | None = None
    weekly_posted: int | None = None
    retention_days: int | None = None


_decoder = msgspec.json.Decoder(GuildSettings)


async def read(connection: Connection, guild_id: int) -> GuildSettings:
    return _decoder.decode(await guild_settings.load(connection, guild_id))


async def write(connection: Connection, guild_id: int, settings: GuildSettings) -> None:
    await guild_settings.save(connection, guild_id, msgspec.json.encode(settings).decode())


async def with_weekly_post(connection: Connection) -> dict[int, GuildSettings]:
    """Return the settings of the servers that want a recap each week."""
    found = await guild_settings.holding(connection, "weekly_channel_id")
    return {guild_id: _decoder.decode(document) for guild_id, document in found.items()}
