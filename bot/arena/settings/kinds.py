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
    from bot.domain.rules import GuildRules

Value: TypeAlias = bool | int | float | str | tuple[int, ...] | tuple[RoleAllowance, ...] | None


class SettingKind(Enum):
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
    "battle_channel_ids": SettingKind.CHANNELS,
    "battle_role_ids": SettingKind.ROLES,
    "rated_channel_ids": SettingKind.CHANNELS,
    "voting_seconds": SettingKind.SECONDS,
    "close_at_votes": SettingKind.COUNT,
    "early_close": SettingKind.CHOICE,
    "ballot": SettingKind.CHOICE,
    "single_reaction": SettingKind.SWITCH,
    "min_votes_rated": SettingKind.COUNT,
    "asker_votes": SettingKind.SWITCH,
    "min_account_days": SettingKind.DAYS,
    "min_member_days": SettingKind.DAYS,
    "cooldown_seconds": SettingKind.SECONDS,
    "member_battles_per_day": SettingKind.COUNT,
    "role_allowances": SettingKind.ALLOWANCES,
    "stream": SettingKind.CHOICE,
    "result_notice": SettingKind.CHOICE,
    "language": SettingKind.CHOICE,
    "log_channel_id": SettingKind.CHANNEL,
    "weekly_channel_id": SettingKind.CHANNEL,
    "retention_days": SettingKind.DAYS,
}
"""Every field of `GuildSettings` that moderators decide on with /settings."""

NUMBERS: Final = frozenset({SettingKind.SECONDS, SettingKind.DAYS, SettingKind.COUNT})
"""What is typed in."""

MOST_LISTED = 25
"""Channels or roles of one setting: as many as one can choose at once in Discord."""


@dataclass(frozen=True, slots=True)
class SettingValue:
    """How a setting stands in a server: what holds there, and what would if the server had set nothing."""

    field: str
    value: Value
    default: Value
    is_own: bool


def standing(defaults: GuildRules, own: GuildSettings, field: str) -> SettingValue:
    value: Value = getattr(own, field)
    default: Value = getattr(defaults, field, None)
    is_own = value not in (None, ())
    return SettingValue(field, value if is_own else default, default, is_own)


def typed(field: str, text: str) -> int | None:
    """Read what a moderator typed for a number; `None` where that is none, or out of bounds."""
    kind = KINDS[field]
    if kind is SettingKind.SECONDS:
        value = seconds_in(text)
    elif kind is SettingKind.DAYS:
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
    return f"<@&{each}>" if KINDS[field] is SettingKind.ROLES else f"<#{each}>"


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
