"""A connection to SQLite that makes one trip to its thread for a statement; aiosqlite's own makes four."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Self, TypeAlias, TypeVar

import aiosqlite

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    Row: TypeAlias = tuple[object, ...]
    Values: TypeAlias = Sequence[object]

T = TypeVar("T")

_ROWS_AT_ONCE = 1000
"""So many rows come with a statement; the others are fetched when they are asked for."""


class OneTripConnection(aiosqlite.Connection):
    """Connects when it is awaited; whoever awaits it closes it."""

    def __init__(self, path: Path) -> None:
        super().__init__(lambda: sqlite3.connect(path), iter_chunk_size=64)
        self._thread.daemon = True  # a process ends, also where the loop ended before this was closed

    def cursor(self) -> OneTripCursor:  # pyright: ignore[reportIncompatibleMethodOverride] - no trip, no wait
        return OneTripCursor(self)

    async def rollback(self) -> None:
        """Make no trip where no transaction is open: the pool asks for this after each commit as well.

        One is open as soon as its BEGIN is answered, which no cancellation keeps from being awaited.
        """
        if self.in_transaction:
            await super().rollback()

    async def in_thread(self, work: Callable[[], T]) -> T:
        """Do something in the connection's thread, after what was asked before."""
        result: T = await self._execute(work)  # pyright: ignore[reportUnknownMemberType] - not annotated
        return result

    @property
    def inner(self) -> sqlite3.Connection:
        """For work in the thread."""
        return self._conn


class OneTripCursor:
    """What SQLAlchemy asks of a cursor."""

    description: tuple[tuple[str, None, None, None, None, None, None], ...] | None = None
    rowcount = -1
    lastrowid: int | None = None
    arraysize = 1

    def __init__(self, connection: OneTripConnection) -> None:
        self._connection = connection
        self._rows: list[Row] = []
        self._unread: sqlite3.Cursor | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, values: Values = ()) -> None:
        await self._run(lambda: self._connection.inner.execute(sql, values))

    async def executemany(self, sql: str, rows: Sequence[Values]) -> None:
        await self._run(lambda: self._connection.inner.executemany(sql, rows))

    async def fetchmany(self, size: int) -> list[Row]:
        """Return some of the rows that were not returned yet; none at their end."""
        cursor = self._unread
        if not self._rows and cursor is not None:
            self._take(cursor, await self._connection.in_thread(lambda: _some_rows(cursor)))
        rows, self._rows = self._rows[:size], self._rows[size:]
        return rows

    async def fetchall(self) -> list[Row]:
        rows, self._rows = self._rows, []
        if self._unread is not None:
            rows += await self._connection.in_thread(self._unread.fetchall)
            self._unread = None
        return rows

    async def close(self) -> None:
        if self._unread is not None:
            await self._connection.in_thread(self._unread.close)
            self._unread = None

    async def _run(self, execute: Callable[[], sqlite3.Cursor]) -> None:
        def work() -> tuple[sqlite3.Cursor, list[Row]]:
            cursor = execute()
            return cursor, _some_rows(cursor)

        cursor, rows = await self._connection.in_thread(work)
        self._take(cursor, rows)
        self.description, self.rowcount, self.lastrowid = (
            cursor.description,
            cursor.rowcount,
            cursor.lastrowid,
        )

    def _take(self, cursor: sqlite3.Cursor, rows: list[Row]) -> None:
        self._rows = rows
        self._unread = cursor if len(rows) == _ROWS_AT_ONCE else None


def _some_rows(cursor: sqlite3.Cursor) -> list[Row]:
    """Fetch; a statement whose rows are all read is over."""
    rows = cursor.fetchmany(_ROWS_AT_ONCE)
    if len(rows) < _ROWS_AT_ONCE:
        cursor.close()
    return rows
