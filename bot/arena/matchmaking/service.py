"""Who is drawn to meet whom: the odds of a server's models, and a pair by them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.arena.matchmaking.odds import PairProbabilities
    from bot.arena.models.roster import GuildRoster


@dataclass(frozen=True, slots=True)
class Odds:
    """The server's models, and the chance of each pair that can be drawn."""

    roster: GuildRoster
    pairs: PairProbabilities
