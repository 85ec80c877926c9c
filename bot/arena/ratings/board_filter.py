"""What a leaderboard can be about: a category of prompts, in a season or in the last days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.days import day_of
from bot.domain.pair_sums import FIRST_SEASON, OVERALL, Scope
from bot.errors import ArenaError
from bot.i18n import N_
from bot.storage import seasons

if TYPE_CHECKING:
    from bot.storage.database import Connection

THIS_SEASON = "season"
ALL_TIME = "all"
LAST_DAYS = {"7d": 7, "30d": 30, "90d": 90}
PERIOD = r"season|all|7d|30d|90d|[si][1-9]\d{0,5}"
"""`s3` is the third season, which is over, `i2` the second one that was imported."""


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """A category and a period, by their keys."""

    category: str = OVERALL
    period: str = THIS_SEASON

    @property
    def is_plain(self) -> bool:
        """It is the board that everyone means: all prompts of the season under way."""
        return self == BoardFilter()


def past_season(number: int) -> str:
    """Return the key of a season that is over."""
    return f"s{number}" if number >= FIRST_SEASON else f"i{FIRST_SEASON - number}"


def season_number(period: str) -> int | None:
    """Return which past season a period is, `None` where it is none."""
    found = re.fullmatch(r"([si])(\d{1,9})", period)
    if not found:
        return None
    return int(found[2]) if found[1] == "s" else FIRST_SEASON - int(found[2])


async def scope_of(connection: Connection, guild_id: int, view: BoardFilter, now: float) -> Scope:
    """Say which rated battles a view is about; raises `ArenaError` where there is no such period."""
    if view.period == ALL_TIME:
        return Scope(view.category)
    if days := LAST_DAYS.get(view.period):
        return Scope(view.category, since_day=day_of(now) - days + 1)
    current = await seasons.current(connection, guild_id)
    if view.period == THIS_SEASON:
        return Scope(view.category, current)
    number = season_number(view.period)
    if number is None or not await seasons.has_ended(connection, guild_id, number):
        raise ArenaError(N_("There is no such period. Please choose one of those that are offered."))
    return Scope(view.category, number)
