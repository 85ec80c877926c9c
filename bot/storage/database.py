"""The engine: readers side by side, one writer at a time, the schema brought up to date at start."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import asynccontextmanager, closing
from importlib import resources
from typing import TYPE_CHECKING, TypeAlias

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import StartupError, StorageError
from bot.storage.dialects import WRITING, prepare_sqlite

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from sqlalchemy import Connection as SyncConnection


Connection: TypeAlias = AsyncConnection


class Database:
    """Transactions. Both kinds raise `StorageError`, and then nothing of them was kept."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._writer = asyncio.Lock()

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[AsyncConnection]:
        async with _translated(), self._engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[AsyncConnection]:
        async with self._writer, _translated(), self._engine.connect() as plain:
            connection = await plain.execution_options(**{WRITING: True})
            async with connection.begin():
                yield connection


@asynccontextmanager
async def _translated() -> AsyncGenerator[None]:
    try:
        yield
    except DBAPIError as exc:
        raise StorageError(str(exc.orig)) from exc


@asynccontextmanager
async def open_database(path: Path) -> AsyncGenerator[Database]:
    """Open (or create) the file, migrate it, and close it at the end."""
    await asyncio.to_thread(_try_to_open, path)
    engine = create_async_engine(URL.create("sqlite+aiosqlite", database=str(path)))
    prepare_sqlite(engine.sync_engine)
    try:
        try:
            await _migrate(engine)
        except SQLAlchemyError as exc:
            reason = exc.orig if isinstance(exc, DBAPIError) else exc
            raise StartupError(f"database {path}: {reason}") from exc
        except StartupError as exc:
            raise StartupError(f"database {path}: {exc}") from exc
        yield Database(engine)
    finally:
        await engine.dispose()


def _try_to_open(path: Path) -> None:
    """Fail here, where failing is simple: aiosqlite leaves a thread behind that outlives the loop."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA schema_version")
    except sqlite3.Error as exc:
        raise StartupError(f"database {path}: {exc}") from exc


async def _migrate(engine: AsyncEngine) -> None:
    async with engine.connect() as plain:
        connection = await plain.execution_options(**{WRITING: True})
        async with connection.begin():
            await connection.run_sync(upgrade)


def upgrade(connection: SyncConnection) -> None:
    """Apply what is missing; a database written by a newer version is refused untouched."""
    with resources.as_file(resources.files("bot") / "storage" / "migrations") as folder:
        config = AlembicConfig()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.attributes["connection"] = connection
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        if unknown := set(MigrationContext.configure(connection).get_current_heads()) - known:
            raise StartupError(
                f"was written by a newer version of arena-bot (schema {', '.join(sorted(unknown))});"
                " install that version or restore a backup"
            )
        command.upgrade(config, "head")
