"""Statements in a database's own dialect, all of them; every other one is SQLAlchemy Core's."""

from __future__ import annotations

import asyncio
import sqlite3
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import case, event, func
from sqlalchemy.dialects import sqlite

from bot.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Engine, Select, Table
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.engine import ExceptionContext
    from sqlalchemy.pool import ConnectionPoolEntry

    from bot.storage.connections.awaited import AsyncConnection

    Value = str | int | float | bool | None

WRITING = "arena_writing"
"""The execution option that marks a connection whose transaction will write."""

ERASED = "arena_erased"
"""The execution option that marks a connection in whose transaction something was erased for good."""

BARE = "arena_bare"
"""The execution option that marks a connection whose statements stand in no transaction."""

CUT_SHORT = "arena_cut_short"
"""The execution option that marks a connection in whose transaction a statement was cancelled."""

BUSY_SECONDS = 10

ANALYZED_ROWS = 400
"""As SQLite recommends for large databases (lang_analyze.html)."""


class DBAPICursor(Protocol):
    """The part of a driver's cursor that pragmas need."""

    def execute(self, statement: str) -> object: ...
    def close(self) -> None: ...


class DBAPIConnection(Protocol):
    """The part of a driver's connection that pragmas need."""

    isolation_level: str | None

    def cursor(self) -> DBAPICursor: ...


def prepare_sqlite(engine: Engine) -> None:
    """Put every connection into WAL with foreign keys, and take the write lock when a writer begins.

    A deferred transaction that turns into a writing one fails at once when another has written meanwhile;
    `BEGIN IMMEDIATE` waits its turn instead.
    """
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", _stay_connected)
    event.listen(engine, "commit", _refuse_what_was_cut_short)


def _configure(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",  # what a member had deleted is overwritten in the file
        f"busy_timeout = {BUSY_SECONDS * 1000}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(BARE, False):
        return
    writing = options.get(WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _stay_connected(context: ExceptionContext) -> None:
    """Keep a connection whose statement was cancelled, so that its transaction can be rolled back.

    SQLAlchemy would close it. SQLite puts off closing, and with it the end of the transaction, while a
    statement has rows that nobody fetched, and that statement lives as long as the traceback of the
    cancellation. The connection's thread works in order: a rollback comes after what still runs.
    """
    if context.connection and isinstance(context.original_exception, asyncio.CancelledError):
        context.is_disconnect = False
        context.connection.execution_options(**{CUT_SHORT: True})


def _refuse_what_was_cut_short(connection: Connection) -> None:
    """Keep nothing of a transaction that went on after it had cancelled one of its statements."""
    if connection.get_execution_options().get(CUT_SHORT, False):
        raise StorageError("a statement was cancelled")


def without_index(column: ColumnElement[int]) -> ColumnElement[int]:
    """Return the same number, but no column, so that a condition on it is not where a search begins.

    SQLite knows nothing of how many rows a value has: it takes an index on a guild, whose history is long,
    for as good as one on a member or a model.
    """
    return column + 0


async def note_erasure(connection: AsyncConnection) -> None:
    """Have nothing of what this transaction overwrites stay in the file beside the database."""
    await connection.execution_options(**{ERASED: True})


def has_erased(connection: AsyncConnection) -> bool:
    """Tell whether `note_erasure` was called in this transaction."""
    inner = connection.sync_connection
    return inner is not None and ERASED in inner.get_execution_options()


async def empty_wal(connection: AsyncConnection) -> bool:
    """Write back what lies beside the database and cut it to nothing; `False` where somebody reads there.

    The connection must be `BARE`.
    """
    await connection.exec_driver_sql("PRAGMA busy_timeout = 0")  # who waited here would keep writers waiting
    try:
        return (await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).one()[0] == 0
    finally:
        await connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")


async def analyze(connection: AsyncConnection) -> None:
    """Let the planner know how many rows there are, from a few hundred of each index: within milliseconds.

    PRAGMA optimize, before SQLite 3.46, looks only at tables that this very connection asked about.
    PostgreSQL does all this by itself.
    """
    if connection.dialect.name == "sqlite":
        await connection.exec_driver_sql(f"PRAGMA analysis_limit = {ANALYZED_ROWS}")
        await connection.exec_driver_sql("ANALYZE")


async def damage(connection: AsyncConnection) -> str | None:
    """Return the first thing that is wrong with the file itself; `None` where nothing is."""
    found = (await connection.exec_driver_sql("PRAGMA quick_check(1)")).scalar_one()
    return None if found == "ok" else str(found)


def tells_of_damage(error: BaseException | None) -> bool:
    """Tell whether an error came because SQLite found the file damaged; opening one reads its statistics."""
    while error is not None:
        if isinstance(error, sqlite3.Error) and error.sqlite_errorcode == sqlite3.SQLITE_CORRUPT:
            return True
        error = error.__cause__
    return False


def _insert(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    if dialect != "postgresql":
        return sqlite.insert(table)
    from sqlalchemy.dialects.postgresql import insert  # noqa: PLC0415 - big, and SQLite has no use for it

    return insert(table)


async def upsert(connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Value]]) -> None:
    """Insert the rows; where the primary key is taken, the other columns given are overwritten."""
    if not rows:
        return
    statement = _insert(connection.dialect.name, table)
    keys = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    await connection.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=changed), [dict(row) for row in rows]
    )


async def accumulate(
    connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Value]], least: str = ""
) -> None:
    """Insert the rows; where the primary key is taken, the other columns are added to what is there.

    Of the column `least` the smaller value stays, where there is one.
    """
    if not rows:
        return
    statement = _accumulating(connection.dialect.name, table, tuple(rows[0]), least)
    await connection.execute(statement, [dict(row) for row in rows])


async def accumulate_selected(
    connection: AsyncConnection,
    table: Table,
    selected: Select[*tuple[Any, ...]],
    values: Mapping[str, Value] | None = None,
) -> None:
    """Do the same with rows that a statement selects, whose columns are the table's; it must have a `where`.

    Without one SQLite takes ON CONFLICT for a condition of its last join (lang_upsert.html, 2.2).
    """
    names, keys = table.columns.keys(), table.primary_key.columns.keys()
    statement = _insert(connection.dialect.name, table).from_select(names, selected)
    added = {name: table.c[name] + statement.excluded[name] for name in names if name not in keys}
    await connection.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=added), dict(values or {})
    )


@cache
def _accumulating(
    dialect: str, table: Table, names: tuple[str, ...], least: str
) -> postgresql.Insert | sqlite.Insert:
    """Return what `accumulate` says, which takes longer to put together than to execute."""
    statement = _insert(dialect, table)
    keys = [column.name for column in table.primary_key]
    added: dict[str, ColumnElement[float]] = {
        name: table.c[name] + statement.excluded[name] for name in names if name not in keys
    }
    if least:
        known, new = table.c[least], statement.excluded[least]
        added[least] = case((known < new, known), else_=func.coalesce(new, known))
    return statement.on_conflict_do_update(index_elements=keys, set_=added)


async def insert_missing(
    connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Value]], keys: Sequence[str]
) -> None:
    """Insert the rows whose `keys` (a unique constraint) are not there yet."""
    if not rows:
        return
    await connection.execute(
        _insert(connection.dialect.name, table).on_conflict_do_nothing(index_elements=list(keys)),
        [dict(row) for row in rows],
    )
