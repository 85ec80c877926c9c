"""The file beside the database whose age says since when the bot has been cut off from Discord, or hangs."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import structlog

from bot.errors import StartupError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STALE_AFTER = 90.0
"""Seconds; a gateway that moves the bot to another session takes less."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


def heartbeat_file(database: Path) -> Path:
    own = database.resolve()
    return own.with_name(own.name + ".heartbeat")


async def keep_beating(database: Path, is_connected: Callable[[], bool], pause: float) -> None:
    """Make the file as new as the connection, until cancelled."""
    file = heartbeat_file(database)
    while True:
        if is_connected():
            try:
                await asyncio.to_thread(file.touch)
            except OSError as exc:
                _log.warning("the heartbeat could not be written", reason=str(exc))
        await asyncio.sleep(pause)


def age_of_heartbeat(database: Path, now: float | None = None) -> float:
    """Return how many seconds ago the bot was connected; raises `StartupError` where that is too long."""
    file = heartbeat_file(database)
    try:
        age = (time.time() if now is None else now) - file.stat().st_mtime
    except OSError as exc:
        raise StartupError(f"database {database}: no bot has been connected to Discord with it") from exc
    if age > STALE_AFTER:
        raise StartupError(f"database {database}: its bot was last connected to Discord {age:.0f} s ago")
    return age
