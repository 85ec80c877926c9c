from __future__ import annotations

import pytest

from bot.arena.voting.eligibility import VoterEligibility, made_at
from bot.domain.rules import BattleRules
from bot.domain.vote import Uncounted

ASKER = 175928847299117063
"""The id that Discord's own documentation dates to 2016-04-30 11:18:25.796 UTC."""

MADE = 1_462_015_105.796
DAY = 86_400.0


def test_an_id_says_when_the_account_was_made() -> None:
    assert made_at(ASKER) == pytest.approx(MADE)


def test_without_any_rule_everybody_decides() -> None:
    assert VoterEligibility(ASKER).objection(ASKER, None, MADE) is None


def test_the_asker_can_be_left_out() -> None:
    eligibility = VoterEligibility(ASKER, BattleRules(asker_votes=False))

    assert eligibility.objection(ASKER, MADE, MADE + 9 * DAY) is Uncounted.ASKER
    assert eligibility.objection(ASKER + 1, MADE, MADE + 9 * DAY) is None


@pytest.mark.parametrize(
    ("age", "objection"),
    [(7 * DAY - 1, Uncounted.NEW_ACCOUNT), (7 * DAY, None), (0.0, Uncounted.NEW_ACCOUNT)],
)
def test_an_account_has_to_be_old_enough(age: float, objection: Uncounted | None) -> None:
    eligibility = VoterEligibility(1, BattleRules(min_account_days=7))

    assert eligibility.objection(ASKER, None, MADE + age) is objection


@pytest.mark.parametrize(("since", "objection"), [(2 * DAY - 1, Uncounted.NEW_MEMBER), (2 * DAY, None)])
def test_a_member_has_to_be_there_long_enough(since: float, objection: Uncounted | None) -> None:
    eligibility = VoterEligibility(1, BattleRules(min_member_days=2))

    assert eligibility.objection(ASKER, MADE, MADE + since) is objection


def test_whether_a_member_is_there_long_enough_can_be_unknown() -> None:
    eligibility = VoterEligibility(1, BattleRules(min_member_days=2))

    assert eligibility.objection(ASKER, None, MADE + 9 * DAY) is Uncounted.UNKNOWN
