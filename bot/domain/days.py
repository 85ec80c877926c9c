"""Days of UTC, by their number since the first of January 1970."""

from __future__ import annotations

DAY_SECONDS = 24 * 3600


def day_of(moment: float) -> int:
    """Return the day of a moment in Unix seconds."""
    return int(moment // DAY_SECONDS)
