"""Audits of a server's voters: all votes that count, weighed at once. Nothing is done to anyone."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import Enum, auto
from math import log
from typing import TYPE_CHECKING

from bot.arena.moderation import cast_votes
from bot.arena.moderation.suspicion import Votes, weigh
from bot.arena.moderation.vote_influence import influences
from bot.arena.ratings.bradley_terry import fit
from bot.deferred import Deferred
from bot.domain.pair_sums import Scope
from bot.storage import models, pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import numpy as np

    from bot.arena.moderation.cast_votes import CastVotes
    from bot.arena.moderation.suspicion import Evidence, Ints
    from bot.arena.moderation.vote_influence import Influence
    from bot.arena.ratings.bradley_terry import Ratings
    from bot.domain.pair_sums import Pairs
    from bot.storage.database import Database
else:
    np = Deferred("numpy")

FRESH_SECONDS = 600.0
"""While pages are turned, an audit stays what it was."""

FEWEST_FAST = 10
FAST_SHARE = 0.25
"""So many votes, and such a share of those whose time is known, make fast voting a sign of its own."""
STRONG, OVERWHELMING = log(1_000), log(1_000_000)


@dataclass(frozen=True, slots=True)
class Audit:
    """Made at `at`, in Unix seconds, of so many votes by so many members."""

    at: float
    votes: int
    voters: int
    suspects: tuple[Suspect, ...]
    influences: tuple[Influence, ...]
    names: Mapping[int, str]
    """Those of the models, by their ids."""


class Audits:
    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
        self._latest: dict[int, Audit] = {}
        self._working = asyncio.Lock()

    async def make(self, guild_id: int) -> Audit:
        """Weigh all votes in the rated battles of a guild; one guild at a time, for it is much work."""
        async with self._working:
            now = self._clock()
            self._latest = {
                each: audit for each, audit in self._latest.items() if now < audit.at + FRESH_SECONDS
            }
            self._latest[guild_id] = await self._make(guild_id, now)
            return self._latest[guild_id]

    async def latest(self, guild_id: int) -> Audit:
        """Return the latest audit, or a new one where that is old."""
        audit = self._latest.get(guild_id)
        if audit is None or self._clock() >= audit.at + FRESH_SECONDS:
            return await self.make(guild_id)
        return audit

    async def _make(self, guild_id: int, now: float) -> Audit:
        async with self._database.read() as connection:
            names = await models.names(connection, guild_id)
            sums = await pairs.load(connection, guild_id, Scope(held_here=True))
            cast = await cast_votes.read(connection, guild_id)
        return await asyncio.to_thread(_audit, now, names, sums, cast)


def _audit(now: float, names: Mapping[int, str], sums: Pairs, cast: CastVotes) -> Audit:
    ratings = fit(sorted(names), sums)
    a, b = (_positions(ratings, models)[cast.battle] for models in (cast.model_a, cast.model_b))
    counting = Votes(cast.user_id, cast.battle, cast.choice, a, b)
    paces = _paces(cast.user_id, cast.is_timed[cast.battle], cast.is_fast)
    found = suspects(paces, weigh(ratings, counting))
    moved = influences(ratings, sums, counting)
    return Audit(now, len(cast.user_id), len(paces), tuple(found), tuple(moved), names)


def _positions(ratings: Ratings, models: Ints) -> Ints:
    return np.searchsorted(np.array(ratings.models, np.int64), models).astype(np.int32)


def _paces(user_id: Ints, is_timed: Ints, is_fast: Ints) -> dict[int, Pace]:
    members, at = np.unique(user_id, return_inverse=True)
    columns = (np.bincount(at, each, len(members)) for each in (np.ones(len(at)), is_timed, is_fast))
    counts = (column.astype(np.int64).tolist() for column in columns)
    return dict(zip(members.tolist(), map(Pace, *counts), strict=True))


class Manner(Enum):
    """What someone's votes look like."""

    COIN = auto()
    CONTRARIAN = auto()


class Strength(Enum):
    """How much likelier that is than honest voting: 20 times at least, a thousand, a million."""

    NOTICEABLE = auto()
    STRONG = auto()
    OVERWHELMING = auto()


@dataclass(frozen=True, slots=True)
class Pace:
    """Of a member's votes: all, those whose reading time is known, and those that were faster."""

    votes: int = 0
    timed: int = 0
    fast: int = 0

    @property
    def is_hasty(self) -> bool:
        return self.fast >= FEWEST_FAST and self.fast >= FAST_SHARE * self.timed


@dataclass(frozen=True, slots=True)
class Suspect:
    """A member whose votes stand out; `evidence` is the natural logarithm of a likelihood ratio."""

    user_id: int
    pace: Pace
    manner: Manner | None
    evidence: float = 0.0

    @property
    def strength(self) -> Strength:
        if self.evidence >= OVERWHELMING:
            return Strength.OVERWHELMING
        return Strength.STRONG if self.evidence >= STRONG else Strength.NOTICEABLE


def suspects(paces: Mapping[int, Pace], weighed: Iterable[Evidence]) -> list[Suspect]:
    """Name those whose votes stand out, the strongest evidence first, then those who are hasty alone."""
    found = {each.member: _suspect(each, paces[each.member]) for each in weighed if each.stands_out}
    hasty = {
        user_id: Suspect(user_id, pace, None)
        for user_id, pace in paces.items()
        if pace.is_hasty and user_id not in found
    }
    return sorted((found | hasty).values(), key=lambda each: (-each.evidence, -each.pace.fast, each.user_id))


def _suspect(evidence: Evidence, pace: Pace) -> Suspect:
    if evidence.contrarian > evidence.coin:
        return Suspect(evidence.member, pace, Manner.CONTRARIAN, evidence.contrarian)
    return Suspect(evidence.member, pace, Manner.COIN, evidence.coin)
