"""What is known of one model in a server: its rating, its record, and how long it takes."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from bot.arena.leaderboards import rate, season_sums
from bot.storage import models

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.arena.ratings import Rating
    from bot.arena.roster import Entry, Roster
    from bot.storage.database import Database
    from bot.storage.models import Writing
    from bot.storage.pairs import Pairs

LATEST = 500
"""Of a model's replies; the medians are taken over these."""


@dataclass(frozen=True, slots=True)
class Record:
    """The votes in the rated battles with one opponent."""

    opponent: str
    wins: int
    losses: int
    ties: int
    both_bad: int

    @property
    def votes(self) -> int:
        return self.wins + self.losses + self.ties + self.both_bad


@dataclass(frozen=True, slots=True)
class Profile:
    """Medians are over the latest replies, and `None` where nothing is known."""

    entry: Entry
    rating: Rating
    records: tuple[Record, ...]
    first_token_seconds: float | None
    total_seconds: float | None
    output_tokens: float | None


class Profiles:
    def __init__(self, database: Database, roster: Roster) -> None:
        self._database = database
        self._roster = roster

    async def of(self, entry: Entry) -> Profile:
        model = entry.model
        names = (await self._roster.of(model.guild_id)).names
        async with self._database.read() as connection:
            ratings = await rate(connection, model.guild_id, names)
            sums = await season_sums(connection, model.guild_id)
            written = await models.writings(connection, model.model_id, LATEST)
        return Profile(
            entry,
            next(row for row in ratings.rows if row.model == model.model_id),
            _records(model.model_id, names, sums),
            *_medians(written),
        )


def _records(model_id: int, names: dict[int, str], sums: Pairs) -> tuple[Record, ...]:
    """Return the record against each opponent, the one with most votes first."""
    records: list[Record] = []
    for (i, j), pair in sums.items():
        if model_id in (i, j):
            seen = pair if model_id == i else pair.mirrored()
            opponent = names[j if model_id == i else i]
            records.append(Record(opponent, seen.wins_i, seen.wins_j, seen.ties, seen.both_bad))
    return tuple(sorted(records, key=lambda record: (-record.votes, record.opponent)))


def _medians(written: Iterable[Writing]) -> tuple[float | None, float | None, float | None]:
    columns = zip(*written, strict=True) if written else ((), (), ())
    first, total, tokens = (
        median(known) if (known := [each for each in column if each is not None]) else None
        for column in columns
    )
    return first, total, tokens
