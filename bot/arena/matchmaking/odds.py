"""Who meets whom, and on which side; pure: randomness is passed in."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from bot.deferred import Deferred

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from random import Random

    import numpy as np
    from numpy.typing import NDArray

    from bot.arena.ratings.bradley_terry import Ratings
    from bot.arena.ratings.games import Floats
else:
    np = Deferred("numpy")

UNIFORM_SHARE = 0.2
NEWCOMER_SHARE = 0.5

Pair = tuple[int, int]
PairProbabilities = dict[Pair, float]


@dataclass(frozen=True, slots=True)
class Draw:
    """Two models on their sides, and the probability with which their pair (not its sides) was drawn."""

    a: int
    b: int
    probability: float


@dataclass(frozen=True, slots=True)
class Replacement:
    """A model for the side whose first model failed.

    `probability` is conditional: given the model that stays, and the models that were left out.
    """

    model: int
    probability: float


def newcomers(models: Collection[int], votes: Mapping[int, int], newcomer_votes: int) -> frozenset[int]:
    """Return the models that have few votes, in themselves and beside the others.

    That is fewer than `newcomer_votes`, and less than a third of the votes of the median model. So on a new
    server, where all models have few, none of them is a newcomer.
    """
    limit = min(newcomer_votes, median(votes[model] for model in models) / 3)
    return frozenset(model for model in models if votes[model] < limit)


def pair_probabilities(
    models: Sequence[int],
    ratings: Ratings,
    *,
    newcomer_votes: int,
    apart: AbstractSet[Pair] = frozenset(),
) -> PairProbabilities:
    """Return the chance of each pair (i, j) of `models`, i < j, to be drawn next; all sum to 1.

    Pairs that are to be kept `apart` do not meet. A draw is uniform over the P others with probability 0.2,
    so that none of them has less than 0.2/P; otherwise pairs are drawn by the expected information of a
    vote. While there are newcomers, half of these latter draws are among the pairs with a newcomer. At least
    one pair must be left; all `models` are rated.
    """
    among = sorted(models)
    first, second = np.triu_indices(len(among), k=1)
    if apart:
        met = [
            (among[i], among[j]) not in apart for i, j in zip(first.tolist(), second.tolist(), strict=True)
        ]
        first, second = first[met], second[met]
    votes = {row.model: row.votes for row in ratings.rows}
    fresh = newcomers(among, votes, newcomer_votes)
    is_fresh = np.array([model in fresh for model in among])
    information = _log_information(ratings, among, first, second)
    chosen = _shares(information, among_pairs=np.ones(len(first), dtype=np.bool_))
    with_fresh = is_fresh[first] | is_fresh[second]
    if with_fresh.any():
        with_newcomer = _shares(information, among_pairs=with_fresh)
        chosen = NEWCOMER_SHARE * with_newcomer + (1 - NEWCOMER_SHARE) * chosen
    mixed = UNIFORM_SHARE / len(first) + (1 - UNIFORM_SHARE) * chosen
    pairs = ((among[i], among[j]) for i, j in zip(first.tolist(), second.tolist(), strict=True))
    return dict(zip(pairs, mixed.tolist(), strict=True))


def chances(probabilities: PairProbabilities) -> dict[int, float]:
    """Return each model's chance to be one of the two; all sum to 2."""
    found: dict[int, float] = {}
    for pair, probability in probabilities.items():
        for model in pair:
            found[model] = found.get(model, 0.0) + probability
    return found


def draw(random: Random, probabilities: PairProbabilities) -> Draw:
    """Draw a pair, and its sides by a fair coin."""
    (i, j), probability = random.choices(list(probabilities.items()), list(probabilities.values()))[0]
    a, b = (i, j) if random.getrandbits(1) else (j, i)
    return Draw(a, b, probability)


def unseen(probabilities: PairProbabilities, seen: Collection[int]) -> PairProbabilities:
    """Return the chances given that the pair has as few of the models `seen` as is possible."""
    known = {pair: sum(model in seen for model in pair) for pair in probabilities}
    fewest = min(known.values())
    left = {pair: p for pair, p in probabilities.items() if known[pair] == fewest}
    total = sum(left.values())
    return {pair: p / total for pair, p in left.items()}


def draw_replacement(
    random: Random,
    probabilities: PairProbabilities,
    fixed: int,
    excluded: Collection[int],
    seen: Collection[int] = (),
) -> Replacement | None:
    """Draw another model to meet `fixed`, or None when all that could are `excluded`.

    One of those `seen` is drawn only where there is no other.
    """
    rivals = {i + j - fixed: p for (i, j), p in probabilities.items() if fixed in (i, j)}
    left = {model: p for model, p in rivals.items() if model not in excluded}
    left = {model: p for model, p in left.items() if model not in seen} or left
    if not left:
        return None
    model = random.choices(list(left), list(left.values()))[0]
    return Replacement(model, left[model] / sum(left.values()))


def _log_information(
    ratings: Ratings, models: Sequence[int], first: NDArray[np.intp], second: NDArray[np.intp]
) -> Floats:
    """Return ln[p(1-p)·v·exp(-d²/2v)] of each pair, d = θ_i - θ_j and v the variance of d.

    In logs, because exp(-d²/2v) is 0 in floating point for well-known models that lie far apart.
    """
    place = {model: position for position, model in enumerate(ratings.models)}
    chosen = np.array([place[model] for model in models])
    i, j = chosen[first], chosen[second]
    d = ratings.theta[i] - ratings.theta[j]
    c = ratings.covariance
    v = np.maximum(c[i, i] + c[j, j] - 2 * c[i, j], np.finfo(np.float64).tiny)
    return np.log(v) - np.logaddexp(0, d) - np.logaddexp(0, -d) - d * d / (2 * v)


def _shares(log_weights: Floats, among_pairs: NDArray[np.bool_]) -> Floats:
    weights = np.where(among_pairs, np.exp(log_weights - log_weights[among_pairs].max()), 0)
    return weights / weights.sum()
