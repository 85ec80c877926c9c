"""A connection whose statements are awaited.

`sqlalchemy.ext.asyncio` has one, but loads the ORM with it: nothing uses that, and every start would wait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, TypeVarTuple, overload

from sqlalchemy.util import greenlet_spawn

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
    from typing import Concatenate, TypeAlias

    from sqlalchemy import Connection, CursorResult, Dialect, Engine, Executable, Row, ScalarResult
    from sqlalchemy.sql.selectable import TypedReturnsRows

    Values: TypeAlias = Mapping[str, Any]

T = TypeVar("T")
P = ParamSpec("P")
Ts = TypeVarTuple("Ts")


class AsyncConnection:
    """Is taken from the pool when it is started, and given back when it is closed."""

    sync_connection: Connection | None = None

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def dialect(self) -> Dialect:
        return self._engine.dialect

    async def start(self) -> None:
        self.sync_connection = await greenlet_spawn(self._engine.connect)

    async def run_sync(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Call a function that awaits nothing itself; the statements that it executes are awaited."""
        if self.sync_connection is None:
            raise RuntimeError("The connection was not started.")
        return await greenlet_spawn(work, self.sync_connection, *args, **kwargs)

    async def execution_options(self, **options: object) -> None:
        await self.run_sync(lambda connection: connection.execution_options(**options))

    async def begin(self) -> None:
        await self.run_sync(lambda connection: connection.begin())

    async def commit(self) -> None:
        await self.run_sync(lambda connection: connection.commit())

    async def rollback(self) -> None:
        await self.run_sync(lambda connection: connection.rollback())

    async def close(self) -> None:
        await self.run_sync(lambda connection: connection.close())

    async def exec_driver_sql(self, statement: str) -> CursorResult[*tuple[Any, ...]]:
        return await self.run_sync(lambda connection: connection.exec_driver_sql(statement))

    @overload
    async def execute(
        self, statement: TypedReturnsRows[*Ts], values: Values | Sequence[Values] | None = None
    ) -> CursorResult[*Ts]: ...

    @overload
    async def execute(
        self, statement: Executable, values: Values | Sequence[Values] | None = None
    ) -> CursorResult[*tuple[Any, ...]]: ...

    async def execute(
        self, statement: Executable, values: Values | Sequence[Values] | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        return await self.run_sync(lambda connection: connection.execute(statement, values))

    @overload
    async def scalar(self, statement: TypedReturnsRows[T]) -> T | None: ...

    @overload
    async def scalar(self, statement: Executable) -> object: ...

    async def scalar(self, statement: Executable) -> object:
        return await self.run_sync(lambda connection: connection.scalar(statement))

    @overload
    async def scalars(self, statement: TypedReturnsRows[T]) -> ScalarResult[T]: ...

    @overload
    async def scalars(self, statement: Executable) -> ScalarResult[Any]: ...

    async def scalars(self, statement: Executable) -> ScalarResult[Any]:
        return await self.run_sync(lambda connection: connection.scalars(statement))

    async def batches(
        self, statement: TypedReturnsRows[*Ts], size: int
    ) -> AsyncGenerator[Sequence[Row[*Ts]], None]:
        """Read the rows so many at a time, as they are asked for."""
        rows = await self.run_sync(
            lambda connection: connection.execute(statement, execution_options={"stream_results": True})
        )
        try:
            while batch := await greenlet_spawn(rows.fetchmany, size):
                yield batch
        finally:
            await greenlet_spawn(rows.close)
