"""Who votes without looking at the replies, or for the worse of them? Pure; nothing here judges, it weighs.

For each member a likelihood ratio accumulates over their votes: how likely the votes are of someone who flips
a coin, or who votes against the server's ratings, beside how likely they are of an honest member. Where the
honest model is right, such a ratio is a nonnegative martingale of mean 1, so that it ever reaches 20 with a
chance of at most 1/20 (Ville's inequality), however often one looks. Honest members do far better than that,
because each vote of theirs makes the ratio smaller on average: `bench.suspicion` prints how many are flagged.

The honest model. How often a member chooses a side at all, rather than a tie or both-bad, is a habit in which
members differ widely around the server's own shares; a coin for all four choices has one of its own. Which
side they choose follows

- the server's own ratings without this member's votes; the less sure they are, the closer to 1/2;
- what the others chose in the same battle: replies differ from battle to battle, and honest members see the
  same. How alike votes on one battle are is taken from the server's votes (beta-binomial);
- and a slip now and then, so that no single vote can weigh much.

A pair of equals on which nobody else voted says nothing of anyone, and adds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lgamma, log, pi
from typing import TYPE_CHECKING

from bot.deferred import Deferred
from bot.domain.vote import Vote

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from bot.arena.ratings.bradley_terry import Ratings
    from bot.arena.ratings.games import Floats

    Flags = NDArray[np.bool_]
    Ints = NDArray[np.integer]
    """Of any width: a million votes take half the memory in narrow ones."""
else:
    np = Deferred("numpy")

CHOICES = tuple(Vote)
"""What the numbers of `Votes.choice` stand for."""

THRESHOLD = log(20)
"""From this evidence on, a member is flagged: 20 times likelier of a coin than of an honest member."""

FEWEST_VOTES = 20
"""Of a member, before anything is said: a few votes can look like anything."""

_PRIOR = 1.0  # as in `ratings.fit`
_SLIP = 0.01
_HABIT_VOTES = 4.0
_LIKENESS_PRIOR = 25.0
_MOST_LIKENESS = 0.9
_A, _B, _TIE, _BOTH_BAD = range(4)
_COIN_HABITS = (1 / 2, 1 / 4, 1 / 4)


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """Votes that count, as arrays of shape (votes,)."""

    member: Ints
    battle: Ints
    """Positions from 0 on, in no particular order."""
    choice: Ints
    """Positions in `CHOICES`."""
    a: Ints
    b: Ints
    """Positions of the models in the ratings."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Natural logarithms of the likelihood ratios of one member's votes against honest voting."""

    member: int
    votes: int
    coin: float
    contrarian: float

    @property
    def stands_out(self) -> bool:
        return max(self.coin, self.contrarian) >= THRESHOLD


@dataclass(frozen=True, slots=True, eq=False)
class _Pool:
    """What is known from everyone's votes."""

    theta: Floats
    covariance: Floats
    information: Floats
    """Shape (m, m): what the votes and the prior tell of theta."""
    likeness: float
    """What one vote on the same battle weighs, beside the ratings with 1."""
    habits: Floats
    """Shape (3,): of sides, ties and both-bad, as a Dirichlet prior of a member's own shares."""


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """Votes with what the others chose: arrays of shape (votes,)."""

    member: Ints
    choice: Ints
    a: Ints
    b: Ints
    trusted: Flags
    """Whether the vote is one of those that others are compared with."""
    for_a: Ints
    for_b: Ints
    """How many other trusted members chose each side in the battle."""

    def __len__(self) -> int:
        return len(self.member)

    def among(self, chosen: NDArray[np.bool_ | np.intp]) -> _Seen:
        return _Seen(
            self.member[chosen],
            self.choice[chosen],
            self.a[chosen],
            self.b[chosen],
            self.trusted[chosen],
            self.for_a[chosen],
            self.for_b[chosen],
        )


def weigh(ratings: Ratings, votes: Votes) -> list[Evidence]:
    """Weigh each member's votes, those of members with fewer than `FEWEST_VOTES` left out.

    `ratings` are those of these votes. Whoever stands out at first sight is not among those that everyone is
    compared with at the second: many cheats hide each other. Takes some 0.2 ms a member, and a second a
    million votes.
    """
    everyone = _seen(votes, np.ones(len(votes.member), np.bool_))
    pool = _pool(ratings.theta, ratings.covariance, everyone)
    at_first = [_weigh(pool, own) for own in _by_member(everyone)]
    outcasts = [each.member for each in at_first if each.stands_out]
    if not outcasts:
        return at_first
    seen = _seen(votes, ~np.isin(votes.member, outcasts))
    theta = _theta_without(pool, seen.among(~seen.trusted))
    pool = _pool(theta, ratings.covariance, seen.among(seen.trusted))
    return [_weigh(pool, own) for own in _by_member(seen)]


def _seen(votes: Votes, trusted: Flags) -> _Seen:
    for_a, for_b = (_others(votes.battle, trusted & (votes.choice == side)) for side in (_A, _B))
    return _Seen(votes.member, votes.choice, votes.a, votes.b, trusted, for_a, for_b)


def _others(battle: Ints, is_such: Flags) -> Ints:
    """Count for each vote those of its battle that are such, without itself."""
    counts = np.bincount(battle[is_such], minlength=int(battle.max(initial=0)) + 1).astype(np.int32)
    return counts[battle] - is_such


def _by_member(votes: _Seen) -> Iterator[_Seen]:
    """Yield the votes of each member who has enough of them."""
    order = np.argsort(votes.member, kind="stable")
    _, starts, counts = np.unique(votes.member[order], return_index=True, return_counts=True)
    many = counts >= FEWEST_VOTES
    for start, count in zip(starts[many].tolist(), counts[many].tolist(), strict=True):
        yield votes.among(order[start : start + count])


def _pool(theta: Floats, covariance: Floats, votes: _Seen) -> _Pool:
    kinds = _kinds(votes.choice) + np.array([2, 1, 1])  # none is 0, even where nobody ever chose it
    return _Pool(
        theta=theta,
        covariance=covariance,
        information=_information(theta, votes) + _PRIOR * np.eye(len(theta)),
        likeness=_likeness(theta, votes),
        habits=_HABIT_VOTES * kinds / kinds.sum(),
    )


def _weigh(pool: _Pool, own: _Seen) -> Evidence:
    chance = _SLIP + (1 - 2 * _SLIP) * _chance_of_a(pool, own)
    took_a, took_b = own.choice == _A, own.choice == _B
    honest = np.log(chance[took_a]).sum() + np.log(1 - chance[took_b]).sum()
    inverted = np.log(1 - chance[took_a]).sum() + np.log(chance[took_b]).sum()
    coin = (took_a.sum() + took_b.sum()) * log(1 / 2) - honest
    # A coin between A and B has habits like anyone, one of four sides chooses a side every other time.
    either = np.logaddexp(coin, coin + _coin_habits(pool, own)) - log(2)
    return Evidence(int(own.member[0]), len(own), float(either), float(inverted - honest))


def _chance_of_a(pool: _Pool, own: _Seen) -> Floats:
    """Return the chance that an honest member who takes a side takes A, shape (votes,)."""
    theta, c = _theta_without(pool, own.among(own.trusted)), pool.covariance
    v = c[own.a, own.a] + c[own.b, own.b] - 2 * c[own.a, own.b]
    # The mean of the logistic function over a normal distribution (MacKay 1992).
    p = _logistic((theta[own.a] - theta[own.b]) / np.sqrt(1 + pi * v / 8))
    return (p + pool.likeness * own.for_a) / (1 + pool.likeness * (own.for_a + own.for_b))


def _theta_without(pool: _Pool, own: _Seen) -> Floats:
    """Return the strengths without a member's own votes: one Newton step away from those with them."""
    score = np.array([1.0, 0.0, 0.5, 0.5])[own.choice]
    residual = score - _logistic(pool.theta[own.a] - pool.theta[own.b])
    m = len(pool.theta)
    gradient = np.bincount(own.a, residual, m) - np.bincount(own.b, residual, m)
    left = pool.information - _information(pool.theta, own)
    return pool.theta - np.linalg.solve(left, gradient)


def _information(theta: Floats, votes: _Seen) -> Floats:
    """Return Σ p(1-p)·e eᵀ over the votes, e = e_a - e_b, shape (m, m)."""
    m = len(theta)
    p = _logistic(theta[votes.a] - theta[votes.b])
    seen_from_a = np.bincount(votes.a * m + votes.b, p * (1 - p), m * m).reshape(m, m)
    weights: Floats = (seen_from_a + seen_from_a.T).astype(np.float64)
    return np.diag(weights.sum(axis=1)) - weights


def _likeness(theta: Floats, votes: _Seen) -> float:
    """Return ρ/(1-ρ), ρ being how alike the votes for a side are on one battle, beyond the ratings.

    ρ is the mean product of two votes' residuals over what it would be were they always the same. A few
    battles can look alike by chance: the prior takes that for nothing.
    """
    sided = votes.among(votes.choice <= _B)
    p = _logistic(theta[sided.a] - theta[sided.b])
    others = sided.for_a + sided.for_b
    alike = ((sided.choice == _A) - p) @ (sided.for_a - p * others)
    most = (p * (1 - p)) @ others
    rho = min(max(float(alike / (most + _LIKENESS_PRIOR)), 0.0), _MOST_LIKENESS)
    return rho / (1 - rho)


def _coin_habits(pool: _Pool, own: _Seen) -> float:
    """Return how much likelier the member's shares of sides, ties and both-bad are of a coin for all four."""
    counts = _kinds(own.choice)
    return float(counts @ np.log(_COIN_HABITS)) - _polya(counts.tolist(), pool.habits.tolist())


def _polya(counts: list[int], prior: list[float]) -> float:
    """Return the logarithm of the chance of a sequence with these counts (Dirichlet-multinomial)."""
    total = lgamma(sum(prior)) - lgamma(sum(prior) + sum(counts))
    return total + sum(lgamma(a + n) - lgamma(a) for a, n in zip(prior, counts, strict=True))


def _kinds(choice: Ints) -> Ints:
    """Count votes for a side, ties and both-bad, shape (3,)."""
    a, b, tie, both_bad = np.bincount(choice, minlength=4)
    return np.array([a + b, tie, both_bad])


def _logistic(x: Floats) -> Floats:
    return (1 + np.tanh(x / 2)) / 2
