"""Who is flagged by `/votes audit`, and who is not: `python -m bench.suspicion [--repetitions N]`.

A server with ten models and a hundred members, who vote equally often, five on a battle. Ninety are honest:
they vote as in `bench.setup.history` (Davidson's ties, an effect of each battle that its voters share), each
with a taste of their own for each model, and with habits of their own for ties and both-bad. Three flip a
coin for one of the four choices, three for A or B, and four vote for the worse reply: where an honest member
would have taken A, they take B.

The spread of the ten models is the standard deviation of their ratings, in points, on the board of honest
members without tastes: 100 to 150, as on the public boards that rank weak and strong models together. Pairs
are drawn by the server's own matchmaking, which prefers models that stand close and so tell less of a voter;
one row draws them uniformly. The ratings are the server's own: fitted to all votes, those of coin-flippers
and contrarians among them.

The comparison is the rule of Chatbot Arena (arXiv 2403.04132, 5.1): for each vote the p-value of a result at
least as high among the others' votes on that pair, joined by Fisher's method at five random moments of the
first hundred votes, each tested at a fifth of the level. A vote has few results, so most of these p-values
are too large; "ties at random" shares out those of equal results, which makes them exact. Its authors'
table 5 finds 13 of 25 anomalous users and flags 1 of 25 normal ones at the level 0.1; at 0.3 it finds 21, and
flags 8, a third.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.setup.electorate import MODELS, Spread, VoterKind, hold
from bench.setup.history import VOTES_A_BATTLE
from bench.setup.table import print_setting, print_table
from bot.arena.moderation.suspicion import THRESHOLD, Votes, weigh

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.random import Generator

    from bench.setup.electorate import Ints, VotingServer

Flags = NDArray[np.bool_]

VOTES = (20, 50, 100, 300, 1000)
FALSE_ALARM_AT, FOUND_AT = 100, 300
FALSE_ALARM_AIM, FOUND_AIM = 0.01, 0.90
CHECKS = 5
FIRST_VOTES = 100
REPETITIONS = 40
CHEATS = {
    VoterKind.COIN_OF_FOUR: "coins of four",
    VoterKind.COIN_OF_TWO: "coins of two",
    VoterKind.CONTRARIAN: "contrarians",
}

BASE = Spread("spread 125")
SETTINGS = (
    replace(BASE, name="spread 100", spread=100.0),
    BASE,
    replace(BASE, name="spread 150", spread=150.0),
)
OTHER_SETTINGS = (
    replace(BASE, name="pairs drawn uniformly", is_uniform=True),
    replace(BASE, name="stronger tastes (0.6)", taste=0.6),
    replace(BASE, name="no effect of battles", battle_effect=0.0),
    replace(BASE, name="models nearly equal (15)", spread=15.0),
    replace(BASE, name="20 members", members=(17, 1, 1, 1)),
    replace(BASE, name="30 of 100 cheat", members=(70, 10, 10, 10)),
)


class Rule(NamedTuple):
    """The published rule, as it stands or with exact p-values."""

    level: float
    ties_at_random: bool

    def __str__(self) -> str:
        return f"level {self.level}" + (", ties at random" if self.ties_at_random else "")


RULES = tuple(Rule(level, ties_at_random) for level in (0.1, 0.3) for ties_at_random in (False, True))


def flagged(server: VotingServer) -> Flags:
    """Audit the server as the bot does; returns who is flagged, shape (members,)."""
    battle = np.repeat(np.arange(len(server.a)), VOTES_A_BATTLE)
    votes = Votes(server.who.ravel(), battle, server.choice.ravel(), server.a[battle], server.b[battle])
    flags = np.zeros(len(server.kinds), np.bool_)
    flags[[each.member for each in weigh(server.rate(), votes) if each.stands_out]] = True
    return flags


def published(random: Generator, server: VotingServer, rule: Rule) -> Flags:
    """Flag by the rule of Chatbot Arena, with each result seen from the model of the lower position."""
    turned = (server.a > server.b)[:, None]
    result = np.array([2, 0, 1, 1])[np.where(turned & (server.choice <= 1), 1 - server.choice, server.choice)]
    pair = np.minimum(server.a, server.b) * MODELS + np.maximum(server.a, server.b)
    pairs = np.broadcast_to(pair[:, None], result.shape)
    flags = np.zeros(len(server.kinds), np.bool_)
    counts = np.zeros((MODELS**2, 3))
    np.add.at(counts, (pairs, result), 1)
    for member in range(len(server.kinds)):
        own = server.who == member
        met, got = pairs[own], result[own]
        history = counts.copy()
        np.add.at(history, (met, got), -1)
        as_high = history[:, ::-1].cumsum(axis=1)[:, ::-1]
        equal = 1 + history[met, got]
        less = random.random(len(got)) * equal if rule.ties_at_random else 0
        p = (1 + as_high[met, got] - less) / (1 + history[met].sum(axis=1))
        statistic = -2 * np.log(p[:FIRST_VOTES]).cumsum()
        moments = random.choice(len(statistic), CHECKS, replace=False)
        flags[member] = any(
            chi_square_tail(float(statistic[at]), at + 1) <= rule.level / CHECKS for at in moments.tolist()
        )
    return flags


def chi_square_tail(x: float, half_degrees: int) -> float:
    """Return P(χ² ≥ x) for an even number of degrees of freedom: a sum of Poisson chances."""
    k = np.arange(half_degrees)
    logs = k * np.log(max(x, 1e-300) / 2) - x / 2 - np.concatenate([[0.0], np.log(k[1:]).cumsum()])
    return float(np.exp(logs).sum())


class Found:
    """How many of each kind there were, and how many of them were flagged."""

    def __init__(self) -> None:
        self._all: defaultdict[VoterKind, int] = defaultdict(int)
        self._flagged: defaultdict[VoterKind, int] = defaultdict(int)

    def add(self, kinds: Ints, flags: Flags) -> None:
        for kind in VoterKind:
            self._all[kind] += int((kinds == kind).sum())
            self._flagged[kind] += int(flags[kinds == kind].sum())

    def share(self, kind: VoterKind) -> float:
        return self._flagged[kind] / self._all[kind]


def audit(setting: Spread, votes: Sequence[int], repetitions: int) -> dict[int, Found]:
    """Hold servers and audit each once its members have so many votes."""
    found = {each: Found() for each in votes}
    for repetition in range(repetitions):
        server = hold(np.random.default_rng(repetition), setting, max(votes))
        for each in votes:
            found[each].add(server.kinds, flagged(server.upto(each)))
    return found


def compare(repetitions: int) -> dict[Rule, Found]:
    """Flag by the published rule, on servers whose members have a hundred votes each."""
    found = {rule: Found() for rule in RULES}
    for repetition in range(repetitions):
        random = np.random.default_rng(repetition)
        server = hold(random, BASE, FIRST_VOTES)
        for rule, each in found.items():
            each.add(server.kinds, published(random, server, rule))
    return found


def row(name: str, found: dict[int, Found]) -> list[str]:
    honest = (f"{found[votes].share(VoterKind.HONEST):.2%}" if votes in found else "" for votes in VOTES)
    return [name, *honest, *kinds(found[FOUND_AT])]


def kinds(found: Found) -> Iterable[str]:
    return (f"{found.share(kind):.0%}" for kind in CHEATS)


def main(repetitions: int) -> None:
    print_setting(f"{MODELS} models, {repetitions} servers a row, flagged from evidence of {THRESHOLD:.2f}")
    found = {each: audit(each, VOTES, repetitions) for each in SETTINGS}
    found |= {each: audit(each, [v for v in VOTES if v <= FOUND_AT], repetitions) for each in OTHER_SETTINGS}
    head = [
        "flagged",
        *(f"honest, {votes} votes" for votes in VOTES),
        *(f"{name}, {FOUND_AT}" for name in CHEATS.values()),
    ]
    print_table(head, [row(setting.name, each) for setting, each in found.items()])
    print_table(
        [f"the published rule, {FIRST_VOTES} votes", "honest", *CHEATS.values()],
        [
            [str(rule), f"{each.share(VoterKind.HONEST):.1%}", *kinds(each)]
            for rule, each in compare(repetitions).items()
        ],
    )
    _judge([found[setting] for setting in SETTINGS])


def _judge(found: Sequence[dict[int, Found]]) -> None:
    alarms = max(each[FALSE_ALARM_AT].share(VoterKind.HONEST) for each in found)
    print("On the first three servers, at worst:")
    _say(
        f"Below {FALSE_ALARM_AIM:.0%} of honest members flagged at {FALSE_ALARM_AT} votes each",
        f"{alarms:.2%}",
        reached=alarms < FALSE_ALARM_AIM,
    )
    for kind, name in CHEATS.items():
        share = min(each[FOUND_AT].share(kind) for each in found)
        aim = f"Above {FOUND_AIM:.0%} of {name} found at {FOUND_AT} votes each"
        _say(aim, f"{share:.1%}", reached=share > FOUND_AIM)


def _say(aim: str, figure: str, *, reached: bool) -> None:
    print(f"{aim}: {figure}, {'reached' if reached else 'NOT reached'}.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repetitions", type=int, default=REPETITIONS)
    main(parser.parse_args().repetitions)
