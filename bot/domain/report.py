"""Reports of replies, and what moderators do about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bot.domain.battle import Battle, Side


class Reply(NamedTuple):
    """A reply: all that one side says in a battle."""

    battle_id: int
    side: Side


@dataclass(frozen=True, slots=True)
class Report:
    """A report: who reported a reply, and why, where they said so; `at` in Unix seconds."""

    user_id: int
    reason: str | None
    at: float


@dataclass(frozen=True, slots=True)
class Hiding:
    """A ruling that hides a reply: by which moderator, and when (Unix seconds)."""

    user_id: int
    at: float


@dataclass(frozen=True, slots=True)
class Notice:
    """The message in a server's log channel that tells of a reply, and how many reports it tells of."""

    channel_id: int
    message_id: int
    reports: int


@dataclass(frozen=True, slots=True)
class ReportedReply:
    """A reply with its reports, the first one first; they may be none."""

    battle: Battle
    side: Side
    reports: tuple[Report, ...]
    hiding: Hiding | None

    @property
    def reply(self) -> Reply:
        return Reply(self.battle.battle_id, self.side)
