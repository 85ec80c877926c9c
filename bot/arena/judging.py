"""Whether the replies of a battle keep the secret; one where they do not is not rated. Pure, but slow."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from bot.arena.anonymity.leaks import asks_identity, find_leak
from bot.domain.battle import Side, UnratedReason

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.domain.battle import Battle

Names: TypeAlias = "Mapping[Side, Collection[str]]"
"""What gives each side's model away."""


def judge(battle: Battle, names: Names) -> Battle:
    """Find out whether the replies keep the secret; a battle where one does not is not rated."""
    replies = {side: battle.contestant(side).reply for side in Side}
    return _judged(battle, battle.prompt, replies, names)


def judge_turn(battle: Battle, names: Names) -> Battle:
    """Find out whether the replies of the last turn keep the secret, as `judge` does for the first.

    What an earlier prompt names already is known to everyone.
    """
    turn = battle.turns[-1]
    replies = {side: turn.answer(side).reply for side in Side}
    prompts = "\n".join(prompt for prompt, _ in battle.exchanges(Side.A))
    return _judged(battle, prompts, replies, names)


def _judged(battle: Battle, prompt: str, replies: Mapping[Side, str], names: Names) -> Battle:
    a, b = (
        replace(contestant, leak=contestant.leak or find_leak(replies[side], prompt, names[side]))
        for side in Side
        for contestant in [battle.contestant(side)]
    )
    return replace(battle, a=a, b=b, unrated=battle.unrated or _reason(prompt, a.leak or b.leak))


def _reason(prompt: str, leak: str | None) -> UnratedReason | None:
    if asks_identity(prompt):
        return UnratedReason.ASKED_IDENTITY
    return UnratedReason.LEAK if leak else None
