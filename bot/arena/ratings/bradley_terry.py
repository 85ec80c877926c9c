"""Bradley-Terry ratings with intervals clustered by battle, from running sums; pure.

Method: Bradley-Terry with ties and both-bad as half wins and a light Gaussian prior, fitted as in Chatbot
Arena (arXiv 2403.04132), with sandwich intervals as in the arena-rank package. The clustering by battle and
the prior are ours: a community has few votes, and several voters on each battle. A battle of n votes weighs
√n, not n, so that a popular one does not outweigh twenty others (`bench.weights`).

Both-bad tells of no difference between two models, and so of no agreement on one either: in the intervals
each is a coin's toss where more than half of what a model got is both-bad.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log
from typing import TYPE_CHECKING

from bot.arena.ratings.games import laplacian, lay_out
from bot.deferred import Deferred

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import numpy as np

    from bot.arena.ratings.games import Flags, Floats, Games
    from bot.domain.pair_sums import PairSums
else:
    np = Deferred("numpy")

POINTS_PER_LOGIT = 400 / log(10)
MEAN_RATING = 1000.0
NORMAL_95 = 1.96

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
    games = lay_out(models, pairs)
    theta = np.array([(start or {}).get(model, 0.0) for model in models], dtype=np.float64)
    if not models:
        return Ratings((), theta, np.zeros((0, 0)), (), games.votes > 0)
    ridge = _ridge(games, prior)
    theta = _maximise(games, theta - theta.mean(), ridge)
    covariance = _covariance(games, theta, ridge)
    rows = _rows(models, games, theta, covariance)
    return Ratings(tuple(models), theta, covariance, rows, games.votes > 0)


def _ridge(games: Games, prior: float) -> Floats:
    """Return λI + (ΣW/m²)·11ᵀ, the prior and the gauge, which holds the mean at 0 and moves nothing else."""
    m = len(games.weight)
    return prior * np.eye(m) + games.weight.sum() / 2 / m**2


def _chances(theta: Floats) -> Floats:
    """Return p_ij = σ(θ_i - θ_j), shape (m, m); tanh is the form that never overflows."""
    return (1 + np.tanh((theta[:, np.newaxis] - theta) / 2)) / 2


def _maximise(games: Games, theta: Floats, ridge: Floats) -> Floats:
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


def _shortened(games: Games, theta: Floats, step: Floats, rise: float, ridge: Floats) -> Floats:
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


def _covariance(games: Games, theta: Floats, ridge: Floats) -> Floats:
    """Return J·H⁻¹(M + λI)H⁻¹·J with M = Σ_pairs v·e eᵀ, v = p(1-p)(B + ρ(N - B)) the variance of X.

    J takes the gauge out again: strengths less the mean of the models with votes, as those without would put
    the prior's variance into every interval. A lone model has no difference to be uncertain of, but the
    prior's variance of its own strength: no J.
    """
    p = _chances(theta)
    inverse = np.linalg.inv(games.hessian(p, ridge))
    spread = inverse.diagonal()[:, np.newaxis] + inverse.diagonal() - 2 * inverse
    alike = _likeness(games, p, spread) * (games.votes - games.battles)
    variance = p * (1 - p) * (games.battles + alike)
    if len(theta) > 1:
        met = games.votes.any(axis=1)
        inverse -= inverse[met if met.any() else ~met].mean(axis=0)
    return inverse @ (laplacian(variance) + ridge) @ inverse.T


def _likeness(games: Games, p: Floats, spread: Floats) -> float:
    """Return ρ, how alike the votes on one battle may be: 0 where each is cast for itself, 1 where all agree.

    All battles tell of it together, by the squares q = Y - 2pS + p²N by which their weighted scores miss
    those expected, whose mean is p(1-p)(B + ρ(N - B))(1 - h). The leverage h = N/W·p(1-p)·eᵀH⁻¹e is by how
    much a battle pulls the fit towards itself; what is left of W²/N equal battles is the degrees of freedom.
    Beside half a battle of the usual likeness they are ever enough, and as few of them may miss it by far, ρ
    is as much greater as Student's interval is wider than the normal one (`bench.coverage`).
    """
    some = np.triu(games.votes, 1) > 0
    n, w, b, p = games.votes[some], games.weight[some], games.battles[some], p[some]
    # Rounding may take a sum of squares that is 0 a hair below it.
    q = np.maximum(games.squares[some] - 2 * p * games.score[some] + p * p * n, 0)
    left = 1 - np.minimum(n / w * p * (1 - p) * spread[some], _MOST_LEVERAGE)
    equal = w * w / n
    freedom = float((equal * (1 - b / n) * left).sum())
    excess = float((equal * (q / (p * (1 - p)) / n - b / n * left)).sum())
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


def _rows(models: Sequence[int], games: Games, theta: Floats, covariance: Floats) -> tuple[Rating, ...]:
    columns = (
        MEAN_RATING + POINTS_PER_LOGIT * theta,
        _half_widths(covariance),
        games.score.sum(axis=1),
        games.votes.sum(axis=1).astype(np.int64),
        *games.counts,
    )
    return tuple(map(Rating, models, *(column.tolist() for column in columns)))
