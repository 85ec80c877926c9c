"""The locks beside a database file: one process does what it is for, and another says who that is."""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from bot.errors import StartupError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


HOLDING = ".lock"
"""For whoever changes what is in the database as if nobody else did."""

RECOUNTING = ".recount-lock"
"""For a recount, beside whoever holds the database: two would both correct the same sums."""


@contextmanager
def process_lock(database: Path, command: str, ending: str = HOLDING) -> Generator[None]:
    """Hold the lock for `arena-bot command`; raises `StartupError` where another process holds it.

    The operating system lets go of it when the process ends, however that comes about.
    """
    file = _beside(database, ending)
    holder = _beside(database, f"{ending}-holder")
    if not file.parent.is_dir():
        raise StartupError(f"database {database}: unable to open database file")
    lock = FileLock(file)
    try:
        lock.acquire(blocking=False)
        holder.write_text(f"arena-bot {command}, process {os.getpid()}, since {_now()}", encoding="utf-8")
    except Timeout as exc:
        raise StartupError(f"database {database}: in use by {_said(holder)}; stop that first") from exc
    except OSError as exc:
        lock.release()
        raise StartupError(f"database {database}: {exc.strerror}: {exc.filename}") from exc
    try:
        yield
    finally:
        lock.release()


def _beside(database: Path, ending: str) -> Path:
    """Return a file beside the database's own, also where it is named by a symbolic link."""
    own = database.resolve()
    return own.with_name(own.name + ending)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _said(holder: Path) -> str:
    try:
        return holder.read_text(encoding="utf-8") or "another process"
    except OSError:
        return "another process"
