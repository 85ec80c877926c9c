"""Whether the draws were what the rules promise, from the sums of decided battles."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, exp, lgamma, log, sqrt
from typing import TYPE_CHECKING

from bot.domain.draws import WHOLE, Draws
from bot.storage import draws

if TYPE_CHECKING:
    from bot.arena.models.roster import Entry, GuildRoster, Roster
    from bot.domain.draws import ServerDraws
    from bot.storage.database import Database

FALSE_ALARMS = 0.05
"""How often a server may have anything that stands out, although every draw and coin was fair."""

NEGLIGIBLE = 1e-17
"""Beside the sum that it would be added to."""


@dataclass(frozen=True, slots=True)
class Coin:
    """How often a coin fell on side A; `p` is how likely a count so uneven is if it is fair."""

    a: int
    of: int

    @property
    def p(self) -> float:
        return two_sided(self.a, self.of)


@dataclass(frozen=True, slots=True)
class ModelFairness:
    """One model's draws: `promised` is the sum of its chances at each of them, give or take `deviation`.

    A model was `asked` when it was drawn or stepped in for another, and it failed in `failed` of these.
    """

    entry: Entry
    drawn: int
    promised: float
    deviation: float
    p: float
    sides: Coin
    stepped_in: int
    failed: int
    taken_out: int
    stands_out: bool
    """It was drawn more or less often than chance explains."""
    leans: bool
    """Its sides are more uneven than chance explains."""

    @property
    def asked(self) -> int:
        return self.drawn + self.stepped_in


@dataclass(frozen=True, slots=True)
class FairnessReport:
    """`firsts` are the battles in which side A went to the model that was on the server first."""

    server: ServerDraws
    models: tuple[ModelFairness, ...]
    firsts: Coin
    wins: Coin


class Fairness:
    def __init__(self, database: Database, roster: Roster) -> None:
        self._database = database
        self._roster = roster

    async def of(self, guild_id: int) -> FairnessReport:
        """Report on every model of the server, those that are retired or withdrawn last."""
        roster = await self._roster.of(guild_id)
        async with self._database.read() as connection:
            by_model = await draws.of_models(connection, guild_id)
            server = await draws.of_server(connection, guild_id)
        return report(roster, by_model, server)


def report(roster: GuildRoster, by_model: dict[int, Draws], server: ServerDraws) -> FairnessReport:
    known = (entry for entry in roster if not entry.is_imported or entry.model.model_id in by_model)
    entries = sorted(known, key=lambda entry: (entry.is_retired, entry.model.shown.casefold()))
    sums = [by_model.get(entry.model.model_id, Draws()) for entry in entries]
    compared = sum((each.variance > 0) + (each.seats > 0) for each in sums)
    limit = FALSE_ALARMS / max(compared, 1)
    return FairnessReport(
        server,
        tuple(_fairness(entry, each, limit) for entry, each in zip(entries, sums, strict=True)),
        Coin(server.first_on_a, server.battles),
        Coin(server.wins_a, server.wins_a + server.wins_b),
    )


def _fairness(entry: Entry, sums: Draws, limit: float) -> ModelFairness:
    """Judge a model by p-values below `limit`: of many, some are below 0.05 by chance alone."""
    promised, variance = sums.expected / WHOLE, sums.variance / WHOLE
    p = drawn_as_promised(sums.drawn, promised, variance)
    sides = Coin(sums.seats_a, sums.seats)
    return ModelFairness(
        entry=entry,
        drawn=sums.drawn,
        promised=promised,
        deviation=sqrt(variance),
        p=p,
        sides=sides,
        stepped_in=sums.stepped_in,
        failed=sums.failed,
        taken_out=sums.taken_out,
        stands_out=p < limit,
        leans=sides.p < limit,
    )


def two_sided(successes: int, probes: int, chance: float = 0.5) -> float:
    """Return twice the smaller tail of the binomial distribution, `successes` included, at most 1."""
    if chance in {0.0, 1.0}:
        return 1.0 if successes == probes * chance else 0.0
    lower = _lower_tail(successes, probes, chance)
    upper = _lower_tail(probes - successes, probes, 1 - chance)
    return min(1.0, 2 * min(lower, upper))


def drawn_as_promised(drawn: int, expected: float, variance: float) -> float:
    """Return how likely a count at least as far from `expected` was, two-sided.

    The count is of draws with chances p of their own: `expected` is Σp, `variance` Σp(1 - p). It is compared
    with the binomial distribution of that mean and, but for rounding, that variance, which has
    (Σp)² / Σp² trials. Each draw's chance may depend on the draws before it.
    """
    squares = expected - variance
    if expected <= 0 or squares <= 0:
        return 1.0 if drawn == 0 else 0.0
    probes = max(drawn, ceil(round(expected * expected / squares, 6)))
    return two_sided(drawn, probes, min(1.0, expected / probes))


def _lower_tail(successes: int, probes: int, chance: float) -> float:
    """Add up the chances of `successes` and fewer, from the top; below the mean they shrink one by one."""
    odds = chance / (1 - chance)
    ways = lgamma(probes + 1) - lgamma(successes + 1) - lgamma(probes - successes + 1)
    term = exp(ways + successes * log(chance) + (probes - successes) * log(1 - chance))
    total = term
    for left in range(successes, 0, -1):
        term *= left / ((probes - left + 1) * odds)
        total += term
        if term <= NEGLIGIBLE * total:
            break
    return total
