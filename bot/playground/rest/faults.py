"""Trouble on demand: answers that fail, or come late."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.playground.wire import JsonObject


@dataclass(slots=True)
class Fault:
    """What happens to the requests of a route; without a status they are only late.

    `drop` closes the connection without an answer; with `after` the request is carried out all the same
    before it fails.
    """

    method: str
    route: str | re.Pattern[str]
    status: int | None
    code: int
    message: str
    times: int
    delay: float
    retry_after: float
    drop: bool
    after: bool
    passing: int
    """So many are left alone first."""

    def hits(self, method: str, template: str, path: str) -> bool:
        if self.times <= 0 or self.method not in ("*", method):
            return False
        if isinstance(self.route, re.Pattern):
            return self.route.search(path) is not None
        return self.route == template

    def payload(self) -> JsonObject:
        body: JsonObject = {"message": self.message, "code": self.code}
        if self.status == 429:  # noqa: PLR2004 - HTTP's own figure
            body |= {"retry_after": self.retry_after, "global": False}
        return body


class Faults:
    """The faults that wait for their requests."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(  # noqa: PLR0913 - a fault has this many sides, all named at the call
        self,
        method: str,
        route: str | re.Pattern[str],
        *,
        status: int | None = None,
        code: int = 0,
        message: str = "Injected fault",
        times: int = 1,
        delay: float = 0.0,
        retry_after: float = 0.0,
        drop: bool = False,
        after: bool = False,
        passing: int = 0,
    ) -> Fault:
        """Strike the next `times` requests of a route, after the first `passing` ones.

        `method` may be `*`; `route` is a template such as `/channels/{channel_id}/messages`, or a compiled
        pattern that is searched for in the path.
        """
        fault = Fault(method, route, status, code, message, times, delay, retry_after, drop, after, passing)
        self._waiting.append(fault)
        return fault

    def clear(self) -> None:
        self._waiting.clear()

    def take(self, method: str, template: str, path: str) -> Fault | None:
        for fault in self._waiting:
            if not fault.hits(method, template, path):
                continue
            if fault.passing:
                fault.passing -= 1
                continue
            fault.times -= 1
            return fault
        return None
