"""A card for tests: the message of a battle as plain data, and a record of what was drawn on it."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.arena.battles.card import PartialReply
from bot.arena.voting.message import CardSnapshot, CardState
from bot.domain.battle import Battle, Side
from bot.domain.vote import Vote

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping


@dataclass(slots=True)
class PlainCard:
    """Members' reactions stand in `reactions`; errors in `troubles` are raised by the next calls.

    `while_looking` happens after the voters were read and before the reader knows, as a vote may.
    """

    reactions: dict[Vote, set[int]] = field(default_factory=lambda: {vote: set[int]() for vote in Vote})
    state: CardState = CardState.REPLIES
    seeds: set[Vote] = field(default_factory=set[Vote])
    troubles: list[Exception] = field(default_factory=list[Exception])
    while_looking: list[Callable[[], None]] = field(default_factory=list["Callable[[], None]"])
    frames: list[dict[Side, PartialReply]] = field(default_factory=list[dict[Side, PartialReply]])
    read: list[Vote] = field(default_factory=list[Vote])
    looks: int = 0
    removed: list[tuple[Vote, int]] = field(default_factory=list[tuple[Vote, int]])
    members: dict[int, float] = field(default_factory=dict[int, float])
    asked_about: list[int] = field(default_factory=list[int])
    tokens: list[str] = field(default_factory=list[str])
    announced: list[Battle] = field(default_factory=list[Battle])
    ends: list[Battle] = field(default_factory=list[Battle])
    drawn: dict[CardState, asyncio.Event] = field(
        default_factory=lambda: {state: asyncio.Event() for state in CardState}
    )

    async def show_replies(self, battle: Battle, replies: Mapping[Side, PartialReply]) -> None:  # noqa: ARG002
        self._may_fail()
        self.frames.append(dict(replies))
        self.drawn[CardState.REPLIES].set()

    async def show_ballot(self, battle: Battle) -> None:  # noqa: ARG002
        self._may_fail()
        self.state = CardState.BALLOT
        self.drawn[CardState.BALLOT].set()

    async def show_end(self, battle: Battle) -> None:
        self._may_fail()
        self.state = CardState.END
        self.ends.append(battle)
        self.drawn[CardState.END].set()

    async def seed(self, choices: Collection[Vote]) -> None:
        self._may_fail()
        self.seeds.update(choices)

    async def unseed(self, choice: Vote) -> None:
        self._may_fail()
        self.seeds.discard(choice)

    async def announce(self, battle: Battle) -> None:
        self._may_fail()
        self.announced.append(battle)

    async def remove(self, vote: Vote, user_id: int) -> None:
        self._may_fail()
        self.removed.append((vote, user_id))
        self.reactions[vote].discard(user_id)

    async def look(self) -> CardSnapshot:
        self._may_fail()
        self.looks += 1
        counts = Counter({vote: len(members) for vote, members in self.reactions.items()})
        unseeded = tuple(vote for vote in Vote if vote not in self.seeds)
        return CardSnapshot(self.state, counts, unseeded)

    async def voters(self, vote: Vote) -> frozenset[int]:
        self._may_fail()
        self.read.append(vote)
        seen = frozenset(self.reactions[vote])
        if self.while_looking:
            self.while_looking.pop(0)()
        return seen

    async def joined_at(self, user_id: int) -> float | None:
        self._may_fail()
        self.asked_about.append(user_id)
        return self.members.get(user_id)

    def renew(self, token: str) -> None:
        self.tokens.append(token)

    def _may_fail(self) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
