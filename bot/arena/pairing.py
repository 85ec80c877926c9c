"""The two models of one battle, and who steps in where one fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.arena.matchmaking import PairProbabilities, draw, draw_replacement, unseen
from bot.domain import Side
from bot.errors import ArenaError
from bot.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Collection
    from random import Random

    from bot.arena.roster import Fighter, GuildRoster


class Pairing:
    """`odds` are the chances of each pair of the server's models that can be drawn.

    Models whose answer to the prompt was `seen` with their names fight only where there are no others: they
    would be known by it. `probability` is that of the pair as it was drawn, times that of each replacement
    given the model that stayed: with it, anyone can reweight the votes later.
    """

    def __init__(
        self, roster: GuildRoster, odds: PairProbabilities, random: Random, seen: Collection[int] = ()
    ) -> None:
        if not odds:
            raise ArenaError(
                N_("A battle needs two models that can answer, and this server has {count} at the moment."),
                count=len(roster.ready()),
            )
        first = draw(random, unseen(odds, seen))
        self.sides = {Side.A: first.a, Side.B: first.b}
        self.probability = first.probability
        self._roster = roster
        self._odds = odds
        self._random = random
        self._seen = seen
        self._failed: set[int] = set()

    def fighter(self, side: Side) -> Fighter:
        return self._roster.fighter(self.sides[side])

    def replace(self, side: Side) -> Fighter | None:
        """Take the model on `side`, which failed, out of this battle, and draw another if there is one."""
        self._failed.add(self.sides[side])
        ready = self._roster.ready()
        unable = {model for pair in self._odds for model in pair if model not in ready}
        fixed = self.sides[side.other]
        drawn = draw_replacement(self._random, self._odds, fixed, self._failed | unable, self._seen)
        if drawn is None:
            return None
        self.sides[side] = drawn.model
        self.probability *= drawn.probability
        return self.fighter(side)
