"""Whether the replies of a battle keep the secret; one where they do not is not rated. Pure, but slow."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.arena.integrity import asks_identity, find_leak
from bot.domain import Side, UnratedReason

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.arena.integrity import Leak
    from bot.domain import Battle


def judge(battle: Battle, names: set[str]) -> Battle:
    """Find out whether the replies keep the secret; a battle where one does not is not rated."""
    leaks = {side: find_leak(battle.contestant(side).reply, battle.prompt, names) for side in Side}
    a, b = (
        replace(battle.contestant(side), leak=leak.text if (leak := leaks[side]) else None) for side in Side
    )
    return replace(battle, a=a, b=b, unrated=battle.unrated or _reason(battle.prompt, leaks.values()))


def judge_turn(battle: Battle, names: set[str]) -> Battle:
    """Find out whether the replies of the last turn keep the secret, as `judge` does for the first."""
    turn = battle.turns[-1]
    leaks = {side: find_leak(turn.answer(side).reply, turn.prompt, names) for side in Side}
    a, b = (
        replace(contestant, leak=contestant.leak or (leak.text if (leak := leaks[side]) else None))
        for side in Side
        for contestant in [battle.contestant(side)]
    )
    return replace(battle, a=a, b=b, unrated=battle.unrated or _reason(turn.prompt, leaks.values()))


def _reason(prompt: str, leaks: Iterable[Leak | None]) -> UnratedReason | None:
    if asks_identity(prompt):
        return UnratedReason.ASKED_IDENTITY
    return UnratedReason.LEAK if any(leaks) else None
