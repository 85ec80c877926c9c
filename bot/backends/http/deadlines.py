"""When the time limits of one reply run out."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.backends.base import BackendError, Failure

if TYPE_CHECKING:
    from bot.backends.http.sessions import HttpLimits

# How long a reply whose end was said waits for its stream to end. Some servers say it too early and write on,
# others forget to hang up.
END_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class ReplyDeadlines:
    """Moments of the event loop's clock.

    They are kept here, and entered for each wait, because one `asyncio.timeout` around a whole reply would
    be open while the consumer holds the iterator, and would cancel the consumer's task.
    """

    limits: HttpLimits
    total: float
    first_token: float = math.inf
    stall: float = math.inf
    end: float = math.inf

    @classmethod
    def start(cls, limits: HttpLimits) -> ReplyDeadlines:
        return cls(limits, _now() + limits.total_seconds)

    def expect_first_token(self) -> ReplyDeadlines:
        return replace(self, first_token=_now() + self.limits.first_token_seconds)

    def expect_piece(self) -> ReplyDeadlines:
        """Allow for the next piece what one may take, because one has just come."""
        return replace(self, first_token=math.inf, stall=_now() + self.limits.stall_seconds, end=math.inf)

    def expect_end(self) -> ReplyDeadlines:
        return replace(self, first_token=math.inf, stall=math.inf, end=_now() + END_SECONDS)

    def shorten(self, seconds: float) -> ReplyDeadlines:
        return replace(self, total=min(self.total, _now() + seconds))

    def timeout(self) -> asyncio.Timeout:
        return asyncio.timeout_at(min(self.first_token, self.stall, self.total, self.end))

    def check(self) -> None:
        """Raise `BackendError` where time is up: a timeout alone never ends what does not wait."""
        if _now() > min(self.first_token, self.stall, self.total, self.end):
            raise self.expired()

    def expired(self) -> BackendError:
        limits = self.limits
        match min(self.first_token, self.stall, self.total, self.end):
            case self.total:
                return timed_out("total", limits.total_seconds)
            case self.first_token:
                return timed_out("first token", limits.first_token_seconds)
            case self.stall:
                return timed_out("stall", limits.stall_seconds)
            case _:
                return timed_out("end", END_SECONDS)


def timed_out(limit: str, seconds: float) -> BackendError:
    return BackendError(Failure.TIMEOUT, f"the {limit} limit of {seconds:g} s ran out")


def _now() -> float:
    return asyncio.get_running_loop().time()
