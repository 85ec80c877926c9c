"""One contestant of `bench.ratings`: `python -m bench.setup.rivals NAME FOLDER BOOTSTRAPS` measures it.

FOLDER holds `votes.npy`, of shape (4, votes): battle, model a, model b, vote (see
`bench.setup.history.gathered`), and `sums.json`, a list for each pair: i, j and the fields of PairSums.
"""

from __future__ import annotations

import importlib
import json
import re
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bench.setup.history import gathered, sums_of
from bot.arena.ratings.bradley_terry import MEAN_RATING, POINTS_PER_LOGIT, fit
from bot.domain.pair_sums import PairSums

if TYPE_CHECKING:
    from bench.setup.history import Ints
    from bot.arena.ratings.bradley_terry import Ratings
    from bot.arena.ratings.games import Floats

MODELS = 50
SECONDS = 2.0
"""A call that takes less is repeated that long."""

NAMES = np.array([f"model-{number:02}" for number in range(MODELS)], dtype=object)


@dataclass(frozen=True, slots=True)
class Estimate:
    """Ratings in points, in the order of the models, with the mean half width where there are intervals."""

    ratings: list[float]
    half_width: float | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """The first call and the median of later ones, in seconds; the peak of resident memory in bytes."""

    first: float
    later: float
    peak: int
    ratings: list[float]
    half_width: float | None


Call = Callable[[], Estimate]


def from_votes(folder: Path, _bootstraps: int) -> Call:
    votes = votes_in(folder)
    return lambda: estimate(fit(range(MODELS), sums_of(gathered(*votes), MODELS)))


def from_sums(folder: Path, _bootstraps: int) -> Call:
    rows = json.loads((folder / "sums.json").read_text(encoding="utf-8"))
    pairs = {(i, j): PairSums(*values) for i, j, *values in rows}
    return lambda: estimate(fit(range(MODELS), pairs))


def with_evalica(folder: Path, _bootstraps: int) -> Call:
    evalica, (a, b, winners) = importlib.import_module("evalica"), for_evalica(folder)

    def call() -> Estimate:
        scores = evalica.bradley_terry(a, b, winners).scores
        return Estimate(centred(np.log(scores.sort_index().to_numpy())))

    return call


def with_evalica_bootstraps(folder: Path, bootstraps: int) -> Call:
    evalica, (a, b, winners) = importlib.import_module("evalica"), for_evalica(folder)

    def call() -> Estimate:
        found = evalica.bootstrap(
            evalica.bradley_terry,
            a,
            b,
            winners,
            n_resamples=bootstraps,
            bootstrap_method="percentile",
            random_state=0,
        )
        low, high = (np.log(np.asarray(each.sort_index(), np.float64)) for each in (found.low, found.high))
        scores = np.log(found.result.scores.sort_index().to_numpy())
        return Estimate(centred(scores), POINTS_PER_LOGIT * half_width(low, high))

    return call


def with_arena_rank(folder: Path, _bootstraps: int) -> Call:
    pandas = importlib.import_module("pandas")
    data = importlib.import_module("arena_rank.utils.data_utils")
    models = importlib.import_module("arena_rank.models.bradley_terry")
    _, a, b, vote = votes_in(folder)
    winners = np.array(["model_a", "model_b", "tie", "both_bad"], dtype=object)
    table = pandas.DataFrame({"model_a": NAMES[a], "model_b": NAMES[b], "winner": winners[vote]})

    def call() -> Estimate:
        pairs = data.PairDataset.from_pandas(table)
        found = models.BradleyTerry(len(pairs.competitors)).compute_ratings_and_cis(pairs)
        ratings, low, high = (np.asarray(found[key]) for key in ("ratings", "rating_lower", "rating_upper"))
        return Estimate(centred(ratings / POINTS_PER_LOGIT), half_width(low, high))

    return call


def with_logistic_regression(folder: Path, bootstraps: int) -> Call:
    linear_model = importlib.import_module("sklearn.linear_model")
    votes = votes_in(folder)[1:]
    random = np.random.default_rng(0)
    i, j = np.triu_indices(MODELS, 1)
    design = np.eye(MODELS)[i] - np.eye(MODELS)[j]
    won = np.repeat((1, 0), len(i))

    def theta(votes: Ints) -> Floats:
        wins = halves(votes)
        model = linear_model.LogisticRegression(C=np.inf, fit_intercept=False, tol=1e-6)
        model.fit(np.vstack((design, design)), won, sample_weight=np.concatenate((wins[i, j], wins[j, i])))
        return model.coef_[0] - model.coef_[0].mean()

    def call() -> Estimate:
        drawn = [
            theta(votes[:, random.integers(votes.shape[1], size=votes.shape[1])]) for _ in range(bootstraps)
        ]
        low, high = (np.quantile(np.array(drawn), share, axis=0) for share in (0.025, 0.975))
        return Estimate(centred(theta(votes)), POINTS_PER_LOGIT * half_width(low, high))

    return call


@dataclass(frozen=True, slots=True)
class Rival:
    """`package` is what it is installed as, `module` what it is imported by; a `slow` one is called once."""

    prepare: Callable[[Path, int], Call]
    package: str
    module: str
    slow: bool = False


CONTESTANTS = {
    "ours, from raw votes": Rival(from_votes, "arena-bot", "bot.arena.ratings.bradley_terry"),
    "ours, from stored sums": Rival(from_sums, "arena-bot", "bot.arena.ratings.bradley_terry"),
    "evalica": Rival(with_evalica, "evalica", "evalica"),
    "evalica, bootstraps": Rival(with_evalica_bootstraps, "evalica", "evalica", slow=True),
    "arena-rank": Rival(with_arena_rank, "arena-rank", "arena_rank.models.bradley_terry"),
    "logistic regression, bootstraps": Rival(
        with_logistic_regression, "scikit-learn", "sklearn.linear_model", slow=True
    ),
}


def votes_in(folder: Path) -> Ints:
    return np.load(folder / "votes.npy")


def for_evalica(folder: Path) -> tuple[list[int], list[int], list[object]]:
    winner = importlib.import_module("evalica").Winner
    _, a, b, vote = votes_in(folder)
    outcomes = (winner.X, winner.Y, winner.Draw, winner.Draw)
    return a.tolist(), b.tolist(), [outcomes[each] for each in vote.tolist()]


def halves(votes: Ints) -> Floats:
    """Count half wins by (winner, loser), shape (m, m): two for a win, one for either side for a tie."""
    a, b, vote = votes
    to_a = np.array((2.0, 0.0, 1.0, 1.0))[vote]
    ahead = np.bincount(a * MODELS + b, to_a, MODELS**2)
    behind = np.bincount(b * MODELS + a, 2 - to_a, MODELS**2)
    return np.add(ahead, behind, dtype=np.float64).reshape(MODELS, MODELS)


def estimate(ratings: Ratings) -> Estimate:
    widths = [row.half_width for row in ratings.rows]
    return Estimate([row.rating for row in ratings.rows], statistics.fmean(widths))


def half_width(low: Floats, high: Floats) -> float:
    return float((high - low).mean() / 2)


def centred(theta: Floats) -> list[float]:
    return (MEAN_RATING + POINTS_PER_LOGIT * (theta - theta.mean())).tolist()


def measure(contestant: Rival, folder: Path, bootstraps: int) -> Measured:
    call = contestant.prepare(folder, bootstraps)
    first, found = timed(call)
    later: list[float] = []
    while not contestant.slow and (not later or sum(later) < SECONDS):
        later.append(timed(call)[0])
    return Measured(
        first, statistics.median(later or [first]), peak_memory(), found.ratings, found.half_width
    )


def timed(call: Call) -> tuple[float, Estimate]:
    start = time.perf_counter()
    found = call()
    return time.perf_counter() - start, found


def peak_memory() -> int:
    """Return the most memory that was resident, in bytes; rusage would count that of the parent too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return 1024 * int(re.findall(r"VmHWM:\s*(\d+) kB", status)[0])


if __name__ == "__main__":
    name, place, number = sys.argv[1:]
    print(json.dumps(asdict(measure(CONTESTANTS[name], Path(place), int(number)))))
