"""Discord's rate limits: a bucket per route and major parameter, and fifty requests a second in all."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

GLOBAL_LIMIT = 50
GLOBAL_WINDOW = 1.0


@dataclass(slots=True, frozen=True)
class Rate:
    """So many requests in so many seconds, shared by all routes of that name."""

    name: str
    limit: int
    seconds: float


@dataclass(slots=True)
class Window:
    """What is left of a limit until it is full again."""

    remaining: int
    resets_at: float


@dataclass(slots=True, frozen=True)
class Verdict:
    """What the limits say of a request. `retry_after` is None for one that may pass."""

    headers: dict[str, str]
    retry_after: float | None = None
    is_global: bool = False


class RateLimits:
    """Counts requests. Time is the machine's own, because clients wait by it."""

    def __init__(self, *, enabled: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self.enabled = enabled
        self._clock = clock
        self._windows: dict[tuple[str, str], Window] = {}

    def take(self, rate: Rate, major: str, *, counts_globally: bool) -> Verdict:
        """Count a request against its bucket, and against the global limit if it falls under that."""
        if not self.enabled:
            return Verdict(_headers(rate, 1_000_000, 0.0))
        if counts_globally:
            overall = self._window("global", "", GLOBAL_LIMIT, GLOBAL_WINDOW)
            if overall.remaining <= 0:
                wait = overall.resets_at - self._clock()
                headers = {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}
                return Verdict(headers, wait, is_global=True)
            overall.remaining -= 1
        window = self._window(rate.name, major, rate.limit, rate.seconds)
        wait = window.resets_at - self._clock()
        if window.remaining <= 0:
            headers = _headers(rate, 0, wait) | {"X-RateLimit-Scope": "user"}
            return Verdict(headers, wait)
        window.remaining -= 1
        return Verdict(_headers(rate, window.remaining, wait))

    def _window(self, name: str, major: str, limit: int, seconds: float) -> Window:
        now = self._clock()
        window = self._windows.get((name, major))
        if window is None or window.resets_at <= now:
            self._forget_expired(now)
            window = self._windows[name, major] = Window(limit, now + seconds)
        return window

    def _forget_expired(self, now: float) -> None:
        if len(self._windows) > 1000:  # noqa: PLR2004 - rarely enough to cost nothing
            self._windows = {key: each for key, each in self._windows.items() if each.resets_at > now}


def _headers(rate: Rate, remaining: int, wait: float) -> dict[str, str]:
    bucket = hashlib.blake2s(rate.name.encode(), digest_size=16).hexdigest()
    return {
        "X-RateLimit-Limit": str(max(rate.limit, remaining)),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": f"{time.time() + wait:.3f}",
        "X-RateLimit-Reset-After": f"{wait:.3f}",
        "X-RateLimit-Bucket": bucket,
    }
