"""The two models of one battle, and who steps in where one fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.arena.matchmaking import PairProbabilities, draw, draw_replacement
from bot.domain import Side
from bot.errors import ArenaError
from bot.i18n import N_

if TYPE_CHECKING:
    from random import Random

    from bot.arena.roster import Fighter, GuildRoster

TOO_FEW = N_("A battle needs two models that can answer, and this server has {count} at the moment.")
TOO_FEW_FOR_IMAGE = N_(
    "A battle with an image needs two models that can be shown images, and this server has {count} at the"
    " moment."
)


class Pairing:
    """`odds` are the chances of each pair of the server's models that can be drawn.

    `probability` is that of the pair as it was drawn, times that of each replacement given the model that
    stayed: with it, anyone can reweight the votes later.
    """

    def __init__(
        self, roster: GuildRoster, odds: PairProbabilities, random: Random, *, for_image: bool = False
    ) -> None:
        if not odds:
            raise ArenaError(
                TOO_FEW_FOR_IMAGE if for_image else TOO_FEW, count=len(roster.ready(for_image=for_image))
            )
        first = draw(random, odds)
        self.sides = {Side.A: first.a, Side.B: first.b}
        self.probability = first.probability
        self._roster = roster
        self._odds = odds
        self._random = random
        self._failed: set[int] = set()

    def fighter(self, side: Side) -> Fighter:
        return self._roster.fighter(self.sides[side])

    def replace(self, side: Side) -> Fighter | None:
        """Take the model on `side`, which failed, out of this battle, and draw another if there is one."""
        self._failed.add(self.sides[side])
        ready = self._roster.ready()
        unable = {model for pair in self._odds for model in pair if model not in ready}
        fixed = self.sides[side.other]
        drawn = draw_replacement(self._random, self._odds, fixed, self._failed | unable)
        if drawn is None:
            return None
        self.sides[side] = drawn.model
        self.probability *= drawn.probability
        return self.fighter(side)
