"""A server's settings as a file for another server: channels and roles stand in it by their names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from bot.arena.settings.guild_settings import OwnValues, RoleAllowance
from bot.arena.settings.kinds import MOST_LISTED
from bot.domain.rules import Seconds, Votes
from bot.errors import ArenaError
from bot.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.arena.settings.guild_settings import GuildSettings
    from bot.arena.settings.kinds import Value

MAX_BYTES = 64 * 1024

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Names = Annotated[tuple[Name, ...], msgspec.Meta(max_length=MOST_LISTED)]


class NamedAllowance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    role: Name
    cooldown_seconds: Seconds = 0
    battles_per_day: Votes = 0


class SettingsFile(OwnValues, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What is not in the file is not set. `arena_bot_settings` is the version of the format."""

    arena_bot_settings: Literal[1]
    battle_channels: Names = ()
    battle_roles: Names = ()
    rated_channels: Names = ()
    log_channel: Name | None = None
    weekly_channel: Name | None = None
    role_allowances: Annotated[tuple[NamedAllowance, ...], msgspec.Meta(max_length=MOST_LISTED)] = ()


@dataclass(frozen=True, slots=True)
class Directory:
    """The channels and roles of a server, by id."""

    channels: Mapping[int, str]
    roles: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class SettingsImport:
    """What a file says in a server, and the names in it that mean nothing, or several things, there.

    A setting that needs such a name is not among the changes.
    """

    changes: dict[str, Value]
    unknown: list[str]


def write(own: GuildSettings, directory: Directory) -> bytes:
    """Return the file; channels and roles that are gone are left out."""
    channels, roles = directory.channels, directory.roles
    values = {name: getattr(own, name) for name in OwnValues.__struct_fields__}
    document = SettingsFile(
        **values,
        arena_bot_settings=1,
        battle_channels=tuple(channels[each] for each in own.battle_channel_ids if each in channels),
        battle_roles=tuple(roles[each] for each in own.battle_role_ids if each in roles),
        rated_channels=tuple(channels[each] for each in own.rated_channel_ids if each in channels),
        log_channel=channels.get(own.log_channel_id or 0),
        weekly_channel=channels.get(own.weekly_channel_id or 0),
        role_allowances=tuple(
            NamedAllowance(roles[each.role_id], each.cooldown_seconds, each.battles_per_day)
            for each in own.role_allowances
            if each.role_id in roles
        ),
    )
    return msgspec.json.format(msgspec.json.encode(document), indent=2)


def read(content: bytes, directory: Directory) -> SettingsImport:
    """Understand a file in a server, the whole of it or nothing; raises `ArenaError` that names the place."""
    try:
        document = msgspec.json.decode(content, type=SettingsFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise ArenaError(
            N_(
                "This is not a settings file: {reason}. Nothing was changed. Please attach what /settings"
                " export gives."
            ),
            reason=str(exc),
        ) from exc
    channels, roles = _Index("#", directory.channels), _Index("@", directory.roles)
    found: dict[str, Value] = {name: getattr(document, name) for name in OwnValues.__struct_fields__}
    for field, index, names in (
        ("battle_channel_ids", channels, document.battle_channels),
        ("rated_channel_ids", channels, document.rated_channels),
        ("battle_role_ids", roles, document.battle_roles),
    ):
        if (ids := index.ids(names)) is not None:
            found[field] = tuple(dict.fromkeys(ids))
    for field, name in (
        ("log_channel_id", document.log_channel),
        ("weekly_channel_id", document.weekly_channel),
    ):
        if (ids := channels.ids([name] if name else [])) is not None:
            found[field] = ids[0] if ids else None
    if (ids := roles.ids([each.role for each in document.role_allowances])) is not None:
        daily_limits = {
            role_id: RoleAllowance(role_id, each.cooldown_seconds, each.battles_per_day)
            for role_id, each in zip(ids, document.role_allowances, strict=True)
        }
        found["role_allowances"] = tuple(daily_limits.values())
    return SettingsImport(found, [*channels.unknown, *roles.unknown])


class _Index:
    """Finds what is named; `unknown` gathers the names of nothing, or of several things."""

    def __init__(self, sign: str, names: Mapping[int, str]) -> None:
        self.unknown: list[str] = []
        self._sign = sign
        self._ids: dict[str, list[int]] = {}
        for each, name in names.items():
            self._ids.setdefault(name, []).append(each)

    def ids(self, names: Sequence[str]) -> tuple[int, ...] | None:
        """Return what all the names stand for, or `None` where one of them stands for nothing here."""
        missing = [name for name in names if len(self._ids.get(name, ())) != 1]
        self.unknown += [
            f"{self._sign}{name}" for name in missing if f"{self._sign}{name}" not in self.unknown
        ]
        return None if missing else tuple(self._ids[name][0] for name in names)
