"""Recounts of the sums of drawings, for the check that no battle was lost or counted twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from operator import sub
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from sqlalchemy import select, update

from bot.domain.draws import WHOLE, Drawing, Draws, ServerDraws, variance_of
from bot.domain.vote import Tally
from bot.storage.draws import (
    CHANCES,
    IDS,
    MODEL_SUMS,
    SERVER_COUNTS,
    add_to_models,
    add_to_server,
    counts_of,
    of_models,
    of_server,
)
from bot.storage.recounts.decided import decided
from bot.storage.schema import guild_draws, models

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Row

    from bot.storage.connections.awaited import AsyncConnection
    from bot.storage.recounts.decided import DecidedBattle

MOST_CHANCES = 50_000
"""In memory at a time."""

NEAR_HALF = 100
"""Twice as far from a half, in parts of `WHOLE`, a variance is rounded as the exact one is."""


@dataclass(frozen=True, slots=True)
class DrawSums:
    """The sums of a guild's drawings; models without any are left out."""

    models: Mapping[int, Draws]
    server: ServerDraws


class _Kind(NamedTuple):
    """What a server's sums know of a battle, by which many are alike."""

    is_drawn: bool
    is_known: bool
    is_first_on_a: bool
    tally: tuple[int, ...]
    is_called_off: bool

    def counts(self) -> dict[str, int]:
        a, b = (1, 2) if self.is_first_on_a else (2, 1)
        drawing = Drawing(a, b, {} if self.is_known else None) if self.is_drawn else None
        return counts_of(drawing, Tally(*self.tally), called_off=self.is_called_off)


class DrawCount:
    """The sums of battles that are added one after the other, as plain numbers: a battle has many chances."""

    def __init__(self) -> None:
        self._by_model = {name: defaultdict[int, int](int) for name in MODEL_SUMS}
        self._kinds: Counter[_Kind] = Counter()
        self._pairs: Counter[tuple[int, int, bool]] = Counter()
        self._choices: list[int] = []
        self._chances: list[int] = []
        self._taken_out = 0
        self._since: float | None = None

    def add(self, battle: DecidedBattle) -> None:
        row = battle.row
        is_drawn, is_known = row.model_a is not None, row.chances is not None
        is_first_on_a = is_drawn and row.model_a < row.model_b
        kind = _Kind(is_drawn, is_known, is_first_on_a, battle.counted[:4], not row.has_tally)
        self._kinds[kind] += 1
        if row.is_taken_out:
            self._taken_out += 1
            for model in (row.fought_a, row.fought_b):
                self._by_model["taken_out"][model] += 1
        if is_drawn:
            self._add_drawing(row)

    def _add_drawing(self, row: Row[tuple[object, ...]]) -> None:
        is_known = row.chances is not None
        self._pairs[row.model_a, row.model_b, is_known] += 1
        for name, some in (("failed", row.failed), ("stepped_in", row.stepped_in)):
            if some != "[]":
                for model in IDS.decode(some):
                    self._by_model[name][model] += 1
        if is_known:
            chances = CHANCES.decode(row.chances)
            self._choices += chances
            self._chances += chances.values()
            if len(self._chances) > MOST_CHANCES:
                self._add_chances()
            self._since = row.opened_at if self._since is None else min(self._since, row.opened_at)

    def _add_pairs(self) -> None:
        for (a, b, is_known), number in self._pairs.items():
            self._by_model["seats_a"][a] += number
            for model in (a, b):
                self._by_model["seats"][model] += number
                self._by_model["drawn"][model] += number * is_known
        self._pairs.clear()

    def _add_chances(self) -> None:
        for model, (expected, variance) in _sums_of_chances(self._choices, self._chances).items():
            self._by_model["expected"][model] += expected
            self._by_model["variance"][model] += variance
        self._choices, self._chances = [], []

    def sums(self, known: Collection[int]) -> DrawSums:
        """Return the sums of these models, and of the server."""
        self._add_pairs()
        self._add_chances()
        of_model = {
            model: Draws(**{name: self._by_model[name].get(model, 0) for name in MODEL_SUMS})
            for model in known
        }
        server = dict.fromkeys(SERVER_COUNTS, 0)
        for kind, number in self._kinds.items():
            for name, count in kind.counts().items():
                server[name] += count * number
        server["taken_out"] = self._taken_out
        return DrawSums(_some(of_model), ServerDraws(self._since, **server))


async def stored(connection: AsyncConnection, guild_id: int) -> DrawSums:
    by_model = await of_models(connection, guild_id)
    return DrawSums(_some(by_model), await of_server(connection, guild_id))


async def counted(connection: AsyncConnection, guild_id: int) -> DrawSums:
    """Return the sums as the guild's decided battles make them."""
    count = DrawCount()
    async for batch in decided(connection, guild_id):
        for battle in batch:
            count.add(battle)
    return count.sums(await known_models(connection, guild_id))


async def known_models(connection: AsyncConnection, guild_id: int) -> set[int]:
    return set(await connection.scalars(select(models.c.model_id).where(models.c.guild_id == guild_id)))


async def correct(connection: AsyncConnection, guild_id: int, kept: DrawSums, right: DrawSums) -> None:
    """Add what is missing in the sums that were kept when these were right.

    What came to both since then was the same, so it need not be counted again.
    """
    missing = {
        model: Draws(*map(sub, right.models.get(model, Draws()).values(), sums.values()))
        for model in kept.models.keys() | right.models.keys()
        for sums in [kept.models.get(model, Draws())]
    }
    await add_to_models(connection, guild_id, _some(missing))
    counts = {name: getattr(right.server, name) - getattr(kept.server, name) for name in SERVER_COUNTS}
    await connection.execute(
        update(guild_draws)
        .where(
            guild_draws.c.guild_id == guild_id, guild_draws.c.since.is_not_distinct_from(kept.server.since)
        )
        .values(since=None)
    )
    await add_to_server(connection, guild_id, counts, right.server.since)


def _some(by_model: Mapping[int, Draws]) -> dict[int, Draws]:
    return {model: sums for model, sums in by_model.items() if sums != Draws()}


def _sums_of_chances(models: Sequence[int], chances: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return what the chances of many battles, each that of a model, add to its `expected` and `variance`."""
    ids, places = np.unique(np.array(models, np.int64), return_inverse=True)
    each = np.array(chances, np.int64)
    variances, rest = np.divmod(each * (WHOLE - each), WHOLE)
    variances += 2 * rest > WHOLE
    for near in np.flatnonzero(np.abs(2 * rest - WHOLE) < NEAR_HALF).tolist():
        variances[near] = variance_of(chances[near])
    sums = np.zeros((2, len(ids)), np.int64)
    np.add.at(sums[0], places, each)
    np.add.at(sums[1], places, variances)
    return {
        model: (expected, variance)
        for model, expected, variance in zip(ids.tolist(), *sums.tolist(), strict=True)
    }
