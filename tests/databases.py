"""Database files for tests: copies of one on which the migrations have run."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy import URL, create_engine

from bot.storage.dialects import WRITING, prepare_sqlite
from bot.storage.migrations import upgrade


@cache
def _migrated() -> bytes:
    """Return what a new database's file holds; made once a process, as that takes a fifth of a second."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "arena.sqlite3"
        engine = create_engine(URL.create("sqlite", database=str(file)), execution_options={WRITING: True})
        prepare_sqlite(engine)
        with engine.begin() as connection:
            upgrade(connection)
        engine.dispose()
        return file.read_bytes()


def put_database(file: Path) -> Path:
    """Put a new database there unless one is; `open_database` finds nothing to migrate. Returns the file."""
    if not file.exists():
        file.write_bytes(_migrated())
    return file
