"""Whether a file can be opened as a database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from bot.errors import StartupError

if TYPE_CHECKING:
    from pathlib import Path


def check_openable(path: Path) -> None:
    """Fail here, where failing is simple: aiosqlite leaves a thread behind that outlives the loop."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA schema_version")
    except sqlite3.Error as exc:
        raise StartupError(f"database {path}: {exc}") from exc
