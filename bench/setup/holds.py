"""How long single callbacks keep an event loop from doing anything else."""

from __future__ import annotations

import asyncio
import gc
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    Note = Callable[[str, float], None]


MOST_HOLD = 0.05
"""In seconds of processor time: what no callback of the bot may take."""


@contextmanager
def watch_holds(least: float, note: Note) -> Generator[None]:
    """Call `note` with what every callback of this process did that took at least so many seconds.

    They are seconds of the thread's processor time: a machine that is busy with something else holds nobody.
    """
    run = asyncio.Handle._run  # noqa: SLF001 - what all loops of asyncio call

    def watched(self: asyncio.Handle) -> None:
        begun = time.thread_time()
        run(self)
        seconds = time.thread_time() - begun
        if seconds >= least:
            note(_name(self), seconds)

    asyncio.Handle._run = watched  # noqa: SLF001
    try:
        yield
    finally:
        asyncio.Handle._run = run  # noqa: SLF001


@contextmanager
def collector_at_rest() -> Generator[None]:
    """Look for no garbage: that takes long where a process holds far more than the bot does."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _name(handle: asyncio.Handle) -> str:
    callback: Any = getattr(handle, "_callback", None)
    task: Any = getattr(callback, "__self__", None)
    named: Any = task.get_coro() if hasattr(task, "get_coro") else callback
    return str(getattr(named, "__qualname__", named))
