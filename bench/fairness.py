"""Whether draws are what they promise, and what they are for: `python -m bench.fairness [--repetitions N]`.

The first table is one server as `/about fairness` shows it: nine models that know each other, and one that
is new. The second is of many such servers: fair draws should give p-values below 0.05 in at most 5 % of
cases, and hardly any server a mark; the same servers with a thumb on the scale should get one. There the last
of the known models weighs more in every draw than its promised chance says.

The third table is of votes, one a battle, until the newcomer's interval is ± 115 points, and the fourth until
the order of ten models who are all new has a Kendall tau of 0.85 with the truth from then on, in the mean of
all repetitions; with our draws and with uniform ones. Votes are Davidson's, as in `bench.setup.history`,
without an effect of the battle.
"""

from __future__ import annotations

import argparse
import statistics
from dataclasses import dataclass, field
from itertools import combinations
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from bench.setup.history import STRENGTHS, chances
from bench.setup.table import print_setting, print_table
from bot.arena.matchmaking.fairness import FALSE_ALARMS, drawn_as_promised, two_sided
from bot.arena.matchmaking.odds import chances as chances_of
from bot.arena.matchmaking.odds import draw, pair_probabilities
from bot.arena.ratings.bradley_terry import fit
from bot.domain.draws import WHOLE, Drawing, Draws, added_by, in_parts
from bot.domain.pair_sums import PairSums
from bot.domain.vote import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.arena.matchmaking.odds import PairProbabilities
    from bot.arena.ratings.bradley_terry import Ratings
    from bot.arena.ratings.games import Floats

MODELS = tuple(range(1, 11))
NEWCOMER, FAVOURED = 10, 9
NEWCOMER_VOTES = 40
KNOWN_VOTES = 20
"""That each pair of the known models had before; 160 votes a model."""

BATTLES = 300
FAVOURS = (1.0, 1.5, 2.0)
POINTS = 115.0
TAU = 0.85
MOST_VOTES = 3000
EVERY = 10
"""Votes between two looks at the order of the models."""

REPETITIONS = 100
ALARMS_AT_MOST = 0.05
BOUNDS = (0.01, 0.05, 0.1, 0.5)


@dataclass(slots=True)
class DrawnServer:
    """Models of true strengths `theta`, in logits, and the votes that they got."""

    theta: Floats
    random: Random
    uniform: bool = False
    pairs: dict[tuple[int, int], PairSums] = field(default_factory=dict[tuple[int, int], PairSums])
    votes: int = 0

    def ratings(self) -> Ratings:
        return fit(MODELS, self.pairs)

    def odds(self) -> PairProbabilities:
        if self.uniform:
            every = list(combinations(MODELS, 2))
            return dict.fromkeys(every, 1 / len(every))
        return pair_probabilities(MODELS, self.ratings(), newcomer_votes=NEWCOMER_VOTES)

    def vote(self, i: int, j: int) -> None:
        """Let one member judge the models i < j."""
        shares = chances(self.theta[i - 1] - self.theta[j - 1])
        kinds = (Tally(a=1), Tally(b=1), Tally(tie=1), Tally(both_bad=1))
        tally = self.random.choices(kinds, shares.tolist())[0]
        self.pairs[i, j] = self.pairs.get((i, j), PairSums()) + PairSums.of(tally)
        self.votes += 1


def server(seed: int, *, uniform: bool = False, newcomer: bool = True) -> DrawnServer:
    """Begin with models that all are new, or with a newcomer among others that are known."""
    begun = DrawnServer(np.random.default_rng(seed).normal(0, STRENGTHS, len(MODELS)), Random(seed), uniform)
    for i, j in combinations(MODELS[:-1], 2) if newcomer else ():
        for _ in range(KNOWN_VOTES):
            begun.vote(i, j)
    begun.votes = 0
    return begun


def drawings(held: DrawnServer, favour: float) -> Iterator[Drawing]:
    """Hold battles of one vote each; a model may weigh more in the draws than it is said to."""
    for _ in range(BATTLES):
        odds = held.odds()
        weighed = {pair: p * (favour if FAVOURED in pair else 1.0) for pair, p in odds.items()}
        drawn = draw(held.random, weighed)
        held.vote(min(drawn.a, drawn.b), max(drawn.a, drawn.b))
        yield Drawing(drawn.a, drawn.b, {model: in_parts(p) for model, p in chances_of(odds).items()})


def sums(held: DrawnServer, favour: float = 1.0) -> dict[int, Draws]:
    total = dict.fromkeys(MODELS, Draws())
    for drawing in drawings(held, favour):
        for model, added in added_by(drawing).items():
            total[model] += added
    return total


def p_of_draws(draws: Draws) -> float:
    return drawn_as_promised(draws.drawn, draws.expected / WHOLE, draws.variance / WHOLE)


def p_of_sides(draws: Draws) -> float:
    return two_sided(draws.seats_a, draws.seats)


def show_one() -> None:
    rows = [
        [
            f"model {model}" + (" (new)" if model == NEWCOMER else ""),
            str(draws.drawn),
            f"{draws.expected / WHOLE:.1f} ± {(draws.variance / WHOLE) ** 0.5:.1f}",
            f"{p_of_draws(draws):.2f}",
            f"{draws.seats_a}/{draws.seats}",
            f"{p_of_sides(draws):.2f}",
        ]
        for model, draws in sums(server(0)).items()
    ]
    print_table(["one server", "drawn", "promised", "p", "side A", "p"], rows)


def show_many(repetitions: int) -> bool:
    """Print how p-values are spread; returns whether fair servers are left in peace."""
    rows: list[list[str]] = []
    peaceful = True
    for favour in FAVOURS:
        found = [sums(server(1 + seed), favour) for seed in range(repetitions)]
        of_draws = [[p_of_draws(draws) for draws in each.values()] for each in found]
        of_sides = [[p_of_sides(draws) for draws in each.values()] for each in found]
        limit = FALSE_ALARMS / (2 * len(MODELS))
        marked = sum(min(*a, *b) < limit for a, b in zip(of_draws, of_sides, strict=True)) / repetitions
        named = "fair" if favour == 1 else f"one weighs {favour:g} times"
        rows.append([f"{named}: draws", *spread(of_draws), f"{marked:.0%}"])
        if favour == 1:
            rows.append([f"{named}: sides", *spread(of_sides), ""])
            peaceful = max(share(of_draws, 0.05), share(of_sides, 0.05)) <= ALARMS_AT_MOST
    head = [f"p-values of {repetitions} servers", *(f"below {bound:g}" for bound in BOUNDS), "servers marked"]
    print_table(head, rows)
    return peaceful


def spread(values: Sequence[Sequence[float]]) -> list[str]:
    return [f"{share(values, bound):.1%}" for bound in BOUNDS]


def share(values: Sequence[Sequence[float]], bound: float) -> float:
    return statistics.fmean(p < bound for each in values for p in each)


def votes_of_newcomer(seed: int, *, uniform: bool) -> int:
    """Return after how many votes on the server the newcomer's rating is ± 115 points."""
    held = server(seed, uniform=uniform)
    while held.votes < MOST_VOTES:
        (row,) = [row for row in held.ratings().rows if row.model == NEWCOMER]
        if row.half_width <= POINTS:
            break
        drawn = draw(held.random, held.odds())
        held.vote(min(drawn.a, drawn.b), max(drawn.a, drawn.b))
    return held.votes


def taus(seed: int, votes: int, *, uniform: bool) -> list[float]:
    """Return Kendall's tau between the ratings and the truth after every ten votes."""
    held = server(seed, uniform=uniform, newcomer=False)
    i, j = np.triu_indices(len(MODELS), 1)
    truth = np.sign(held.theta[i] - held.theta[j])
    found: list[float] = []
    while held.votes < votes:
        drawn = draw(held.random, held.odds())
        held.vote(min(drawn.a, drawn.b), max(drawn.a, drawn.b))
        if held.votes % EVERY == 0:
            theta = held.ratings().theta
            found.append(float(np.mean(truth * np.sign(theta[i] - theta[j]))))
    return found


def votes_to_order(repetitions: int, *, uniform: bool) -> int | None:
    means = np.mean([taus(seed, MOST_VOTES // 2, uniform=uniform) for seed in range(repetitions)], axis=0)
    if means[-1] < TAU:
        return None
    below = np.flatnonzero(means < TAU)
    return EVERY * (int(below[-1]) + 2) if len(below) else EVERY


def main(repetitions: int) -> None:
    print_setting(f"{len(MODELS)} models, servers of {BATTLES} battles, {repetitions} repetitions")
    show_one()
    peaceful = show_many(repetitions)
    newcomer = [
        statistics.median(votes_of_newcomer(seed, uniform=uniform) for seed in range(repetitions))
        for uniform in (False, True)
    ]
    order = [votes_to_order(repetitions, uniform=uniform) for uniform in (False, True)]
    print_table(
        ["votes until", "our draws", "uniform", "ratings.md"],
        [
            [f"a newcomer is known to ± {POINTS:.0f}", *(f"{votes:.0f}" for votes in newcomer), "35-50, 170"],
            [
                f"Kendall's tau is {TAU}",
                *("more" if votes is None else str(votes) for votes in order),
                "690, 870",
            ],
        ],
    )
    print(f"At most 5% of the p-values of fair draws below 0.05: {'reached' if peaceful else 'NOT reached'}.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repetitions", type=int, default=REPETITIONS)
    main(parser.parse_args().repetitions)
