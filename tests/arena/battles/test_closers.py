"""Who may end what before its time, and what everyone else is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from bot.arena.battles.closing import check_canceller, check_closer
from bot.domain.battle import Battle, BattleState, Contestant, Match, Place, Side, VoidReason
from bot.domain.rules import BattleRules
from bot.errors import ArenaError

ASKER, OTHER = 5, 6
A, B = (Contestant(side, 1, "Zephyrine") for side in Side)
BATTLE = Battle(1, 2, 3, 4, ASKER, "Why?", "en-US", BattleState.VOTING, 0.0, A, B)
MATCH = replace(BATTLE, match=Match(1, Place(0, 0), 1))


@pytest.mark.parametrize(
    ("closers", "told"),
    [
        ("nobody", "nobody can close a vote early"),
        ("moderators", "Only members with Manage Messages"),
        ("asker", "Only the member who asked, or one with Manage Messages,"),
    ],
)
def test_who_cannot_close_a_vote_is_told_who_can_and_when_it_ends(
    closers: Literal["nobody", "moderators", "asker"], told: str
) -> None:
    battle = replace(BATTLE, rules=BattleRules(early_close=closers))

    with pytest.raises(ArenaError, match=told) as refusal:
        check_closer(battle, OTHER, moderator=False)

    assert "at the time that its message shows" in str(refusal.value)


def test_the_member_who_asked_can_cancel_and_nobody_else_but_moderators() -> None:
    with pytest.raises(ArenaError, match="Only the member who asked"):
        check_canceller(BATTLE, OTHER, moderator=False)

    assert check_canceller(BATTLE, ASKER, moderator=False) is VoidReason.CANCELLED
    assert check_canceller(BATTLE, OTHER, moderator=True) is VoidReason.MODERATOR_CANCELLED


def test_the_member_whose_prompt_a_match_has_is_not_told_that_they_could_cancel_it() -> None:
    with pytest.raises(ArenaError, match="Only members with Manage Messages can cancel"):
        check_canceller(MATCH, ASKER, moderator=False)
