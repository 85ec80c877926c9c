"""Bradley-Terry ratings with intervals clustered by battle, from running sums; pure.

Method: Bradley-Terry with ties and both-bad as half wins and a light Gaussian prior, fitted as in Chatbot
Arena (arXiv 2403.04132), with sandwich intervals as in the arena-rank package. The clustering by battle and
the prior are ours: a community has few votes, and several voters on each battle.

Both-bad tells of no difference between two models, and so of no agreement on one either: in the intervals
each is a coin's toss where more than half of what a model got is both-bad.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log
from struct import Struct
from typing import TYPE_CHECKING, TypeAlias

from bot.deferred import Deferred

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from bot.domain.pair_sums import PairSums

    Floats: TypeAlias = NDArray[np.float64]
    Ints: TypeAlias = NDArray[np.int64]
    Flags: TypeAlias = NDArray[np.bool_]
else:
    np = Deferred("numpy")

POINTS_PER_LOGIT = 400 / log(10)
MEAN_RATING = 1000.0
NORMAL_95 = 1.96

# A packed pair: i and j, N and U, S, Q and R, and what is counted for people.
_RECORD = Struct("4q3d5q")
_COLUMNS = "2i8,2i8,3f8,5i8"
_LONGEST_STEP = 3.0
_STOP = 1e-8
# Ten are plenty; with a prior near 0, rounding alone may move groups that never met, and that has no end.
_MOST_STEPS = 100
# Over a step this short no curvature p(1-p) changes by more than a factor exp(0.2): Newton cannot overshoot.
_SAFE_STEP = 0.1
# A battle of a million votes has a leverage so close to 1 that rounding would be multiplied without end.
_MOST_LEVERAGE = 0.9
_SMALLEST_FIELD = 2
_USUAL_LIKENESS, _FEW_BATTLES = 0.2, 0.5


@dataclass(frozen=True, slots=True)
class Rating:
    """One model's line on a board; `rating` and `half_width` (of the 95 % interval) in points."""

    model: int
    rating: float
    half_width: float
    score: float = 0.0
    """Votes won, with ties and both-bad as half a win."""
    votes: int = 0
    battles: int = 0
    wins: int = 0
    losses: int = 0
    ties: int = 0
    both_bad: int = 0

    @property
    def lower(self) -> float:
        return self.rating - self.half_width

    @property
    def upper(self) -> float:
        return self.rating + self.half_width

    @property
    def is_mostly_bad(self) -> bool:
        """More than half of the votes found both replies bad: the rating says little of the model."""
        return 2 * self.both_bad > self.votes

    @property
    def win_rate(self) -> float | None:
        """The share of the votes that the model won, S/N, or None without votes.

        Ties and both-bad count as half, as in the fit, so that two models that always tie stand at 50 %.
        """
        return self.score / self.votes if self.votes else None


@dataclass(frozen=True, slots=True, eq=False)
class Ratings:
    """A fitted scope of m models; arrays and rows are in the order of `models`."""

    models: tuple[int, ...]
    theta: Floats
    """Shape (m,): strengths in logits, with mean 0."""
    covariance: Floats
    """Shape (m, m): of theta less the mean of the models with votes, in logits², and so singular."""
    rows: tuple[Rating, ...]
    met: Flags
    """Shape (m, m): who had votes against whom."""

    def relative_to(self, field: Collection[int]) -> Ratings:
        """Return the same ratings with intervals that tell how surely a model stands so far from these.

        What is uncertain of a model outside the field then blurs no other's interval. A field of fewer than
        two leaves nothing to stand apart from, and the intervals as they are.
        """
        inside = np.array([model in field for model in self.models], dtype=np.bool_)
        if inside.sum() < _SMALLEST_FIELD:
            return self
        once = self.covariance - self.covariance[inside].mean(axis=0)
        covariance = once - once[:, inside].mean(axis=1)[:, np.newaxis]
        widths = _half_widths(covariance).tolist()
        rows = tuple(replace(row, half_width=width) for row, width in zip(self.rows, widths, strict=True))
        return replace(self, covariance=covariance, rows=rows)

    def thetas(self) -> dict[int, float]:
        """Return what a later `fit` can start from."""
        return dict(zip(self.models, self.theta.tolist(), strict=True))


def fit(
    models: Sequence[int],
    pairs: Mapping[tuple[int, int], PairSums],
    *,
    start: Mapping[int, float] | None = None,
    prior: float = 1.0,
) -> Ratings:
    """Rate `models` from the sums of their pairs, keyed (i, j) and seen from i, each pair under one key.

    `start` holds strengths of an earlier fit, in logits; it saves time and does not change the result.
    `prior` is λ > 0, the precision of the Gaussian prior: 1 is a standard deviation of 174 points.
    A pair with a model that is not among `models` raises `KeyError`.
    """
    games = _games(models, pairs)
    theta = np.array([(start or {}).get(model, 0.0) for model in models], dtype=np.float64)
    if not models:
        return Ratings((), theta, np.zeros((0, 0)), (), games.n > 0)
    ridge = _ridge(games, prior)
    theta = _maximise(games, theta - theta.mean(), ridge)
    covariance = _covariance(games, theta, ridge)
    rows = _rows(models, games, theta, covariance)
    return Ratings(tuple(models), theta, covariance, rows, games.n > 0)


@dataclass(frozen=True, slots=True, eq=False)
class _Games:
    """The sums of m models that are fitted, of shape (m, m): at (i, j) as seen from i, 0 on the diagonal."""

    n: Floats
    s: Floats
    q: Floats
    r: Floats
    u: Floats
    counts: Ints
    """Shape (5, m): what each model met, namely battles, wins, losses, ties and both-bad."""

    def gradient(self, theta: Floats, p: Floats, ridge: Floats) -> Floats:
        return (self.s - self.n * p).sum(axis=1) - ridge @ theta

    def hessian(self, p: Floats, ridge: Floats) -> Floats:
        """Return -∂²/∂θ²."""
        return _laplacian(self.n * p * (1 - p)) + ridge


def _games(models: Sequence[int], pairs: Mapping[tuple[int, int], PairSums]) -> _Games:
    """Lay out the pairs by way of packed records: numpy is slow to look into thousands of objects."""
    pack, m = _RECORD.pack, len(models)
    at = {model: position for position, model in enumerate(models)}
    records = [
        pack(at[i], at[j], x.votes, x.u, x.score, x.q, x.r, x.battles, x.wins_i, x.wins_j, x.ties, x.both_bad)
        for (i, j), x in pairs.items()
    ]
    packed = np.frombuffer(b"".join(records), np.dtype(_COLUMNS))
    (i, j), (n, u), (s, q, r), counts = (packed[name].T for name in packed.dtype.names or ())
    totals = _totals(m, i, j, counts)
    mostly_bad = 2 * totals[-1] > totals[1:].sum(axis=0)
    q = q + np.where(mostly_bad[i] | mostly_bad[j], counts[-1], 0) / 4
    sums = np.zeros((5, m, m))
    sums[:, i, j] = (n, s, q, r, u)
    sums[:, j, i] = (n, n - s, u - 2 * r + q, u - r, u)
    return _Games(*sums, counts=totals)


def _totals(m: int, i: Ints, j: Ints, counts: Ints) -> Ints:
    """Add up battles, wins of i, wins of j, ties and both-bad, (5, P), into what each model met, (5, m)."""
    battles, wins_i, wins_j, ties, both_bad = counts
    mirrored = (battles, wins_j, wins_i, ties, both_bad)
    totals = [np.bincount(i, x, m) + np.bincount(j, y, m) for x, y in zip(counts, mirrored, strict=True)]
    return np.array(totals).astype(np.int64)


def _ridge(games: _Games, prior: float) -> Floats:
    """Return λI + (ΣN/m²)·11ᵀ, the prior and the gauge, which holds the mean at 0 and moves nothing else."""
    m = len(games.n)
    return prior * np.eye(m) + games.n.sum() / 2 / m**2


def _chances(theta: Floats) -> Floats:
    """Return p_ij = σ(θ_i - θ_j), shape (m, m); tanh is the form that never overflows."""
    return (1 + np.tanh((theta[:, np.newaxis] - theta) / 2)) / 2


def _laplacian(weights: Floats) -> Floats:
    """Return Σ_pairs w·e eᵀ with e = e_i - e_j, shape (m, m), where w_ij = w_ji and w_ii = 0."""
    return np.diag(weights.sum(axis=1)) - weights


def _maximise(games: _Games, theta: Floats, ridge: Floats) -> Floats:
    """Climb the concave log posterior by Newton's method, to the one maximum it has."""
    for _ in range(_MOST_STEPS):
        p = _chances(theta)
        gradient = games.gradient(theta, p, ridge)
        newton = np.linalg.solve(games.hessian(p, ridge), gradient).astype(np.float64)
        step = _shortened(games, theta, newton, float(gradient @ newton), ridge)
        theta = theta + step
        if np.abs(step).max() < _STOP:
            break
    return theta


def _shortened(games: _Games, theta: Floats, step: Floats, rise: float, ridge: Floats) -> Floats:
    """Cap a step, then halve it until it does not overshoot: capped Newton alone can swing for ever.

    The posterior is concave: while it still rises along the step at the step's end, the step is not too
    long; a fall less than half as steep as the `rise` at its start is near enough to the top.
    """
    longest = np.abs(step).max()
    share = min(1.0, _LONGEST_STEP / longest) if longest else 1.0
    while share * longest > _SAFE_STEP:
        end = theta + share * step
        if games.gradient(end, _chances(end), ridge) @ step >= -rise / 2:
            break
        share /= 2
    return share * step


def _covariance(games: _Games, theta: Floats, ridge: Floats) -> Floats:
    """Return J·H⁻¹(M + λI)H⁻¹·J with M = Σ_pairs v·e eᵀ and v = p(1-p)(N + ρ(U - N)), a score's variance.

    J takes the gauge out again: strengths less the mean of the models with votes, as those without would put
    the prior's variance into every interval. A lone model has no difference to be uncertain of, but the
    prior's variance of its own strength: no J.
    """
    p = _chances(theta)
    inverse = np.linalg.inv(games.hessian(p, ridge))
    spread = inverse.diagonal()[:, np.newaxis] + inverse.diagonal() - 2 * inverse
    variance = p * (1 - p) * (games.n + _likeness(games, p, spread) * (games.u - games.n))
    if len(theta) > 1:
        met = games.n.any(axis=1)
        inverse -= inverse[met if met.any() else ~met].mean(axis=0)
    return inverse @ (_laplacian(variance) + ridge) @ inverse.T


def _likeness(games: _Games, p: Floats, spread: Floats) -> float:
    """Return ρ, how alike the votes on one battle may be: 0 where each is cast for itself, 1 where all agree.

    All battles tell of it together, by the squares q = Q - 2pR + p²U by which their scores miss p·n, whose
    mean is p(1-p)(N + ρ(U - N))(1 - h). The leverage h = U/N·p(1-p)·eᵀH⁻¹e is by how much a battle pulls the
    fit towards itself; what is left of N²/U equal battles is the degrees of freedom. Beside half a battle of
    the usual likeness they are ever enough, and as few of them may miss it by far, ρ is as much greater as
    Student's interval is wider than the normal one (`bench.coverage`).
    """
    some = np.triu(games.u, 1) > 0
    n, u, p = games.n[some], games.u[some], p[some]
    # Rounding may take a sum of squares that is 0 a hair below it.
    q = np.maximum(games.q[some] - 2 * p * games.r[some] + p * p * u, 0)
    left = 1 - np.minimum(u / n * p * (1 - p) * spread[some], _MOST_LEVERAGE)
    battles = n * n / u
    freedom = float((battles * (1 - n / u) * left).sum())
    excess = float((battles * (q / (p * (1 - p)) / u - n / u * left)).sum())
    likeness = (_FEW_BATTLES * _USUAL_LIKENESS + max(excess, 0.0)) / (_FEW_BATTLES + freedom)
    return min(likeness * (student(freedom + _FEW_BATTLES) / NORMAL_95) ** 2, 1.0)


def student(freedom: float) -> float:
    """Return about the 97.5 % quantile of Student's t, by Fisher's expansion; below 1, that for 1."""
    x, f = NORMAL_95, max(freedom, 1.0)
    second = (5 * x**5 + 16 * x**3 + 3 * x) / 96
    third = (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384
    return x + (x**3 + x) / (4 * f) + second / f**2 + third / f**3


def _half_widths(covariance: Floats) -> Floats:
    """Return those of the 95 % intervals, in points, shape (m,)."""
    return NORMAL_95 * POINTS_PER_LOGIT * np.sqrt(covariance.diagonal())


def _rows(models: Sequence[int], games: _Games, theta: Floats, covariance: Floats) -> tuple[Rating, ...]:
    columns = (
        MEAN_RATING + POINTS_PER_LOGIT * theta,
        _half_widths(covariance),
        games.s.sum(axis=1),
        games.n.sum(axis=1).astype(np.int64),
        *games.counts,
    )
    return tuple(map(Rating, models, *(column.tolist() for column in columns)))
