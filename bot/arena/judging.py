"""Whether the replies of a battle keep the secret; one where they do not is not rated. Pure, but slow."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.arena.integrity import asks_identity, find_leak
from bot.domain import Side, UnratedReason

if TYPE_CHECKING:
    from bot.domain import Battle


def judge(battle: Battle, names: set[str]) -> Battle:
    """Find out whether the replies keep the secret; a battle where one does not is not rated."""
    leaks = {side: find_leak(battle.contestant(side).reply, battle.prompt, names) for side in Side}
    a, b = (
        replace(battle.contestant(side), leak=leak.text if (leak := leaks[side]) else None) for side in Side
    )
    if asks_identity(battle.prompt):
        return replace(battle, a=a, b=b, unrated=UnratedReason.ASKED_IDENTITY)
    return replace(battle, a=a, b=b, unrated=UnratedReason.LEAK if any(leaks.values()) else None)


def judge_turn(battle: Battle, names: set[str]) -> Battle:
    """Find out whether the replies of the last turn keep the secret, as `judge` does for the first."""
    turn = battle.turns[-1]
    leaks = {side: find_leak(turn.answer(side).reply, turn.prompt, names) for side in Side}
    a, b = (
        replace(contestant, leak=contestant.leak or (leak.text if (leak := leaks[side]) else None))
        for side in Side
        for contestant in [battle.contestant(side)]
    )
    unrated = battle.unrated
    if unrated is None and asks_identity(turn.prompt):
        unrated = UnratedReason.ASKED_IDENTITY
    elif unrated is None and any(leaks.values()):
        unrated = UnratedReason.LEAK
    return replace(battle, a=a, b=b, unrated=unrated)
