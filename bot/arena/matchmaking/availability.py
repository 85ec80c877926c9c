"""Which of a server's models a battle may ask, by what it asks of them; pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from bot.domain.battle import Side
from bot.errors import ArenaError
from bot.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.arena.models.roster import GuildRoster
    from bot.domain.battle import Battle

    Pair = tuple[int, int]


TOO_FEW = N_("A battle needs two models that can answer, and this server has {count} at the moment.")
TOO_FEW_FOR_IMAGE = N_(
    "A battle with an image needs two models that can be shown images, and this server has {count} at the"
    " moment."
)


@dataclass(frozen=True, slots=True)
class Demand:
    """What a prompt asks of the models that are to answer it."""

    chars: int = 0
    image: bool = False


def eligible(roster: GuildRoster, demand: Demand) -> list[int]:
    """Return the models that can be drawn now; raises `ArenaError` where no two of them may meet."""
    ready = sorted(roster.ready())
    if demand.image:
        ready = [model for model in ready if roster[model].accepts_images]
    able = [model for model in ready if roster[model].takes(demand.chars)]
    if not _pairs(roster, able):
        raise _refusal(roster, ready, demand)
    return able


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
        raise ArenaError(
            N_("This conversation is as long as the models here can take. Please begin anew with /battle.")
        )
    raise ArenaError(
        N_(
            "This conversation has room for {room} more characters, and your prompt has {length}: models here"
            " can take no more. Please shorten it, or begin anew with /battle."
        ),
        room=room,
        length=len(prompt),
    )


def _pairs(roster: GuildRoster, models: Collection[int]) -> list[Pair]:
    siblings = roster.siblings()
    return [pair for pair in combinations(sorted(models), 2) if pair not in siblings]


def _refusal(roster: GuildRoster, ready: Collection[int], demand: Demand) -> ArenaError:
    """Say why nobody can be drawn, naming what would have to be different."""
    if len(ready) < 2:  # noqa: PLR2004 - a pair
        return ArenaError(TOO_FEW_FOR_IMAGE if demand.image else TOO_FEW, count=len(ready))
    pairs = _pairs(roster, ready)
    if not pairs:
        return ArenaError(
            N_(
                "All models that can answer at the moment are variants of one another, and such siblings do"
                " not meet."
            )
        )
    most = max(min(roster[model].max_prompt_chars or demand.chars for model in pair) for pair in pairs)
    return ArenaError(
        N_(
            "Your prompt has {length} characters. The longest that two models here can be asked at the moment"
            " has {most}. Please shorten it."
        ),
        length=demand.chars,
        most=most,
    )
