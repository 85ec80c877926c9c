"""A tournament's channel for tests, as plain data, with a crowd that votes at once and ends the vote."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from bot.arena.battles.card import CardAddress
from bot.arena.voting.message import CardState
from bot.domain.battle import Battle, Side
from bot.domain.vote import Vote
from bot.errors import MessageUnavailableError
from tests.cards import PlainCard

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.arena.voting.message import CardSnapshot
    from bot.domain.tournament import MatchResult, Tournament
    from bot.errors import ArenaError
    from bot.services import Arena

    Crowd = Callable[[Battle], list[Vote]]
    News: TypeAlias = tuple[MatchResult, ...] | str


def for_the_first(battle: Battle) -> list[Vote]:
    """Vote for the model that came to the server first."""
    first = min(Side, key=lambda side: battle.contestant(side).model_id)
    return [Vote(first), Vote(first), Vote(first.other)]


@dataclass(slots=True)
class CrowdCard(PlainCard):
    """A card on which a crowd votes once the ballot is there."""

    arena: Arena | None = None
    battle: Battle | None = None
    votes: list[Vote] = field(default_factory=list[Vote])
    ends_early: bool = True

    async def show_ballot(self, battle: Battle) -> None:
        await PlainCard.show_ballot(self, battle)
        self._vote()

    async def look(self) -> CardSnapshot:
        snapshot = await PlainCard.look(self)
        if snapshot.state is CardState.BALLOT:
            self._vote()
        return snapshot

    def _vote(self) -> None:
        assert self.arena
        assert self.battle
        for voter, vote in enumerate(self.votes, 1000):
            self.reactions[vote].add(voter)
            self.arena.ballots.add(self.battle.message_id or 0, voter, vote)
        if self.ends_early:
            self.arena.battles.end_early(self.battle.battle_id, 0, moderator=True)


@dataclass(slots=True)
class PlainChannel:
    """What was said stands in `news`; errors in `troubles` are raised by the next posts and announcements."""

    arena: Arena
    crowd: Crowd = for_the_first
    ends_early: bool = True
    news: list[News] = field(default_factory=list["News"])
    posted: list[Battle] = field(default_factory=list[Battle])
    cards: dict[int, CrowdCard] = field(default_factory=dict[int, CrowdCard])
    troubles: list[Exception] = field(default_factory=list[Exception])
    shut: int = 0
    """So often one looks, or posts, until the thread is open again."""

    @property
    def is_shut(self) -> bool:
        self.shut -= 1
        return self.shut >= 0

    @property
    def may_remove_reactions(self) -> bool:
        return False

    async def post(self, battle: Battle) -> CardAddress:
        self.shut -= 1
        if self.shut >= 0:
            raise MessageUnavailableError("50083")
        self._may_fail()
        self.posted.append(battle)
        return CardAddress(9000 + battle.battle_id)

    def card(self, battle: Battle) -> CrowdCard:
        known = self.cards.setdefault(battle.battle_id, CrowdCard())
        known.arena, known.battle = self.arena, battle
        known.votes, known.ends_early = self.crowd(battle), self.ends_early
        return known

    async def show_results(self, tournament: Tournament, results: Sequence[MatchResult]) -> None:  # noqa: ARG002
        self._may_fail()
        self.news.append(tuple(results))

    async def show_draw(self, tournament: Tournament, battle: Battle) -> None:  # noqa: ARG002
        self._may_fail()
        self.news.append("draw")

    async def call_for_prompts(self, tournament: Tournament) -> None:
        self._may_fail()
        self.news.append(f"call after {tournament.battles}")

    async def show_delay(self, tournament: Tournament, reason: ArenaError) -> None:  # noqa: ARG002
        self._may_fail()
        self.news.append(str(reason))

    @property
    def results(self) -> list[MatchResult]:
        """All results that were announced, in order."""
        return [result for news in self.news if not isinstance(news, str) for result in news]

    def _may_fail(self) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
