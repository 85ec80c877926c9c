"""What one call costs: time, that of processors and of SQL, the longest hold of the event loop, memory."""

from __future__ import annotations

import resource
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from bench.setup.holds import watch_holds
from bot.storage.connections.one_trip import OneTripConnection

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator

_RESET_PEAK = "5"
"""What has Linux begin VmHWM anew (proc(5), clear_refs)."""


class Cost(msgspec.Struct, frozen=True):
    """Seconds, and MiB beyond what the process had before; `None` of what nobody can see from outside."""

    seconds: float
    processor: float
    sql: float | None
    hold: float | None
    peak: float

    @staticmethod
    def least(costs: list[Cost]) -> Cost:
        """Take the one with the least processor time, and the most memory."""
        fastest = min(costs, key=lambda cost: cost.processor)
        return msgspec.structs.replace(fastest, peak=max(cost.peak for cost in costs))


async def measured(call: Callable[[], Awaitable[object]]) -> Cost:
    holds, statements = [0.0], [0.0]
    before = _status("VmRSS")
    Path("/proc/self/clear_refs").write_text(_RESET_PEAK, encoding="ascii")  # noqa: ASYNC240 - of no disk
    begun, worked = time.perf_counter(), processor_time()
    with watch_holds(0.0, lambda _, seconds: holds.append(seconds)), _watched_statements(statements):
        await call()
    seconds = time.perf_counter() - begun
    worked = processor_time() - worked
    return Cost(seconds, worked, sum(statements), max(holds), _status("VmHWM") - before)


def processor_time() -> float:
    """Return the seconds of this process and of those that it waited for the end of."""
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


@contextmanager
def _watched_statements(note: list[float]) -> Generator[None]:
    """Note the time that the connections' threads work: statements and their rows."""
    usual = OneTripConnection.in_thread

    async def watched(self: OneTripConnection, work: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever it is
        def timed() -> Any:  # noqa: ANN401 - likewise
            begun = time.perf_counter()
            try:
                return work()
            finally:
                note.append(time.perf_counter() - begun)

        return await usual(self, timed)

    OneTripConnection.in_thread = watched  # pyright: ignore[reportAttributeAccessIssue] - as it is called
    try:
        yield
    finally:
        OneTripConnection.in_thread = usual


def _status(name: str) -> float:
    """Return a line of the process's status, in MiB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024
