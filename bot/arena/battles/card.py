"""What a battle needs of the place where it is shown; `cogs` implement it for Discord."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.domain.battle import Battle, Side
    from bot.domain.vote import Vote


class Scene(Enum):
    """What the card shows at present."""

    REPLIES = auto()
    BALLOT = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A reply that is being written, and how many characters of it may be shown."""

    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Sighting:
    """One look at the message."""

    scene: Scene
    counts: Mapping[Vote, int]
    """Reactions of each choice, the bot's own left out."""

    unseeded: tuple[Vote, ...]
    """The choices that the bot has not put under the message."""

    hidden: frozenset[Side] = frozenset()
    """The sides whose replies the card does not show although the vote is open."""


class Stage(Protocol):
    """The message of one battle.

    Every method raises `StageLostError` when message or channel are out of reach for good, and
    `StageTroubleError` when Discord failed but may work later.
    """

    async def show_replies(self, battle: Battle, replies: Mapping[Side, Glimpse]) -> None:
        """Redraw the card while the models write."""
        ...

    async def show_ballot(self, battle: Battle) -> None: ...

    async def show_end(self, battle: Battle) -> None:
        """Redraw the card of a closed battle with the names, or of a voided one with the reason."""
        ...

    async def seed(self, choices: Collection[Vote]) -> None:
        """Put the bot's own reactions under the message, for members to press."""
        ...

    async def remove(self, vote: Vote, user_id: int) -> None:
        """Take a member's reaction off the message, if it is still there."""
        ...

    async def look(self) -> Sighting: ...

    async def voters(self, vote: Vote) -> frozenset[int]:
        """Return who stands behind a reaction, bots left out."""
        ...

    async def joined_at(self, user_id: int) -> float | None:
        """Return when a member came to the server, in Unix seconds; `None` where it is not a member."""
        ...
