"""Entries of a guild's audit log: who changed what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class AuditAction(StrEnum):
    """Kinds of changes that the audit log holds."""

    ADDED = "added"
    EDITED = "edited"
    ENABLED = "enabled"
    DISABLED = "disabled"
    RETIRED = "retired"
    REMOVED = "removed"
    MASKED = "masked"
    UNMASKED = "unmasked"
    LIMITS = "limits"
    ACCESS = "access"
    LOG = "log"
    VOIDED = "voided"
    UNVOIDED = "unvoided"
    SEASON = "season"
    SEASON_UNDONE = "season_undone"
    CATEGORY_OPENED = "category_opened"
    CATEGORY_CLOSED = "category_closed"
    CATEGORY_BOUND = "category_bound"
    RECAP = "recap"
    TOURNAMENT_STARTED = "tournament_started"
    TOURNAMENT_STOPPED = "tournament_stopped"
    EXCLUDED = "excluded"
    INCLUDED = "included"
    REPLY_HIDDEN = "reply_hidden"
    REPLY_SHOWN = "reply_shown"
    SETTINGS = "settings"
    FAMILY = "family"


class Change(NamedTuple):
    """One changed field, before and after, in words; of a key only that it changed."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change; `name` is the model's true name at the time, `shown_as` its public one."""

    guild_id: int
    at: float
    actor_id: int
    action: AuditAction
    model_id: int | None = None
    name: str | None = None
    shown_as: str | None = None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Actor:
    """The moderator who changes something, and where."""

    guild_id: int
    user_id: int
