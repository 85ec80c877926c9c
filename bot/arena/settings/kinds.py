"""Which settings a server has, what each takes, and what holds where it set nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import TYPE_CHECKING, Final, TypeAlias

import msgspec
from msgspec.inspect import IntType, LiteralType, UnionType

from bot.arena.settings.durations import DAY, seconds_in
from bot.arena.settings.guild_settings import GuildSettings, RoleAllowance

if TYPE_CHECKING:
    from bot.domain.rules import HouseRules

Value: TypeAlias = bool | int | float | str | tuple[int, ...] | tuple[RoleAllowance, ...] | None


class Kind(Enum):
    """What a setting takes."""

    CHANNELS = auto()
    CHANNEL = auto()
    ROLES = auto()
    ALLOWANCES = auto()
    SECONDS = auto()
    DAYS = auto()
    COUNT = auto()
    CHOICE = auto()
    SWITCH = auto()


KINDS: Final = {
    "battle_channel_ids": Kind.CHANNELS,
    "battle_role_ids": Kind.ROLES,
    "rated_channel_ids": Kind.CHANNELS,
    "voting_seconds": Kind.SECONDS,
    "close_at_votes": Kind.COUNT,
    "early_close": Kind.CHOICE,
    "ballot": Kind.CHOICE,
    "single_reaction": Kind.SWITCH,
    "min_votes_rated": Kind.COUNT,
    "asker_votes": Kind.SWITCH,
    "min_account_days": Kind.DAYS,
    "min_member_days": Kind.DAYS,
    "cooldown_seconds": Kind.SECONDS,
    "member_battles_per_day": Kind.COUNT,
    "role_allowances": Kind.ALLOWANCES,
    "stream": Kind.CHOICE,
    "language": Kind.CHOICE,
    "log_channel_id": Kind.CHANNEL,
    "weekly_channel_id": Kind.CHANNEL,
    "retention_days": Kind.DAYS,
}
"""Every field of `GuildSettings` that moderators decide on with /settings."""

NUMBERS: Final = frozenset({Kind.SECONDS, Kind.DAYS, Kind.COUNT})
"""What is typed in."""

MOST_LISTED = 25
"""Channels or roles of one setting: as many as one can choose at once in Discord."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a setting stands in a server: what holds there, and what would if the server had set nothing."""

    field: str
    value: Value
    default: Value
    is_own: bool


def standing(defaults: HouseRules, own: GuildSettings, field: str) -> Standing:
    value: Value = getattr(own, field)
    default: Value = getattr(defaults, field, None)
    is_own = value not in (None, ())
    return Standing(field, value if is_own else default, default, is_own)


def typed(field: str, text: str) -> int | None:
    """Read what a moderator typed for a number; `None` where that is none, or out of bounds."""
    kind = KINDS[field]
    if kind is Kind.SECONDS:
        value = seconds_in(text)
    elif kind is Kind.DAYS:
        seconds = seconds_in(text, plain=DAY)
        value = seconds // DAY if seconds is not None and seconds % DAY == 0 else None
    else:
        value = seconds_in(text)
    least, most = bounds(field)
    return value if value is not None and least <= value <= most else None


def text_of(field: str, value: Value) -> str | None:
    """Write a value for the record of changes; channels and roles as mentions."""
    if value in (None, ()):
        return None
    if isinstance(value, tuple):
        return " ".join(_listed(field, each) for each in value)
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _listed(field: str, each: int | RoleAllowance) -> str:
    if isinstance(each, RoleAllowance):
        return f"<@&{each.role_id}> {each.cooldown_seconds} s {each.battles_per_day}/d"
    return f"<@&{each}>" if KINDS[field] is Kind.ROLES else f"<#{each}>"


@cache
def choices(field: str) -> tuple[str, ...]:
    """Return what a setting can be chosen from."""
    return tuple(str(each) for part in _types(field) if isinstance(part, LiteralType) for each in part.values)


@cache
def bounds(field: str) -> tuple[int, int]:
    """Return the least and the most that a number can be, both included."""
    for part in _types(field):
        if isinstance(part, IntType) and part.ge is not None and part.le is not None:
            return part.ge, part.le
    raise LookupError(field)


@cache
def _types(field: str) -> tuple[msgspec.inspect.Type, ...]:
    described = msgspec.inspect.type_info(GuildSettings)
    assert isinstance(described, msgspec.inspect.StructType)  # noqa: S101 - for the type checker
    (found,) = (each.type for each in described.fields if each.name == field)
    return found.types if isinstance(found, UnionType) else (found,)
