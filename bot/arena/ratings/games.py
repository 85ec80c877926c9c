"""The sums of a scope laid out for a fit: who met whom, and how it went."""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct
from typing import TYPE_CHECKING, TypeAlias

from bot.deferred import Deferred

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from bot.domain.pair_sums import PairSums

    Floats: TypeAlias = NDArray[np.float64]
    Ints: TypeAlias = NDArray[np.int64]
    Flags: TypeAlias = NDArray[np.bool_]
else:
    np = Deferred("numpy")

# A packed pair: i and j, the votes, the sums that are no whole numbers, and what is counted for people.
_RECORD = Struct("3q4d5q")
_COLUMNS = "2i8,i8,4f8,5i8"


@dataclass(frozen=True, slots=True, eq=False)
class Games:
    """The sums of m models that are fitted, of shape (m, m): at (i, j) as seen from i, 0 on the diagonal."""

    votes: Floats
    """N = Σ n_b."""
    score: Floats
    """S = Σ S_b."""
    weight: Floats
    """W = Σ √n_b."""
    weighted: Floats
    """X = Σ S_b/√n_b."""
    squares: Floats
    """Y = Σ S_b²/n_b; where a model is mostly both-bad, with a coin's variance for each of those votes."""
    battles: Floats
    """B = Σ 1, over the battles with votes."""
    counts: Ints
    """Shape (5, m): what each model met, namely battles, wins, losses, ties and both-bad."""

    def gradient(self, theta: Floats, p: Floats, ridge: Floats) -> Floats:
        return (self.weighted - self.weight * p).sum(axis=1) - ridge @ theta

    def hessian(self, p: Floats, ridge: Floats) -> Floats:
        """Return -∂²/∂θ²."""
        return laplacian(self.weight * p * (1 - p)) + ridge


def lay_out(models: Sequence[int], pairs: Mapping[tuple[int, int], PairSums]) -> Games:
    """Lay out the pairs by way of packed records: numpy is slow to look into thousands of objects."""
    pack, m = _RECORD.pack, len(models)
    at = {model: position for position, model in enumerate(models)}
    records = [
        pack(
            *(at[i], at[j], x.votes, x.score, x.weight, x.weighted, x.squares),
            *(x.battles, x.wins_i, x.wins_j, x.ties, x.both_bad),
        )
        for (i, j), x in pairs.items()
    ]
    packed = np.frombuffer(b"".join(records), np.dtype(_COLUMNS))
    (i, j), n, (s, w, x, y), counts = (packed[name].T for name in packed.dtype.names or ())
    b, both_bad = np.minimum(counts[0], n), counts[-1]
    totals = _totals(m, i, j, counts)
    mostly_bad = 2 * totals[-1] > totals[1:].sum(axis=0)
    tossed = np.where(mostly_bad[i] | mostly_bad[j], both_bad, 0)
    y = y + b * tossed / np.maximum(n, 1) / 4
    sums = np.zeros((6, m, m))
    sums[:, i, j] = (n, s, w, x, y, b)
    sums[:, j, i] = (n, n - s, w, w - x, n - 2 * s + y, b)
    return Games(*sums, counts=totals)


def _totals(m: int, i: Ints, j: Ints, counts: Ints) -> Ints:
    """Add up battles, wins of i, wins of j, ties and both-bad, (5, P), into what each model met, (5, m)."""
    battles, wins_i, wins_j, ties, both_bad = counts
    mirrored = (battles, wins_j, wins_i, ties, both_bad)
    totals = [np.bincount(i, x, m) + np.bincount(j, y, m) for x, y in zip(counts, mirrored, strict=True)]
    return np.array(totals).astype(np.int64)


def laplacian(weights: Floats) -> Floats:
    """Return Σ_pairs w·e eᵀ with e = e_i - e_j, shape (m, m), where w_ij = w_ji and w_ii = 0."""
    return np.diag(weights.sum(axis=1)) - weights
