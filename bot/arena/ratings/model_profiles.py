"""What is known of one model in a server: its rating, its record, how long it takes, its latest battles."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import median
from typing import TYPE_CHECKING

from bot.arena.ratings.bradley_terry import NORMAL_95
from bot.arena.ratings.leaderboards import ranking, rate, season_sums
from bot.storage import history, models

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.arena.models.roster import Entry, Roster
    from bot.arena.ratings.bradley_terry import Rating
    from bot.arena.ratings.leaderboards import Ranking
    from bot.config import BattleDefaults
    from bot.domain.battle import PastBattle
    from bot.domain.pair_sums import Pairs, PairSums
    from bot.storage.database import Database
    from bot.storage.models import ReplyTimings

LATEST = 500
"""Of a model's replies; the medians are taken over these."""

RECENT = 5

FEWEST_BATTLES = 3
"""With an opponent, before it can be the best or the worst one."""


@dataclass(frozen=True, slots=True)
class OpponentRecord:
    """The votes in the rated battles with one opponent, as seen from the model; there are some."""

    opponent: str
    sums: PairSums
    share: Share


@dataclass(frozen=True, slots=True)
class Extremes:
    """The opponents that a model does best and worst against; they are two."""

    best: OpponentRecord
    worst: OpponentRecord


@dataclass(frozen=True, slots=True)
class Profile:
    """Medians are over the latest replies, and `None` where nothing is known."""

    entry: Entry
    rating: Rating
    records: tuple[OpponentRecord, ...]
    recent: tuple[PastBattle, ...]
    """The newest first."""
    first_token_seconds: float | None
    total_seconds: float | None
    output_tokens: float | None
    island: int = 0
    """Which of the groups that never met it is ranked in, as on the board."""


class Profiles:
    def __init__(self, database: Database, roster: Roster, defaults: BattleDefaults) -> None:
        self._database = database
        self._roster = roster
        self._defaults = defaults

    async def of(self, entry: Entry) -> Profile:
        model = entry.model
        roster = await self._roster.of(model.guild_id)
        names = roster.names
        async with self._database.read() as connection:
            fitted = await rate(connection, model.guild_id, names)
            sums = await season_sums(connection, model.guild_id)
            recent = await history.past(connection, model.guild_id, model_id=model.model_id, most=RECENT)
            written = await models.reply_timings(connection, model.model_id, LATEST)
        found = ranking(fitted, roster, self._defaults)
        return Profile(
            entry,
            next(row for row in (*found.ranked, *found.provisional) if row.model == model.model_id),
            _records(model.model_id, names, sums),
            tuple(recent),
            *_medians(written),
            island=_island(found, model.model_id),
        )


def _island(found: Ranking, model_id: int) -> int:
    places = {row.model: at for at, rows in enumerate(found.islands) for row in rows}
    return places.get(model_id, 0)


def extremes(records: Sequence[OpponentRecord]) -> Extremes | None:
    """Name the best and the worst opponent of those met often enough, or none where the votes cannot tell.

    The best is the one with the highest lower bound, the worst the one with the lowest upper bound, so that
    one lucky vote makes neither. Where that is the same opponent, it is met most, and nothing is told.
    """
    met = [record for record in records if record.sums.battles >= FEWEST_BATTLES]
    if not met:
        return None
    best = max(met, key=lambda record: record.share.lower)
    worst = min(met, key=lambda record: record.share.upper)
    return None if best is worst else Extremes(best, worst)


def _records(model_id: int, names: dict[int, str], sums: Pairs) -> tuple[OpponentRecord, ...]:
    """Return the record against each opponent, the one with most votes first."""
    records: list[OpponentRecord] = []
    for (i, j), pair in sums.items():
        if model_id in (i, j) and pair.votes:
            seen = pair if model_id == i else pair.mirrored()
            opponent = names[j if model_id == i else i]
            records.append(OpponentRecord(opponent, seen, share_won(seen)))
    return tuple(sorted(records, key=lambda record: (-record.sums.votes, record.opponent)))


def _medians(written: Iterable[ReplyTimings]) -> tuple[float | None, float | None, float | None]:
    columns = zip(*written, strict=True) if written else ((), (), ())
    first, total, tokens = (
        median(known) if (known := [each for each in column if each is not None]) else None
        for column in columns
    )
    return first, total, tokens


@dataclass(frozen=True, slots=True)
class Share:
    """A share between 0 and 1, and its 95 % interval, which is never of zero width."""

    value: float
    lower: float
    upper: float


def share_won(sums: PairSums) -> Share:
    """Return the share that model i of the pair won; without votes raises `ZeroDivisionError`."""
    value = sums.score / sums.votes
    effective = sums.votes**2 / sums.u
    pull = NORMAL_95**2 / effective
    centre = (value + pull / 2) / (1 + pull)
    half_width = sqrt(pull * value * (1 - value) + pull**2 / 4) / (1 + pull)
    return Share(value, max(0.0, centre - half_width), min(1.0, centre + half_width))
