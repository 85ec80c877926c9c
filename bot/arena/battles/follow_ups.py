"""A turn after the first: both models answer on, each with its own part of the conversation."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from bot.arena.anonymity.leaks import judge_turn
from bot.arena.categories.rules import FOLLOW_UP
from bot.backends.base import ChatMessage
from bot.domain.battle import Answer, Battle, BattleState, Side, Turn, VoidReason
from bot.errors import ArenaError
from bot.i18n import N_
from bot.storage import draws, turns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.arena.battles.card import BattleCard
    from bot.arena.battles.replies import ReplyInProgress
    from bot.arena.battles.writing import Writing
    from bot.arena.models.prices import Exchange
    from bot.arena.models.roster import Competitor, GuildRoster
    from bot.storage.database import Database

    Conversation = tuple[ChatMessage, ...]

TOO_LONG = N_("This conversation is as long as the models here can take. Please begin anew with /battle.")
CANCELLED = N_("This turn was cancelled. The conversation stays as it was, and the vote goes on.")
CROWDED = N_(
    "The models were busy with others, and your turn did not come in time. The conversation stays as it was;"
    " please try again in a moment."
)
UNANSWERED = N_("The models could not answer. The conversation stays as it was; please try again later.")
UNWRITTEN = {
    VoidReason.PROMPT_TOO_LONG: TOO_LONG,
    VoidReason.CROWDED: CROWDED,
    VoidReason.MODELS_FAILED: UNANSWERED,
}
"""Why a turn was not written, by what would end a battle."""


@dataclass(frozen=True, slots=True)
class FollowUpRequest:
    """What the asker wants to know next; `done` tells how that went.

    `token` is that of the interaction in which they asked.
    """

    prompt: str
    competitors: Mapping[Side, Competitor]
    token: str
    done: asyncio.Future[None]


@dataclass(frozen=True, slots=True)
class WrittenTurn:
    """The battle with its new turn, and what that cost each side in US dollars, where it is known."""

    battle: Battle
    costs: Mapping[Side, float | None]


async def write_turn(
    battle: Battle, request: FollowUpRequest, card: BattleCard, writing: Writing
) -> WrittenTurn:
    """Let both models answer; raises `OutOfModelsError` where one cannot: nobody else knows its part."""
    turn = Turn(len(battle.turns) + 2, request.prompt)
    asked = replace(battle, turns=(*battle.turns, turn), state=BattleState.GENERATING)

    stream = writing.stream(asked, request.competitors, lambda _side: None)
    replies_in_progress = await stream.run(partial(card.show_replies, asked), is_announced=False)
    a, b = replies_in_progress[Side.A], replies_in_progress[Side.B]
    turn = replace(turn, a=_answer(a), b=_answer(b))
    names = {side: competitor.gives_away for side, competitor in request.competitors.items()}
    # In a thread, because long replies take many milliseconds.
    judged = await asyncio.to_thread(judge_turn, replace(battle, turns=(*battle.turns, turn)), names)
    return WrittenTurn(judged, costs(asked, replies_in_progress))


def costs(asked: Battle, replies_in_progress: Mapping[Side, ReplyInProgress]) -> dict[Side, float | None]:
    """Return what each reply to a battle's last prompt has cost so far."""
    return {
        side: reply_in_progress.cost(exchange_of(asked, side, reply_in_progress))
        for side, reply_in_progress in replies_in_progress.items()
    }


def exchange_of(asked: Battle, side: Side, reply_in_progress: ReplyInProgress) -> Exchange:
    """Return what a side's model had to read for a battle's last prompt, and what it wrote so far."""
    prompt = "\n".join(message.content for message in _conversation(asked, side))
    return reply_in_progress.exchange(prompt, asked)


async def store_turn(
    database: Database,
    battle: Battle,
    writing: Writing,
    costs: Mapping[Side, float | None] | None,
    failed: int | None,
) -> None:
    """Store the turn that has cost so much, or which model failed to write one, and until when one votes."""
    async with database.write() as connection:
        if costs is None:
            await turns.set_closes_at(connection, battle.battle_id, battle.closes_at)
            await turns.add_costs(connection, battle.battle_id, writing.take_costs())
        else:
            await turns.add(connection, battle, costs, FOLLOW_UP)
        if failed is not None:
            await draws.add_failure(connection, battle.battle_id, failed)


def _answer(reply_in_progress: ReplyInProgress) -> Answer:
    return Answer(
        reply_in_progress.text,
        reply_in_progress.finish,
        reply_in_progress.usage.input_tokens,
        reply_in_progress.usage.output_tokens,
    )


def conversations(battle: Battle) -> dict[Side, Conversation]:
    """Return what each side was asked and answered; its last reply is left out."""
    return {side: _conversation(battle, side) for side in Side}


def _conversation(battle: Battle, side: Side) -> Conversation:
    said: list[ChatMessage] = []
    image = battle.image
    for prompt, reply in battle.exchanges(side):
        said += [ChatMessage("user", prompt, image), ChatMessage("assistant", reply)]
        image = None
    return tuple(said[:-1])


def check_follower(battle: Battle, user_id: int, max_turns: int) -> None:
    """Refuse a next turn, where this member or this battle cannot have one."""
    if user_id != battle.asker_id:
        raise ArenaError(
            N_("Only the member who asked can continue this conversation. Begin your own with /battle.")
        )
    if battle.match:
        raise ArenaError(N_("In a tournament the models are asked once. For a conversation, use /battle."))
    if battle.lost_image:
        raise ArenaError(
            N_(
                "I do not have the image of this battle any more, so the conversation cannot go on. Please"
                " begin anew with /battle, and attach it again."
            )
        )
    if len(battle.turns) + 1 >= max_turns:
        raise ArenaError(
            N_("A conversation has {count} turns at most. Please begin anew with /battle."), count=max_turns
        )


def room_left(roster: GuildRoster, battle: Battle) -> int | None:
    """Return how many characters the battle's next prompt may have; `None` where nothing limits it.

    What limits it is the model that takes the least of all those that could have been drawn, and the longer
    of both conversations: so a conversation that ends for its length tells nothing of who holds it.
    """
    drawn = {battle.contestant(side).model_id for side in Side}
    limits = [
        entry.max_prompt_chars
        for entry in roster
        if entry.max_prompt_chars is not None
        if entry.model.model_id in drawn or (entry.fights and entry.takes(len(battle.prompt)))
    ]
    so_far = max(sum(len(said) for turn in battle.exchanges(side) for said in turn) for side in Side)
    return min(limits) - so_far if limits else None


def check_room(roster: GuildRoster, battle: Battle, prompt: str) -> None:
    """Refuse a next prompt that the conversation has no room for."""
    room = room_left(roster, battle)
    if room is None or len(prompt) <= room:
        return
    if room < 1:
        raise ArenaError(TOO_LONG)
    raise ArenaError(
        N_(
            "This conversation has room for {room} more characters, and your prompt has {length}: models here"
            " can take no more. Please shorten it, or begin anew with /battle."
        ),
        room=room,
        length=len(prompt),
    )
