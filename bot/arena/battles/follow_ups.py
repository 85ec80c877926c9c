"""A turn after the first: both models answer on, each with its own part of the conversation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.arena.battles.replies import Duel
from bot.backends.base import Message
from bot.domain.battle import Answer, Battle, BattleState, Side, Turn

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping

    from bot.arena.battles.card import Glimpse, Stage
    from bot.arena.battles.replies import Corner
    from bot.arena.models.roster import Fighter

    Conversation = tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """What the asker wants to know next; `done` tells how that went."""

    prompt: str
    fighters: Mapping[Side, Fighter]
    stage: Stage
    done: asyncio.Future[None]


@dataclass(frozen=True, slots=True)
class Written:
    """The battle with its new turn, and what that cost each side in US dollars, where it is known."""

    battle: Battle
    costs: Mapping[Side, float | None]


async def write_turn(battle: Battle, request: Request, patience: float) -> Written:
    """Let both models answer; raises `OutOfModelsError` where one cannot: nobody else knows its part."""
    turn = Turn(len(battle.turns) + 2, request.prompt)
    asked = replace(battle, turns=(*battle.turns, turn), state=BattleState.GENERATING)

    async def show(replies: Mapping[Side, Glimpse]) -> None:
        await request.stage.show_replies(asked, replies)

    duel = Duel(conversations(asked), request.fighters, lambda _side: None, patience, battle.rules.stream)
    corners = await duel.run(show)
    a, b = corners[Side.A], corners[Side.B]
    turn = replace(turn, a=_answer(a), b=_answer(b))
    costs = {
        side: corner.fighter.prices.cost(
            corner.usage, _asked(asked, side), corner.text, images=asked.image is not None
        )
        for side, corner in corners.items()
    }
    return Written(replace(battle, turns=(*battle.turns, turn)), costs)


def _answer(corner: Corner) -> Answer:
    return Answer(corner.text, corner.cut_off, corner.usage.input_tokens, corner.usage.output_tokens)


def conversations(battle: Battle) -> dict[Side, Conversation]:
    """Return what each side was asked and answered; its last reply is left out."""
    return {side: _conversation(battle, side) for side in Side}


def _conversation(battle: Battle, side: Side) -> Conversation:
    said: list[Message] = []
    image = battle.image
    for prompt, reply in battle.exchanges(side):
        said += [Message("user", prompt, image), Message("assistant", reply)]
        image = None
    return tuple(said[:-1])


def _asked(battle: Battle, side: Side) -> str:
    """Return all that a model has to read for its turn: providers charge for the whole of it."""
    return "\n".join(message.content for message in _conversation(battle, side))
