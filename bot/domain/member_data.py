"""Data kept of one member in one guild, as the file for that member holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bot.domain.audit import AuditAction
    from bot.domain.battle import BattleState, FinishReason, Side, Turn, UnratedReason, VoidReason
    from bot.domain.vote import Tally, Vote


class MemberKey(NamedTuple):
    """The ids of a guild and of a member of it."""

    guild_id: int
    user_id: int


@dataclass(frozen=True, slots=True)
class StoredSide:
    """One side of a battle; see `Contestant` for the units.

    All but the reply is `None` until the battle is decided.
    """

    reply: str
    finish: FinishReason
    model: str | None
    first_token_seconds: float | None
    total_seconds: float | None
    input_tokens: int | None
    output_tokens: int | None
    cost: float | None
    leak: str | None


@dataclass(frozen=True, slots=True)
class AskedBattle:
    """A battle that the member asked for. Times are Unix seconds.

    `unrated` and `tally` are `None` until it is decided.
    """

    battle_id: int
    channel_id: int
    message_id: int | None
    prompt: str
    locale: str
    state: BattleState
    opened_at: float
    voting_at: float | None
    closes_at: float | None
    closed_at: float | None
    texts_removed_at: float | None
    unrated: UnratedReason | None
    voided: VoidReason | None
    tally: Tally | None
    categories: tuple[str, ...]
    a: StoredSide
    b: StoredSide
    turns: tuple[Turn, ...]
    """Those after the first; tokens are `None` until it is decided."""


class OwnVote(NamedTuple):
    """A vote of the member; `reactions` are those that stood, as `MemberBallot.encode` writes them."""

    battle_id: int
    vote: Vote | None
    unclear: bool
    reactions: str
    changed_at: float


class OwnReport(NamedTuple):
    """A reply that the member reported, and why."""

    battle_id: int
    side: Side
    reason: str | None
    at: float


class OwnChange(NamedTuple):
    """A change by the member as a moderator: the model by its public name today, and the fields."""

    at: float
    action: AuditAction
    model: str | None
    fields: tuple[str, ...]
