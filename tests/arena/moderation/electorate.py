"""A few members who vote on four models, each better than the next."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from bot.arena.moderation.suspicion import Evidence, Votes, weigh
from bot.arena.ratings.bradley_terry import Ratings, fit
from bot.domain.pair_sums import PairSums, in_order
from bot.domain.vote import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.arena.ratings.games import Ints

MODELS = 4
GAP = 1.0
"""Between neighbours, in logits."""

TIES = 0.5
HONEST, COIN_OF_FOUR, COIN_OF_TWO, CONTRARIAN = range(4)


def votes_of(kinds: Iterable[int], battles: int, *, gap: float = GAP, effect: float = 0.0) -> Votes:
    """Let all members vote on all battles; a member's number is the position of its kind.

    `effect` is the standard deviation, in logits, of what everyone sees in the replies of one battle.
    """
    random = np.random.default_rng(1)
    every = np.array(list(kinds))
    member, battle = (each.ravel() for each in np.mgrid[: len(every), :battles])
    a = random.integers(MODELS, size=battles)
    b = (a + random.integers(1, MODELS, size=battles)) % MODELS
    d = (gap * (b - a) + random.normal(0, effect, battles))[battle]
    kind = every[member]
    w = np.exp(np.where(kind == CONTRARIAN, -d, d) / 2)
    parts = np.stack((w, 1 / w, np.full_like(w, TIES / 2), np.full_like(w, TIES / 2)), axis=-1)
    parts[kind == COIN_OF_FOUR] = 1
    parts[kind == COIN_OF_TWO] = (1, 1, 0, 0)
    limits = parts.cumsum(axis=-1) / parts.sum(axis=-1, keepdims=True)
    choice = (random.random((len(member), 1)) > limits[:, :3]).sum(axis=-1)
    return Votes(member, battle, choice, a[battle], b[battle])


def among(votes: Votes, chosen: Ints) -> Votes:
    return Votes(*(getattr(votes, name)[chosen] for name in Votes.__slots__))


def mirrored(votes: Votes) -> Votes:
    """Let every battle have its sides the other way round."""
    choice = np.array([1, 0, 2, 3])[votes.choice]
    return replace(votes, a=votes.b, b=votes.a, choice=choice)


def rated(votes: Votes) -> Ratings:
    sums = {pair: PairSums() for pair in combinations(range(MODELS), 2)}
    for battle in np.unique(votes.battle):
        own = votes.battle == battle
        tally = Tally(*np.bincount(votes.choice[own], minlength=4).tolist())
        pair, change = in_order(int(votes.a[own][0]), int(votes.b[own][0]), tally)
        sums[pair] += change
    return fit(range(MODELS), sums)


def weighed(votes: Votes) -> dict[int, Evidence]:
    return {each.member: each for each in weigh(rated(votes), votes)}
