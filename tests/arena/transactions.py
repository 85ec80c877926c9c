"""Votes on their way to a database whose transactions a test can hold up."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.errors import StorageError
from bot.storage.database import Database
from bot.storage.schema import votes as table

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from bot.arena.voting.ballots import Ballots
    from bot.storage.database import Connection


class WatchedDatabase(Database):
    """Counts the transactions of another database, holds them up, or refuses them."""

    def __init__(self, database: Database) -> None:
        self.inner = database
        self.transactions = 0
        self.begun = asyncio.Event()
        self.gate = asyncio.Event()
        self.refusals = 0

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[Connection]:
        self.begun.set()
        await self.gate.wait()
        if self.refusals:
            self.refusals -= 1
            raise StorageError("disk full")
        async with self.inner.write() as connection:
            yield connection
        self.transactions += 1


async def recorded(database: Database) -> dict[int, str | None]:
    async with database.read() as connection:
        rows = await connection.execute(select(table.c.user_id, table.c.vote))
        return {row.user_id: row.vote for row in rows}


@asynccontextmanager
async def committing(ballots: Ballots) -> AsyncGenerator[None]:
    task = asyncio.create_task(ballots.run())
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def until_recorded(database: Database, number: int) -> None:
    while len(await recorded(database)) < number:  # noqa: ASYNC110 - rows make no event
        await asyncio.sleep(0)
