"""Transactions that a test cancels at every await, and what another process sees of them afterwards."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from bot.storage.schema import guilds
from tests.storage.awaits import Awaits

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Coroutine

    from bot.storage.database import Connection, Database

    Work = Callable[[Database, int], Coroutine[None, None, object]]
    """A transaction on a database; the number is its own."""

ROWS = 4
"""How many rows a write adds."""


def numbered(*numbers: int) -> list[dict[str, float]]:
    return [{"guild_id": number, "first_seen_at": 0.0} for number in numbers]


async def add(connection: Connection, first: int) -> None:
    """Add rows by statements of all kinds, some of which have rows to fetch."""
    await connection.execute(insert(guilds).values(numbered(first)).returning(guilds.c.guild_id))
    await connection.execute(insert(guilds), numbered(first + 1, first + 2))
    await connection.scalars(select(guilds.c.guild_id))
    await connection.execute(insert(guilds), numbered(first + 3))


async def write(database: Database, first: int) -> None:
    async with database.write() as connection:
        await add(connection, first)


async def read(database: Database, _first: int) -> None:
    async with database.read() as connection:
        await connection.scalars(select(guilds.c.guild_id))
        async for _batch in connection.batches(select(guilds.c.guild_id).limit(ROWS), 2):
            pass


def threads() -> list[threading.Thread]:
    """Return the threads of connections, without those that are about to end."""
    found = [each for each in threading.enumerate() if "connection_worker" in each.name]
    for each in found:
        each.join(1.0)
    return [each for each in found if each.is_alive()]


@dataclass(slots=True)
class DatabaseFile:
    """A database file as another process sees it."""

    connection: sqlite3.Connection
    numbers: count[int] = field(default_factory=lambda: count(1000, ROWS))

    def look(self) -> None:
        """See that no transaction is open, neither a writing nor a reading one."""
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.execute("ROLLBACK")
        busy, *_ = self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        assert not busy

    def kept(self, first: int) -> int:
        """Count what is there of the rows that a write was to add."""
        numbers = (first, first + ROWS - 1)
        found = self.connection.execute("SELECT 1 FROM guilds WHERE guild_id BETWEEN ? AND ?", numbers)
        return len(found.fetchall())


@dataclass(slots=True)
class Cuts:
    """Transactions cancelled at an await, each followed by a write that is not."""

    database: Database
    file: DatabaseFile
    seconds: list[float] = field(default_factory=list[float])
    """How long those writes took."""

    async def sweep(
        self, work: Work, times: int = 1, *, is_late: bool = False, are_all: bool = False
    ) -> list[int]:
        """Cancel at each await in turn, and at the next ones too; returns how many rows each time left."""
        left: list[int] = []
        for at in count():
            first = next(self.file.numbers)
            chosen = range(at, at + times)
            passed = await _cut(work(self.database, first), chosen, is_late=is_late, are_all=are_all)
            if passed <= at:
                break
            self.file.look()
            await self._go_on()
            left.append(self.file.kept(first))
        return left

    async def _go_on(self) -> None:
        begun = time.perf_counter()
        await write(self.database, next(self.file.numbers))
        self.seconds.append(time.perf_counter() - begun)


async def _cut(work: Coroutine[None, None, object], chosen: range, *, is_late: bool, are_all: bool) -> int:
    """Cancel a task, or all as `asyncio.run` does, at the chosen awaits; returns how many there were."""
    others = asyncio.all_tasks()
    task = asyncio.create_task(work)

    def cancel() -> None:
        for each in asyncio.all_tasks() - others if are_all else {task}:
            each.cancel()

    with Awaits(chosen, cancel, is_late).counted() as awaits, suppress(asyncio.CancelledError):
        await task
    return awaits.passed
