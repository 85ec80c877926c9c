"""The awaits of all tasks, at each of which a test can let something happen."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator


@dataclass(slots=True)
class Awaits:
    """Counts the futures that the loop makes, one for each wait; at the chosen ones, something happens.

    It happens during the wait, or, where `is_late`, between its end and the next step of who waited.
    """

    chosen: Collection[int]
    happens: Callable[[], object]
    is_late: bool = False
    passed: int = field(default=0, init=False)

    @contextmanager
    def counted(self) -> Generator[Awaits]:
        loop = asyncio.get_running_loop()
        make = loop.create_future

        def create_future() -> asyncio.Future[object]:
            future = make()
            self._note(future)
            return future

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(loop, "create_future", create_future)
            yield self

    def _note(self, future: asyncio.Future[object]) -> None:
        if self.passed in self.chosen:
            if self.is_late:
                future.add_done_callback(lambda _future: self.happens())
            else:
                asyncio.get_running_loop().call_soon(self.happens)
        self.passed += 1
