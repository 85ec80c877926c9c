"""What a server set for itself; all else is the operator's default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from bot.domain.rules import (
    Balloting,
    Days,
    EarlyClosers,
    GuildRules,
    Language,
    ResultNotice,
    Seconds,
    Streaming,
    Votes,
    VotesRated,
    VotingSeconds,
)
from bot.storage import guild_settings

if TYPE_CHECKING:
    from bot.storage.database import Connection


class RoleAllowance(msgspec.Struct, frozen=True):
    """What members with a role may do instead of what all may; 0 is no limit."""

    role_id: int
    cooldown_seconds: Seconds = 0
    battles_per_day: Votes = 0


class OwnValues(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What means the same in every server; `None` everywhere: not set.

    `usd_per_day` is in US dollars, of a day from midnight to midnight UTC. After `retention_days` prompts and
    replies are deleted; 0 keeps them.
    """

    usd_per_day: Annotated[float, msgspec.Meta(gt=0, le=100_000)] | None = None
    battles_per_day: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] | None = None
    concurrent_battles: Annotated[int, msgspec.Meta(ge=1, le=1000)] | None = None
    voting_seconds: VotingSeconds | None = None
    close_at_votes: Votes | None = None
    min_votes_rated: VotesRated | None = None
    asker_votes: bool | None = None
    early_close: EarlyClosers | None = None
    min_account_days: Days | None = None
    min_member_days: Days | None = None
    cooldown_seconds: Seconds | None = None
    member_battles_per_day: Votes | None = None
    stream: Streaming | None = None
    ballot: Balloting | None = None
    single_reaction: bool | None = None
    result_notice: ResultNotice | None = None
    language: Language | None = None
    retention_days: Annotated[int, msgspec.Meta(ge=0, le=3650)] | None = None


class GuildSettings(OwnValues, frozen=True, kw_only=True, omit_defaults=True):
    """All that a server set for itself. No channels and no roles: all may.

    `weekly_posted` is the number of the last week whose recap was posted.
    """

    manager_role_id: int | None = None
    log_channel_id: int | None = None
    weekly_channel_id: int | None = None
    weekly_posted: int | None = None
    battle_channel_ids: tuple[int, ...] = ()
    battle_role_ids: tuple[int, ...] = ()
    rated_channel_ids: tuple[int, ...] = ()
    role_allowances: tuple[RoleAllowance, ...] = ()


def in_force(defaults: GuildRules, own: GuildSettings) -> GuildRules:
    """Return how battles are held in a server: as it decided, and else as the operator did."""
    decided = {name: getattr(own, name) for name in GuildRules.__struct_fields__}
    return GuildRules(
        **{name: getattr(defaults, name) if value is None else value for name, value in decided.items()}
    )


_decoder = msgspec.json.Decoder(GuildSettings)


async def read(connection: Connection, guild_id: int) -> GuildSettings:
    return _decoder.decode(await guild_settings.load(connection, guild_id))


async def write(connection: Connection, guild_id: int, settings: GuildSettings) -> None:
    await guild_settings.save(connection, guild_id, msgspec.json.encode(settings).decode())


async def of_all(connection: Connection) -> dict[int, GuildSettings]:
    """Return the settings of the servers that set something."""
    found = await guild_settings.load_all(connection)
    return {guild_id: _decoder.decode(document) for guild_id, document in found.items()}


async def with_weekly_post(connection: Connection) -> dict[int, GuildSettings]:
    """Return the settings of the servers that want a recap each week."""
    found = await guild_settings.holding(connection, "weekly_channel_id")
    return {guild_id: _decoder.decode(document) for guild_id, document in found.items()}
