"""What has begun ends when its task is cancelled, and nothing stands in the way of the next transaction."""

from __future__ import annotations

import asyncio
import gc
from contextlib import suppress
from itertools import count
from statistics import median
from typing import TYPE_CHECKING

import pytest

from bot.errors import StorageError
from bot.storage import database as subject
from bot.storage.database import open_database
from tests.storage.awaits import Awaits
from tests.storage.cuts import ROWS, Cuts, add, read, threads, write

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from bot.storage.database import Database
    from tests.storage.cuts import DatabaseFile

ENOUGH_TURNS = 2000
"""After so many turns of the loop, a write waits for the lock of the file."""

late = pytest.mark.parametrize("is_late", [False, True], ids=["during the wait", "after the wait"])
all_tasks = pytest.mark.parametrize("are_all", [False, True], ids=["its task", "all tasks"])


@pytest.fixture(autouse=True)
def _silence(caplog: pytest.LogCaptureFixture) -> Generator[None]:
    """Let no error be logged, and nothing be collected that was not closed."""
    yield
    gc.collect()

    assert caplog.messages == []


@pytest.fixture
def cuts(database: Database, file: DatabaseFile) -> Cuts:
    return Cuts(database, file)


@late
@all_tasks
async def test_a_cancelled_write_is_kept_whole_or_not_at_all(
    cuts: Cuts, *, is_late: bool, are_all: bool
) -> None:
    left = [
        rows
        for times in (1, 2, 3, 50)
        for rows in await cuts.sweep(write, times, is_late=is_late, are_all=are_all)
    ]

    assert set(left) == {0, ROWS}


@late
@all_tasks
async def test_a_cancelled_read_stays_open_nowhere(cuts: Cuts, *, is_late: bool, are_all: bool) -> None:
    left = [
        rows for times in (1, 50) for rows in await cuts.sweep(read, times, is_late=is_late, are_all=are_all)
    ]

    assert set(left) == {0}


async def test_a_commit_that_has_begun_is_finished(cuts: Cuts) -> None:
    left = await cuts.sweep(write)

    assert left == sorted(left)
    assert left.count(ROWS) > 2


async def test_the_write_after_a_cancelled_one_is_not_slow(cuts: Cuts) -> None:
    for times in (1, 2, 3):
        await cuts.sweep(write, times)

    # Each waited for no lock, as `look` has seen; the slowest tells of the machine only.
    assert median(cuts.seconds) < 0.1


@pytest.mark.parametrize("position", [0, 1], ids=["that is under way", "that waits"])
async def test_a_cancelled_write_is_not_in_the_way_of_those_that_wait(
    database: Database, file: DatabaseFile, position: int
) -> None:
    left: list[list[int]] = []
    for at in count():
        first = [next(file.numbers) for _ in range(3)]
        tasks = [asyncio.create_task(write(database, each)) for each in first]
        with Awaits((at, at + 1), tasks[position].cancel).counted() as awaits:
            await asyncio.wait(tasks)
        file.look()
        left.append([file.kept(each) for each in first])
        if awaits.passed <= at:
            break

    assert {each.pop(position) for each in left} == {0, ROWS}
    assert left == [[ROWS, ROWS]] * len(left)


async def test_a_write_that_waited_for_another_process_leaves_it_the_lock(
    database: Database, file: DatabaseFile
) -> None:
    file.connection.execute("BEGIN IMMEDIATE")
    writing = asyncio.create_task(write(database, ROWS))
    for _ in range(ENOUGH_TURNS):
        await asyncio.sleep(0)
    writing.cancel()
    await asyncio.sleep(0)
    was_waited_for = not writing.done()
    file.connection.execute("ROLLBACK")
    with pytest.raises(asyncio.CancelledError):
        await writing

    assert was_waited_for
    assert file.kept(ROWS) == 0
    file.look()


async def test_a_write_that_takes_too_long_is_rolled_back(database: Database, file: DatabaseFile) -> None:
    with pytest.raises(TimeoutError):  # noqa: PT012 - time is up between the statements
        async with asyncio.timeout(None) as patience, database.write() as connection:
            await add(connection, ROWS)
            patience.reschedule(0.0)
            await add(connection, 2 * ROWS)

    assert file.kept(ROWS) == 0
    file.look()


async def test_nothing_is_kept_where_the_end_of_a_statement_was_not_waited_for(
    database: Database, file: DatabaseFile
) -> None:
    with pytest.raises(StorageError, match="a statement was cancelled"):  # noqa: PT012 - it goes on nevertheless
        async with database.write() as connection:
            with suppress(TimeoutError):
                async with asyncio.timeout(0):
                    await add(connection, ROWS)
            await add(connection, 2 * ROWS)

    assert (file.kept(ROWS), file.kept(2 * ROWS)) == (0, 0)
    file.look()


async def test_a_write_is_finished_before_the_database_is_closed(path: Path, file: DatabaseFile) -> None:
    left: list[tuple[int, int]] = []
    for at in count():
        first = next(file.numbers)
        async with open_database(path) as database:
            writing = asyncio.create_task(write(database, first))
            closing = asyncio.Event()
            with Awaits((at,), closing.set).counted() as awaits:
                await asyncio.wait(
                    [writing, asyncio.create_task(closing.wait())], return_when=asyncio.FIRST_COMPLETED
                )
        await writing
        left.append((file.kept(first), len(threads())))
        if awaits.passed <= at:
            break

    assert left == [(ROWS, 0)] * len(left)


async def test_an_opening_or_closing_that_is_cancelled_leaves_no_connection(
    path: Path, file: DatabaseFile
) -> None:
    async def live(first: int) -> None:
        async with open_database(path) as database, database.read():
            await write(database, first)

    await live(next(file.numbers))
    left: list[tuple[int, int]] = []
    for at in count():
        first = next(file.numbers)
        task = asyncio.create_task(live(first))
        with Awaits((at, at + 1), task.cancel).counted() as awaits, suppress(asyncio.CancelledError):
            await task
        file.look()
        left.append((file.kept(first), len(threads())))
        if awaits.passed <= at:
            break

    assert set(left) == {(0, 0), (ROWS, 0)}


async def test_what_takes_long_is_rolled_back_when_the_database_is_closed(
    path: Path, file: DatabaseFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subject, "CLOSE_SECONDS", 0.0)
    begun = asyncio.Event()

    async def dawdle(database: Database) -> None:
        async with database.write() as connection:
            await add(connection, ROWS)
            begun.set()
            await asyncio.Event().wait()

    async with open_database(path) as database:
        writing = asyncio.create_task(dawdle(database))
        await begun.wait()

    assert writing.cancelled()
    assert file.kept(ROWS) == 0
    assert threads() == []


async def test_a_closed_database_is_neither_read_nor_written(path: Path) -> None:
    async with open_database(path) as database:
        pass

    for work in (read, write):
        with pytest.raises(StorageError, match="the database is closed"):
            await work(database, ROWS)
    assert threads() == []
