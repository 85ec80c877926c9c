"""Waiting for what the product does of its own accord."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


async def until(holds: Callable[[], bool]) -> None:
    """Let the event loop turn until a condition holds."""
    while not holds():  # noqa: ASYNC110 - the product has no event for everything that a test waits for
        await asyncio.sleep(0)
