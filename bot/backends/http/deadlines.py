"""When the time limits of one reply run out."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.backends.base import BackendError, Failure

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.backends.http.sessions import HttpLimits

# How long a reply whose end was said waits for its stream to end, where its server is known to forget that.
END_SECONDS = 3.0


@dataclass(slots=True)
class ReplyDeadlines:
    """Moments of the event loop's clock, which the pieces of a reply move.

    They are kept here, and entered for each wait, because one `asyncio.timeout` around a whole reply would
    be open while the consumer holds the iterator, and would cancel the consumer's task.
    """

    limits: HttpLimits
    now: Callable[[], float]
    total: float
    first_token: float = math.inf
    stall: float = math.inf
    end: float = math.inf

    @classmethod
    def start(cls, limits: HttpLimits) -> ReplyDeadlines:
        now = asyncio.get_running_loop().time
        return cls(limits, now, now() + limits.total_seconds)

    @property
    def next(self) -> float:
        return min(self.first_token, self.stall, self.total, self.end)

    def of_request(self) -> ReplyDeadlines:
        """Return those of a request that is sent now."""
        return replace(self, first_token=self.now() + self.limits.first_token_seconds)

    def shortened(self, seconds: float) -> ReplyDeadlines:
        return replace(self, total=min(self.total, self.now() + seconds))

    def expect_piece(self) -> None:
        """Allow for the next piece what one may take, because one has just come."""
        self.first_token = self.end = math.inf
        self.stall = self.now() + self.limits.stall_seconds

    def expect_end(self, *, is_forgotten: bool) -> None:
        """Allow for the end of the stream what a piece may take: some servers name a reason and write on."""
        self.first_token = self.stall = math.inf
        self.end = self.now() + (END_SECONDS if is_forgotten else self.limits.stall_seconds)

    def timeout(self) -> asyncio.Timeout:
        return asyncio.timeout_at(self.next)

    def check(self) -> None:
        """Raise `BackendError` where time is up: a timeout alone never ends what does not wait."""
        if self.now() > self.next:
            raise self.expired()

    def expired(self) -> BackendError:
        limits = self.limits
        match self.next:
            case self.total:
                return timed_out("total", limits.total_seconds)
            case self.first_token:
                return timed_out("first token", limits.first_token_seconds)
            case self.stall:
                return timed_out("stall", limits.stall_seconds)
            case _:
                return BackendError(Failure.TIMEOUT, "the stream did not end")


def timed_out(limit: str, seconds: float) -> BackendError:
    return BackendError(Failure.TIMEOUT, f"the {limit} limit of {seconds:g} s ran out")
