"""The words of the arena, as types; everything else is written in them."""

from __future__ import annotations

from enum import StrEnum


class Side(StrEnum):
    """One of the two seats of a battle."""

    A = "a"
    B = "b"

    @property
    def other(self) -> Side:
        return Side.B if self is Side.A else Side.A


class Vote(StrEnum):
    """What a member can say of a battle; the values are those of the public arena data sets."""

    A = "a"
    B = "b"
    TIE = "tie"
    BOTH_BAD = "both_bad"


class BattleState(StrEnum):
    """How far a battle has come.

    `CLOSED` means that its tally is committed and only the card is still to be redrawn.
    """

    GENERATING = "generating"
    VOTING = "voting"
    CLOSED = "closed"
    REVEALED = "revealed"
    VOIDED = "voided"
