from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.arena.ballots import Ballots
from bot.domain import Vote
from bot.errors import StorageError
from bot.storage.database import Database
from bot.storage.schema import votes as table
from tests.arena.battles import begun
from tests.arena.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from bot.storage.database import Connection
    from tests.arena.conftest import Clock

A, B, TIE, BAD = Vote
MESSAGE = 901
ANN = 101


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


async def opened(database: Database, clock: Clock) -> tuple[Ballots, WatchedDatabase]:
    battle = await begun(database)
    watched = WatchedDatabase(database)
    ballots = Ballots(watched, clock)
    ballots.watch(MESSAGE, battle.battle_id)
    ballots.open(MESSAGE, clock() + 120.0)
    return ballots, watched


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


async def test_votes_that_gather_during_a_transaction_share_the_next(
    database: Database, clock: Clock
) -> None:
    ballots, watched = await opened(database, clock)
    async with committing(ballots):
        ballots.add(MESSAGE, ANN, A)
        await watched.begun.wait()
        for member in range(200, 400):
            ballots.add(MESSAGE, member, B)
        watched.gate.set()
        await until_recorded(database, 201)

    assert watched.transactions == 2


async def test_a_vote_changed_while_it_is_written_ends_as_the_last_one(
    database: Database, clock: Clock
) -> None:
    ballots, watched = await opened(database, clock)
    ballots.add(MESSAGE, ANN, A)
    writing = asyncio.create_task(ballots.flush())
    await watched.begun.wait()
    ballots.add(MESSAGE, ANN, B)
    watched.gate.set()
    await writing
    await ballots.flush()

    assert await recorded(database) == {ANN: "b"}


async def test_votes_that_could_not_be_written_stay_pending(database: Database, clock: Clock) -> None:
    ballots, watched = await opened(database, clock)
    watched.gate.set()
    watched.refusals = 1
    ballots.add(MESSAGE, ANN, A)
    with pytest.raises(StorageError):
        await ballots.flush()
    before = await recorded(database)
    await ballots.flush()

    assert before == {}
    assert await recorded(database) == {ANN: "a"}


async def test_a_newer_vote_is_not_undone_by_an_older_one_that_failed(
    database: Database, clock: Clock
) -> None:
    ballots, watched = await opened(database, clock)
    watched.refusals = 1
    ballots.add(MESSAGE, ANN, A)
    writing = asyncio.create_task(ballots.flush())
    await watched.begun.wait()
    ballots.add(MESSAGE, ANN, B)
    watched.gate.set()
    with pytest.raises(StorageError):
        await writing
    await ballots.flush()

    assert await recorded(database) == {ANN: "b"}


async def test_the_committing_goes_on_after_a_failure(database: Database, clock: Clock) -> None:
    ballots, watched = await opened(database, clock)
    watched.gate.set()
    watched.refusals = 1
    async with committing(ballots):
        ballots.add(MESSAGE, ANN, A)
        await until(lambda: not watched.refusals)
        clock.passed += 1.0
        await until_recorded(database, 1)

    assert await recorded(database) == {ANN: "a"}


async def test_a_flush_that_is_cut_short_loses_nothing(database: Database, clock: Clock) -> None:
    ballots, watched = await opened(database, clock)
    ballots.add(MESSAGE, ANN, A)
    writing = asyncio.create_task(ballots.flush())
    await watched.begun.wait()
    writing.cancel()
    with suppress(asyncio.CancelledError):
        await writing
    watched.gate.set()
    await ballots.flush()

    assert await recorded(database) == {ANN: "a"}


async def test_a_flush_with_nothing_pending_opens_no_transaction(database: Database, clock: Clock) -> None:
    ballots, watched = await opened(database, clock)
    watched.gate.set()
    await ballots.flush()

    assert watched.transactions == 0
