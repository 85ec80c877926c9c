"""Weeks, from Monday to Sunday in UTC, and when a week's recap is posted; pure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from bot.domain.days import DAY_SECONDS, day_of

if TYPE_CHECKING:
    from datetime import date

WEEK_DAYS = 7
HOUR_SECONDS = 3600
POST_HOUR = 9
_MONDAY = 4
"""Day 4 of 1970; the first of January was a Thursday."""


class Week(NamedTuple):
    """Seven days, both ends included, in days since 1970."""

    first_day: int
    last_day: int

    @property
    def since(self) -> float:
        return float(self.first_day * DAY_SECONDS)

    @property
    def until(self) -> float:
        """The moment after its end."""
        return float((self.last_day + 1) * DAY_SECONDS)

    @property
    def dates(self) -> tuple[date, date]:
        first, last = (
            datetime.fromtimestamp(day * DAY_SECONDS, UTC).date() for day in (self.first_day, self.last_day)
        )
        return first, last


def last_seven_days(now: float) -> Week:
    """Return today and the six days before it, the days of `/leaderboard` over 7 days."""
    return Week(day_of(now) - WEEK_DAYS + 1, day_of(now))


def week_number(now: float) -> int:
    """Return the number of the week under way; the one that began on 5 January 1970 is 0."""
    return (day_of(now) - _MONDAY) // WEEK_DAYS


def calendar_week(number: int) -> Week:
    first = _MONDAY + number * WEEK_DAYS
    return Week(first, first + WEEK_DAYS - 1)


def to_post(now: float) -> int | None:
    """Return the number of the week whose recap is posted now: on Mondays from 9:00 UTC the one before."""
    is_monday = (day_of(now) - _MONDAY) % WEEK_DAYS == 0
    if is_monday and now % DAY_SECONDS >= POST_HOUR * HOUR_SECONDS:
        return week_number(now) - 1
    return None
