"""What a vote needs of the message it is held under; `cogs` implement it for Discord."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.battle import Side
    from bot.domain.vote import Vote


class CardState(Enum):
    """What the card shows at present."""

    REPLIES = auto()
    BALLOT = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class CardSnapshot:
    """One look at the message."""

    scene: CardState
    counts: Mapping[Vote, int]
    """Reactions of each choice, the bot's own left out."""

    unseeded: tuple[Vote, ...]
    """The choices that the bot has not put under the message."""

    hidden: frozenset[Side] = frozenset()
    """The sides whose replies the card does not show although the vote is open."""
