"""For the curious: what passed between the bot and the stand-in, and ways to disturb it."""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING

from bot.playground.errors import PlaygroundError
from bot.playground.page.switches import set_back
from bot.playground.rest.rate_limits import GLOBAL_LIMIT

if TYPE_CHECKING:
    from bot.playground.rest.ledger import RequestRecord
    from bot.playground.server import Playground
    from bot.playground.wire import JsonObject
    from bot.playground.world.events import GatewayEvent

MINUTE = 60.0
LINES = 120
EVERYTHING = re.compile("")
IN_CHANNELS = re.compile("^/channels/")
"""What the bot does by its token. Answers to interactions have three seconds: no client could retry them."""

ALWAYS = 1_000_000
NOT_IMPLEMENTED = 501


class Panel:
    """The last minute of traffic."""

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
        self._calls: deque[RequestRecord] = deque()
        self._events: deque[tuple[float, str]] = deque(maxlen=2000)
        self._next = 0

    def hear(self, event: GatewayEvent) -> None:
        """Take note of an event; to be among the world's subscribers."""
        if not event.unseen:
            self._events.append((self._playground.world.clock(), event.name))

    def report(self) -> JsonObject:
        self._update()
        gateway, now = self._playground.gateway, self._playground.world.clock()
        limited = [record.at for record in self._calls if record.limited]
        return {
            "calls": [_call(record) for record in list(self._calls)[-LINES:]],
            "events": [{"at": at, "name": name} for at, name in list(self._events)[-LINES:]],
            "limited_minute": len(limited),
            "limited_second": sum(at > now - 1 for at in limited),
            "busiest_second": _busiest_second(limited),
            "unlimited_minute": len(self._calls) - len(limited),
            "limit": GLOBAL_LIMIT,
            "connected": len(gateway.connected),
            "identified": gateway.identified,
            "resumed": gateway.resumed,
            "missing": sorted(
                {f"{each.method} {each.template}" for each in self._calls if each.status == NOT_IMPLEMENTED}
            ),
        }

    def _update(self) -> None:
        requests = self._playground.requests
        self._calls.extend(requests.matching(since=self._next))
        self._next = requests.total
        oldest = self._playground.world.clock() - MINUTE
        while self._calls and self._calls[0].at < oldest:
            self._calls.popleft()
        while self._events and self._events[0][0] < oldest:
            self._events.popleft()


async def make_trouble(playground: Playground, kind: str) -> None:
    """Make the stand-in misbehave. Raises PlaygroundError for a kind that is not known."""
    faults, gateway = playground.faults, playground.gateway
    match kind:
        case "drop":
            await gateway.drop()
        case "forget":
            await gateway.drop(forget=True)
        case "reconnect":
            gateway.reconnect()
        case "busy":
            faults.add("*", IN_CHANNELS, status=429, retry_after=1.5, times=3)
        case "broken":
            faults.add("*", IN_CHANNELS, status=500, times=3)
        case "lost":
            faults.add("*", IN_CHANNELS, drop=True, after=True)
        case "slow":
            faults.add("*", EVERYTHING, delay=1.5, times=ALWAYS)
            gateway.delay = 0.5
        case "calm":
            faults.clear()
            gateway.delay = 0.0
            set_back(playground.world)
        case _:
            raise PlaygroundError(f"There is no such trouble as {kind}.")


def _call(record: RequestRecord) -> JsonObject:
    return {
        "at": record.at,
        "method": record.method,
        "template": record.template,
        "status": record.status,
        "limited": record.limited,
    }


def _busiest_second(moments: list[float]) -> int:
    best = start = 0
    for end, moment in enumerate(moments):
        while moment - moments[start] >= 1:
            start += 1
        best = max(best, end - start + 1)
    return best
