from __future__ import annotations

import pytest

from bot.arena.moderation.suspicion import THRESHOLD, Evidence
from bot.arena.moderation.vote_audits import Manner, Pace, Strength, Suspect, suspects

SLOW = Pace(votes=50, timed=50, fast=2)
HASTY = Pace(votes=40, timed=40, fast=10)


def test_the_strongest_evidence_comes_first_and_mere_haste_last() -> None:
    paces = {1: SLOW, 2: HASTY, 3: SLOW, 4: SLOW}
    weighed = [
        Evidence(1, 50, coin=4.0, contrarian=-9.0),
        Evidence(3, 50, coin=9.0, contrarian=30.0),
        Evidence(4, 50, coin=-20.0, contrarian=-40.0),
    ]

    assert suspects(paces, weighed) == [
        Suspect(3, SLOW, Manner.CONTRARIAN, 30.0),
        Suspect(1, SLOW, Manner.COIN, 4.0),
        Suspect(2, HASTY, None),
    ]


@pytest.mark.parametrize(
    ("pace", "is_hasty"),
    [
        (Pace(votes=40, timed=40, fast=10), True),
        (Pace(votes=90, timed=40, fast=10), True),
        (Pace(votes=41, timed=41, fast=10), False),
        (Pace(votes=9, timed=9, fast=9), False),
        (Pace(), False),
    ],
)
def test_haste_is_ten_fast_votes_and_a_quarter_of_those_whose_time_is_known(
    pace: Pace, *, is_hasty: bool
) -> None:
    assert bool(suspects({1: pace}, [])) is is_hasty


@pytest.mark.parametrize(
    ("evidence", "strength"),
    [
        (THRESHOLD, Strength.NOTICEABLE),
        (6.9, Strength.NOTICEABLE),
        (7.0, Strength.STRONG),
        (13.8, Strength.STRONG),
        (13.9, Strength.OVERWHELMING),
    ],
)
def test_strength_is_said_in_three_steps(evidence: float, strength: Strength) -> None:
    assert Suspect(1, SLOW, Manner.COIN, evidence).strength is strength
