"""The engine: readers side by side, one writer at a time, the schema brought up to date at start."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import URL, create_engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.util import greenlet_spawn

from bot.domain.days import DAY_SECONDS
from bot.errors import StartupError, StorageError
from bot.storage.connections.awaited import AsyncConnection
from bot.storage.connections.one_trip import OneTripConnection
from bot.storage.connections.openable import check_openable
from bot.storage.dialects import BARE, WRITING, analyze, empty_wal, has_erased, prepare_sqlite
from bot.storage.migrations import upgrade

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Coroutine, Generator
    from pathlib import Path

    from sqlalchemy import Engine


Connection: TypeAlias = AsyncConnection

CONNECTIONS = 15
"""At most. Those that once were needed stay open, as opening one costs as much as a transaction; of those
that are free the one used last comes first, whose thread and pages are still in the caches."""

RECYCLE_SECONDS = DAY_SECONDS
"""After which a connection is opened anew: it reads only then what `analyze` found."""

CLOSE_SECONDS = 3.0
"""How long transactions may go on once the database is being closed."""


class Database:
    """Transactions. Both kinds raise `StorageError`, and then nothing of them was kept.

    One that has begun ends, whatever happens to the task that asked for it: beginning, committing and
    rolling back go on when the task is cancelled, and the cancellation is raised afterwards.
    """

    def __init__(self, engine: Engine, path: Path) -> None:
        self.path = path
        self._engine = engine
        self._writer = asyncio.Lock()
        self._under_way: dict[asyncio.Future[None], asyncio.Task[object] | None] = {}
        self._is_closed = False
        self._has_erased = False

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[AsyncConnection]:
        with self._noted():
            async with self._transaction(writing=False) as connection:
                yield connection
            if self._has_erased and not self._writer.locked():
                async with self._writer:
                    await self._forget()

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[AsyncConnection]:
        with self._noted():
            async with self._writer:
                async with self._transaction(writing=True) as connection:
                    yield connection
                if self._has_erased:
                    await self._forget()

    async def begin(self) -> None:
        """Bring the tables up to date, and forget what a process that was killed did not come to forget."""
        async with self.write() as connection:
            await connection.run_sync(upgrade)
            self._has_erased = True

    async def analyze(self) -> None:
        """Have statements planned by the rows that there are; other connections know once they are new."""
        async with self.write() as connection:
            await analyze(connection)

    async def _forget(self) -> None:
        """Leave nothing in the file beside the database of what was erased from it.

        Where somebody reads there, that comes after a later transaction.
        """
        connection = AsyncConnection(self._engine)
        with suppress(StorageError):  # the transaction before was kept, and this is tried again
            async with _translated():
                try:
                    await _to_its_end(self._empty_wal(connection))
                finally:
                    await _to_its_end(_release(connection))

    async def _empty_wal(self, connection: AsyncConnection) -> None:
        await connection.start()
        await connection.execution_options(**{BARE: True})
        self._has_erased = not await empty_wal(connection)

    async def close(self) -> None:
        """Refuse new transactions, wait for those under way, cancel what takes long, and disconnect."""
        self._is_closed = True
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=CLOSE_SECONDS)
            for task in filter(None, map(self._under_way.get, late)):
                task.cancel()
        if self._under_way:
            await asyncio.wait(self._under_way)
        await greenlet_spawn(self._engine.dispose)

    @contextmanager
    def _noted(self) -> Generator[None]:
        """Note a transaction, or the wait for one, so that closing waits for its end."""
        if self._is_closed:
            raise StorageError("the database is closed")
        ended = asyncio.get_running_loop().create_future()
        self._under_way[ended] = asyncio.current_task()
        try:
            yield
        finally:
            del self._under_way[ended]
            ended.set_result(None)

    @asynccontextmanager
    async def _transaction(self, *, writing: bool) -> AsyncGenerator[AsyncConnection]:
        connection = AsyncConnection(self._engine)
        async with _translated():
            try:
                await _to_its_end(_begin(connection, writing=writing))
                yield connection
                self._has_erased |= has_erased(connection)
                await _to_its_end(connection.commit())
            finally:
                await _to_its_end(_release(connection))


async def _begin(connection: AsyncConnection, *, writing: bool) -> None:
    await connection.start()
    await connection.execution_options(**{WRITING: writing})
    await connection.begin()


async def _release(connection: AsyncConnection) -> None:
    """Give the connection back, if there is one; what was not committed is rolled back."""
    if connection.sync_connection is None:
        return
    try:
        # Closing alone takes a commit that failed for the end of the transaction, and leaves it open.
        await connection.rollback()
    finally:
        await connection.close()


class _Unbroken(asyncio.Task[None]):
    """A task that cannot be cancelled, because `asyncio.run` cancels all that it finds at its end."""

    def cancel(self, msg: object = None) -> bool:  # noqa: ARG002 - the signature is asyncio's
        return False


async def _to_its_end(work: Coroutine[None, None, None]) -> None:
    """Do work that cannot be cut short; a cancellation that comes meanwhile is raised afterwards."""
    task = _Unbroken(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as exc:
            cancelled = exc
    if cancelled is not None:
        raise cancelled from task.exception()
    task.result()


@asynccontextmanager
async def _translated() -> AsyncGenerator[None]:
    try:
        yield
    except DBAPIError as exc:
        raise StorageError(str(exc.orig)) from exc


@asynccontextmanager
async def open_database(path: Path) -> AsyncGenerator[Database]:
    """Open (or create) the file, migrate it, and close it at the end."""
    async with open_beside(path) as database:
        try:
            await database.begin()
        except (SQLAlchemyError, StorageError, StartupError) as exc:
            raise StartupError(f"database {path}: {exc}") from exc
        yield database


@asynccontextmanager
async def open_beside(path: Path) -> AsyncGenerator[Database]:
    """Open the file as it is, beside a process that keeps it up to date, and close it at the end."""
    await asyncio.to_thread(check_openable, path)
    engine = create_engine(
        URL.create("sqlite+aiosqlite", database=str(path)),
        connect_args={"async_creator_fn": partial(_connection_to, path)},
        hide_parameters=True,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_use_lifo=True,
        pool_recycle=RECYCLE_SECONDS,
    )
    prepare_sqlite(engine)
    database = Database(engine, path)
    try:
        yield database
    finally:
        await _to_its_end(database.close())


def _connection_to(path: Path, *_address: object, **_options: object) -> OneTripConnection:
    return OneTripConnection(path)
