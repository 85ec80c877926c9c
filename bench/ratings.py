"""What a leaderboard costs: `python -m bench.ratings [--bootstraps N] [--votes N]`, ours beside others.

A million votes on 50 models, five to a battle, as in `bench.setup.history`; every contestant has the same
votes in the form it takes, in a process of its own that has nothing else to do. Imports and the making of
that form are not in its time. Peak memory is that of the process (VmHWM, so Linux alone), with the votes in
it.

The logistic regression is done as in FastChat's elo_analysis: votes drawn anew with replacement, counted by
pair, ties once for either side at half the weight, fitted without a penalty, and the 2.5 % and 97.5 %
quantiles of all that. arena-rank asks for another numpy than the constraints name, though it runs with
theirs; so the extra holds what it needs, and it is installed by itself:

    pip install -c constraints.txt -e '.[dev,bench]' && pip install -c constraints.txt --no-deps arena-rank

The intervals are 95 %; evalica's Bradley-Terry has none of its own, but resamples on request. Ours alone know
that votes on a battle go together. "Apart" is the greatest difference to our ratings, in points: we have a
prior.

The second table is of the stored sums alone: histories of 1,000 votes and of ten times as many as the first
table has, in which all pairs of the models have a row, be it of zeros.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from bench.setup.history import STRENGTHS, VOTES_A_BATTLE, draw, sums_of
from bench.setup.rivals import CONTESTANTS, MODELS, Measured
from bench.setup.table import print_setting, print_table
from bot.arena.ratings.bradley_terry import fit
from bot.arena.ratings.ranks import ranks
from bot.domain.pair_sums import PairSums

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.random import Generator

OURS, STORED = "ours, from raw votes", "ours, from stored sums"
ARENA_RANK, LOGISTIC = "arena-rank", "logistic regression, bootstraps"
VOTES = 1_000_000
BOOTSTRAPS = 100
TIMES_FASTER = 50
MILLISECONDS = 1.0
FEW_VOTES = 1_000
FITS = 500
TIMES_SLOWER = 1.2
IMPORT = """
import json, sys, time
begun = time.perf_counter()
import {}
print(json.dumps(time.perf_counter() - begun))
"""


def write(folder: Path, random: Generator, votes: int) -> None:
    """Leave the same votes as a table and as the sums that the bot would have stored."""
    history = draw(random, random.normal(0, STRENGTHS, MODELS), votes // VOTES_A_BATTLE)
    battle, vote = np.divmod(np.repeat(np.arange(history.tallies.size), history.tallies.ravel()), 4)
    np.save(folder / "votes.npy", np.stack((battle, history.a[battle], history.b[battle], vote)))
    sums = [(*pair, *each.values()) for pair, each in sums_of(history, MODELS).items()]
    (folder / "sums.json").write_text(json.dumps(sums), encoding="utf-8")


def run(name: str, folder: Path, bootstraps: int) -> Measured | None:
    """Measure a contestant in a process of its own, or return `None` where it is not installed."""
    try:
        if find_spec(CONTESTANTS[name].module) is None:
            return None
    except ModuleNotFoundError:
        return None
    return Measured(**json.loads(python("-m", "bench.setup.rivals", name, str(folder), str(bootstraps))))


def python(*words: str) -> bytes:
    return subprocess.run([sys.executable, *words], stdout=subprocess.PIPE, check=True).stdout  # noqa: S603 - our own words


def cells(name: str, found: Measured | None, ours: Measured) -> list[str]:
    if found is None:
        return [name, "not installed", *("" for _ in range(7))]
    contestant = CONTESTANTS[name]
    importing = json.loads(python("-c", IMPORT.format(contestant.module)))
    apart = max(abs(x - y) for x, y in zip(found.ratings, ours.ratings, strict=True))
    return [
        name,
        f"{importing:.2f}",
        f"{1000 * found.first:,.1f}",
        f"{found.first / ours.first:,.2f}",
        "" if contestant.slow else f"{1000 * found.later:,.2f}",
        "" if contestant.slow else f"{found.later / ours.later:,.2f}",
        f"{found.peak / 1e6:,.0f}",
        "none" if found.half_width is None else f"± {found.half_width:.2f}",
        f"{apart:.3f}",
    ]


def compare(bootstraps: int, votes: int) -> dict[str, Measured | None]:
    with TemporaryDirectory() as folder:
        write(Path(folder), np.random.default_rng(1), votes)
        found = {name: run(name, Path(folder), bootstraps) for name in CONTESTANTS}
    ours = found[OURS]
    assert ours  # noqa: S101 - for the type checker: ours is always installed
    head = ("", "import s", "first ms", "x ours", "later ms", "x ours", "peak MB", "interval", "apart")
    print_table(head, [cells(name, each, ours) for name, each in found.items()])
    missing = {CONTESTANTS[name].package for name, each in found.items() if each is None}
    if missing:
        print(f"Not installed: {', '.join(sorted(missing))}; --help says how they are.\n")
    return found


def leaderboards(histories: Sequence[int]) -> list[float]:
    """Return the median seconds of a leaderboard after each of the histories, measured by turns."""
    random = np.random.default_rng(2)
    theta = random.normal(0, STRENGTHS, MODELS)
    empty = dict.fromkeys(combinations(range(MODELS), 2), PairSums())
    stored = [empty | sums_of(draw(random, theta, votes // VOTES_A_BATTLE), MODELS) for votes in histories]
    seconds: list[list[float]] = [[] for _ in stored]
    for _ in range(FITS):
        for times, pairs in zip(seconds, stored, strict=True):
            start = time.perf_counter()
            ranks(fit(range(MODELS), pairs).rows)
            times.append(time.perf_counter() - start)
    return [statistics.median(times) for times in seconds]


def say(aim: str, figure: float, unit: str, *, reached: bool) -> None:
    print(f"{aim}: {figure:,.2f} {unit}, {'reached' if reached else 'NOT reached'}.")


def main(bootstraps: int, votes: int) -> None:
    print_setting(
        f"{votes:,} votes, {MODELS} models, {VOTES_A_BATTLE} votes a battle, {bootstraps} bootstraps"
    )
    found = compare(bootstraps, votes)
    ours, stored = found[OURS], found[STORED]
    histories = (FEW_VOTES, 10 * votes)
    few, many = leaderboards(histories)
    print_table(
        ["leaderboard from stored sums", "ms", "x"],
        [
            [f"{length:,} votes", f"{1000 * each:.3f}", f"{each / few:.2f}"]
            for length, each in zip(histories, (few, many), strict=True)
        ],
    )
    for rival in (ARENA_RANK, LOGISTIC):
        if (theirs := found[rival]) and ours:
            times = theirs.first / ours.first
            say(
                f"At least {TIMES_FASTER} times faster than {rival}",
                times,
                "times",
                reached=times >= TIMES_FASTER,
            )
    if stored:
        took = 1000 * stored.later
        say(f"At most {MILLISECONDS} ms from stored sums", took, "ms", reached=took <= MILLISECONDS)
    slower = many / few
    say(
        f"At most {TIMES_SLOWER} times slower after {histories[1]:,} votes",
        slower,
        "times",
        reached=slower <= TIMES_SLOWER,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bootstraps", type=int, default=BOOTSTRAPS)
    parser.add_argument("--votes", type=int, default=VOTES)
    given = parser.parse_args()
    main(given.bootstraps, given.votes)
