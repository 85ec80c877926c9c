"""How far the ratings of a server would be elsewhere without the votes of one member."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import starmap
from typing import TYPE_CHECKING

from bot.arena.ratings.bradley_terry import fit
from bot.deferred import Deferred
from bot.domain.pair_sums import PairSums, of_one

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from bot.arena.moderation.suspicion import Flags, Ints, Votes
    from bot.arena.ratings.bradley_terry import Ratings
    from bot.arena.ratings.games import Floats
    from bot.domain.pair_sums import Pair, Pairs
else:
    np = Deferred("numpy")

MOST = 5
"""So many members are told of, those with the most votes: only many votes move much."""

CHOICES = 4


@dataclass(frozen=True, slots=True)
class Influence:
    """Without a member's votes, this model's rating would change more than any other's: by `points`."""

    user_id: int
    votes: int
    model_id: int
    points: float


def influences(ratings: Ratings, sums: Pairs, cast: Votes) -> list[Influence]:
    """Take each of the busiest members' votes out in turn; the one who moved most comes first."""
    members, votes = np.unique(cast.member[cast.member > 0], return_counts=True)  # others were forgotten
    busiest = np.argsort(-votes, kind="stable")[:MOST]
    found = [_influence(ratings, sums, cast, int(members[at]), int(votes[at])) for at in busiest]
    return sorted(found, key=lambda each: -abs(each.points))


def _influence(ratings: Ratings, sums: Pairs, cast: Votes, user_id: int, votes: int) -> Influence:
    without = fit(ratings.models, _without(ratings.models, sums, cast, user_id), start=ratings.thetas())
    moved = [after.rating - before.rating for before, after in zip(ratings.rows, without.rows, strict=True)]
    at = max(range(len(moved)), key=lambda each: abs(moved[each]))
    return Influence(user_id, votes, ratings.models[at], moved[at])


def _without(models: Sequence[int], sums: Pairs, cast: Votes, user_id: int) -> dict[Pair, PairSums]:
    """Return the sums as they would be; they are not linear in the votes of a battle."""
    is_own = cast.member == user_id
    battles, own_at = np.unique(cast.battle[is_own], return_inverse=True)
    at = np.searchsorted(battles, cast.battle)
    is_there = (at < len(battles)) & (battles[np.minimum(at, len(battles) - 1)] == cast.battle)
    tallies = np.zeros((len(battles), CHOICES))
    np.add.at(tallies, (at[is_there], cast.choice[is_there]), 1)
    own = np.zeros_like(tallies)
    np.add.at(own, (own_at, cast.choice[is_own]), 1)
    a, b = np.zeros(len(battles), np.int64), np.zeros(len(battles), np.int64)
    a[own_at], b[own_at] = cast.a[is_own], cast.b[is_own]
    change = _values(tallies - own, a > b) - _values(tallies, a > b)
    changed = dict(sums)
    for one, other, values in zip(_ids(models, a), _ids(models, b), change.tolist(), strict=True):
        pair = min(one, other), max(one, other)
        changed[pair] = changed[pair] + _sums(values)
    return {pair: left for pair, left in changed.items() if left.votes}


def _ids(models: Sequence[int], positions: Ints) -> list[int]:
    return [models[at] for at in positions.tolist()]


def _sums(values: Sequence[float]) -> PairSums:
    votes, score, weight, weighted, squares, *counts = values
    return PairSums(int(votes), score, weight, weighted, squares, *map(int, counts))


def _values(tallies: Floats, is_mirrored: Flags) -> Floats:
    """Return what each battle adds to the sums of its pair, in the order of `PairSums`."""
    tallies = tallies.copy()
    tallies[is_mirrored, :2] = tallies[is_mirrored, 1::-1]
    wins_i, wins_j, tie, both_bad = tallies.T
    votes = tallies.sum(axis=1)
    score = wins_i + (tie + both_bad) / 2
    weights = np.array(list(starmap(of_one, zip(votes.tolist(), score.tolist(), strict=True)))).reshape(-1, 3)
    counts = (votes * votes, wins_i, wins_j, tie, both_bad, votes > 0)
    return np.stack([votes, score, *weights.T, *counts], axis=1)
