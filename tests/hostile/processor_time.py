"""Processor time of what must not hold the interpreter, whatever it is given."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 0.1
"""Seconds that one search may take in a text of the longest reply: a search lets nothing else run."""
_GIVEN_UP = 3.0


def seconds_of(search: Callable[[], object]) -> float:
    """Return the processor time of a search; one that would hardly end is given up."""

    def give_up(_number: int, _frame: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, _GIVEN_UP)
    begun = time.thread_time()
    try:
        search()
    except TimeoutError:
        pass
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return time.thread_time() - begun
