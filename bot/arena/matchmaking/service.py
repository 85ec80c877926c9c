"""Who meets whom next in a server: two models drawn by chance, or two that were chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.arena.matchmaking.availability import check_able, eligible
from bot.arena.matchmaking.odds import PairProbabilities, pair_probabilities
from bot.arena.matchmaking.pairing import Pairing
from bot.arena.ratings.leaderboards import rate

if TYPE_CHECKING:
    from collections.abc import Collection
    from random import Random

    from bot.arena.matchmaking.availability import PromptNeeds
    from bot.arena.models.roster import GuildRoster, Roster
    from bot.config import BattleDefaults
    from bot.storage.database import Connection


@dataclass(frozen=True, slots=True)
class Odds:
    """The server's models, and the chance of each pair that can be drawn."""

    roster: GuildRoster
    pairs: PairProbabilities


class Matchmaking:
    """The draws of the process; both kinds of pairing raise `ArenaError` where there is no such pair."""

    def __init__(self, roster: Roster, defaults: BattleDefaults, random: Random) -> None:
        self._roster = roster
        self._defaults = defaults
        self._random = random

    async def draw(
        self, connection: Connection, guild_id: int, needs: PromptNeeds, seen: Collection[int] = ()
    ) -> Pairing:
        """Draw two models that can take what is asked; one of those `seen` only where there is no other."""
        odds = await self._odds(connection, guild_id, needs)
        return Pairing(odds.roster, odds.pairs, self._random, seen, needs.chars)

    async def pair(
        self, connection: Connection, guild_id: int, models: tuple[int, int], needs: PromptNeeds
    ) -> Pairing:
        """Let two chosen models meet, on sides that are drawn."""
        roster = await self._roster.within(connection, guild_id)
        check_able(roster, models, needs)
        return Pairing(roster, {models: 1.0}, self._random)

    async def _odds(self, connection: Connection, guild_id: int, needs: PromptNeeds) -> Odds:
        """Return who can be drawn, and how likely each pair is."""
        roster = await self._roster.within(connection, guild_id)
        able = eligible(roster, needs)
        ratings = await rate(connection, guild_id, roster.names)
        probabilities = pair_probabilities(
            able, ratings, newcomer_votes=self._defaults.newcomer_votes, apart=roster.siblings()
        )
        return Odds(roster, probabilities)
