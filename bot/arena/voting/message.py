"""The message that a vote is held under, as a ballot needs it; `cogs` implement it for Discord."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

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

    state: CardState
    counts: Mapping[Vote, int]
    """Reactions of each choice, the bot's own left out."""

    unseeded: tuple[Vote, ...]
    """The choices that the bot has not put under the message."""

    hidden: frozenset[Side] = frozenset()
    """The sides whose replies the card does not show although the vote is open."""


class BallotMessage(Protocol):
    """The reactions under one message, and who is behind them.

    Every method raises `MessageGoneError` when message or channel are out of reach for good, and
    `MessageUnavailableError` when Discord failed but may work later.
    """

    async def seed(self, choices: Collection[Vote]) -> None:
        """Put the bot's own reactions under the message, for members to press.

        Raises `MessageRefusedError` where the message takes no more of them.
        """
        ...

    async def unseed(self, choice: Vote) -> None:
        """Take the bot's own reaction off the message, if it is still there."""
        ...

    async def remove(self, vote: Vote, user_id: int) -> None:
        """Take a member's reaction off the message, if it is still there."""
        ...

    async def look(self) -> CardSnapshot: ...

    async def voters(self, vote: Vote) -> frozenset[int]:
        """Return who stands behind a reaction, bots left out."""
        ...

    async def joined_at(self, user_id: int) -> float | None:
        """Return when a member came to the server, in Unix seconds; `None` where it is not a member."""
        ...
