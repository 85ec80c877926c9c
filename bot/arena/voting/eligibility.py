"""Whose vote counts in a battle; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.days import DAY_SECONDS
from bot.domain.rules import DEFAULT_RULES, BattleRules
from bot.domain.vote import Uncounted

if TYPE_CHECKING:
    from bot.domain.battle import Battle

FIRST_ID_AT = 1_420_070_400.0
"""Discord's ids hold the milliseconds since the first second of 2015, above 22 other bits."""


def made_at(user_id: int) -> float:
    """Return when an account was made, in Unix seconds."""
    return FIRST_ID_AT + (user_id >> 22) / 1000


@dataclass(frozen=True, slots=True)
class VoterEligibility:
    """Who may decide a battle. The default is everybody."""

    asker_id: int = 0
    rules: BattleRules = DEFAULT_RULES

    @classmethod
    def of(cls, battle: Battle) -> VoterEligibility:
        return cls(battle.asker_id, battle.rules)

    def objection(self, user_id: int, joined_at: float | None, now: float) -> Uncounted | None:
        """Return why a vote cast now does not count, `UNKNOWN` as long as that hangs on `joined_at`."""
        if user_id == self.asker_id and not self.rules.asker_votes:
            return Uncounted.ASKER
        if now - made_at(user_id) < self.rules.min_account_days * DAY_SECONDS:
            return Uncounted.NEW_ACCOUNT
        if not self.rules.min_member_days:
            return None
        if joined_at is None:
            return Uncounted.UNKNOWN
        if now - joined_at < self.rules.min_member_days * DAY_SECONDS:
            return Uncounted.NEW_MEMBER
        return None
