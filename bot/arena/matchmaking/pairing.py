"""The two models of one battle, and who steps in where one fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.arena.matchmaking.odds import PairProbabilities, chances, draw, draw_replacement, unseen
from bot.domain.battle import Side
from bot.domain.draws import Drawing, in_parts

if TYPE_CHECKING:
    from collections.abc import Collection
    from random import Random

    from bot.arena.models.roster import Competitor, GuildRoster


class Pairing:
    """`odds` are the chances of each pair of the server's models that can be drawn; there is one at least.

    Models whose answer to the prompt was `seen` with their names fight only where there are no others: they
    would be known by it. `probability` is that of the pair as it was drawn, times that of each replacement
    given the model that stayed: with it, anyone can reweight the votes later. Who steps in must take a
    prompt of `chars` characters as far as is known by then: that the servers of others refused it teaches.
    """

    def __init__(
        self,
        roster: GuildRoster,
        odds: PairProbabilities,
        random: Random,
        seen: Collection[int] = (),
        chars: int = 0,
    ) -> None:
        self._drawn_from = unseen(odds, seen)
        self._first = draw(random, self._drawn_from)
        self.sides = {Side.A: self._first.a, Side.B: self._first.b}
        self.probability = self._first.probability
        self._roster = roster
        self._odds = odds
        self._random = random
        self._seen = seen
        self._chars = chars
        self._failed: set[int] = set()
        self._gave_up: set[int] = set()
        self._stepped_in: set[int] = set()

    @property
    def is_certain(self) -> bool:
        """No other two could have been drawn."""
        return len(self._drawn_from) == 1

    @property
    def drawing(self) -> Drawing:
        """How the models were found so far. One that failed and then answered all the same did not fail."""
        return Drawing(
            self._first.a,
            self._first.b,
            {model: in_parts(chance) for model, chance in chances(self._drawn_from).items()},
            failed=frozenset(self._failed - set(self.sides.values()) | self._gave_up),
            stepped_in=frozenset(self._stepped_in),
        )

    def competitor(self, side: Side) -> Competitor:
        return self._roster.competitor(self.sides[side])

    def replace(self, side: Side) -> Competitor | None:
        """Take the model on `side`, which failed, out of this battle, and draw another if there is one."""
        self._failed.add(self.sides[side])
        able = {model for model in self._roster.ready() if self._roster[model].takes(self._chars)}
        unable = {model for pair in self._odds for model in pair if model not in able}
        fixed = self.sides[side.other]
        drawn = draw_replacement(self._random, self._odds, fixed, self._failed | unable, self._seen)
        if drawn is None:
            return None
        self.sides[side] = drawn.model
        self._stepped_in.add(drawn.model)
        self.probability *= drawn.probability
        return self.competitor(side)

    def give_up(self, side: Side) -> None:
        """Note that the model on `side` failed, and that nobody takes its place."""
        self._gave_up.add(self.sides[side])
