"""Database files for tests: copies of one on which the migrations have run."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import URL, create_engine

from bot.storage import battles
from bot.storage.dialects import WRITING, prepare_sqlite
from bot.storage.migrations import upgrade

if TYPE_CHECKING:
    from sqlalchemy import Dialect, Engine

    from bot.domain.battle import Battle
    from bot.storage.battles import NewBattle
    from bot.storage.database import Connection


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


def compile_statements_once() -> None:
    """Let each engine of this process use the statements that another compiled, as a bot's only one does.

    They belong to a dialect, so that is shared. A tenth of a test's time went on it.
    """
    compiled: dict[object, object] = {}
    dialects: list[Dialect] = []

    def prepare(engine: Engine) -> None:
        prepare_sqlite(engine)
        dialects.append(engine.dialect)
        engine.dialect = dialects[0]
        engine.update_execution_options(compiled_cache=compiled)

    pytest.MonkeyPatch().setattr("bot.storage.database.prepare_sqlite", prepare)


async def added(connection: Connection, new: NewBattle) -> Battle:
    """Insert a battle and read it."""
    battle = await battles.get(connection, new.guild_id, await battles.add(connection, new))
    assert battle
    return battle
