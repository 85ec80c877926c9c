"""What a tournament needs of the channel that it is held in; `cogs` implement it for Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.arena.battles.card import CardAddress
    from bot.domain.battle import Battle
    from bot.domain.tournament import MatchResult, Tournament
    from bot.errors import ArenaError


class TournamentChannel(Protocol):
    """The channel of one tournament.

    Every method raises `MessageGoneError` and `MessageUnavailableError` as those of a `BattleCard` do.
    """

    @property
    def may_remove_reactions(self) -> bool:
        """The bot is allowed that in the channel."""
        ...

    @property
    def is_shut(self) -> bool:
        """It is a thread that is archived or locked, in which no card could stand."""
        ...

    async def post(self, battle: Battle) -> CardAddress:
        """Post the card of a match."""
        ...

    async def show_results(self, tournament: Tournament, results: Sequence[MatchResult]) -> None:
        """Say how matches ended.

        A message that Discord took without our hearing of it is not sent twice.
        """
        ...

    async def show_draw(self, tournament: Tournament, battle: Battle) -> None:
        """Say that the models of a battle, which is revealed, are to meet once more."""
        ...

    async def call_for_prompts(self, tournament: Tournament) -> None:
        """Say that the next match waits for a prompt; never twice, as above."""
        ...

    async def show_delay(self, tournament: Tournament, reason: ArenaError) -> None:
        """Say why the next match cannot begin yet."""
        ...
