"""Votes on their way to the database: what gathers while one transaction is written goes into the next."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from bot.errors import StorageError
from bot.storage import votes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.storage.database import Database
    from bot.storage.votes import StoredVote

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pending:
    row: StoredVote
    written: asyncio.Future[None] | None = None
    """Somebody waits for it, and hears of it if it fails."""


class VoteWriter:
    """`run` must be under way for votes to be committed; after a failure it makes a pause, in seconds."""

    def __init__(self, database: Database, pause: float) -> None:
        self._database = database
        self._pause = pause
        self._pending: dict[tuple[int, int], Pending] = {}
        self._wake = asyncio.Event()
        self._writing = asyncio.Lock()

    def put(self, row: StoredVote) -> None:
        """Have a row written, again and again until it is."""
        self._take(Pending(row))

    async def commit(self, row: StoredVote) -> None:
        """Return once the row is written; raises `StorageError`, and then it never will be."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._take(Pending(row, written))
        await written

    async def flush(self) -> None:
        """Commit what is pending; raises `StorageError`, and then what nobody waits for is still pending."""
        async with self._writing:
            batch, self._pending = self._pending, {}
            try:
                await self._write([each.row for each in batch.values()])
            except asyncio.CancelledError:
                self._pending = batch | self._pending
                raise
            except StorageError as exc:
                self._pending = {key: each for key, each in batch.items() if not each.written} | self._pending
                _tell(batch.values(), exc)
                raise
            _tell(batch.values())

    async def run(self) -> None:
        """Commit in groups, until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self.flush()
            except StorageError as exc:
                _log.error(
                    "votes could not be written, trying again", error=str(exc), pending=len(self._pending)
                )
                await asyncio.sleep(self._pause)
                self._wake.set()

    def _take(self, pending: Pending) -> None:
        self._pending[pending.row.battle_id, pending.row.user_id] = pending
        self._wake.set()

    async def _write(self, rows: list[StoredVote]) -> None:
        if rows:
            async with self._database.write() as connection:
                await votes.save(connection, rows)


def _tell(batch: Iterable[Pending], trouble: StorageError | None = None) -> None:
    """Let those who wait know what became of their votes."""
    for each in batch:
        if each.written is None or each.written.done():
            continue
        if trouble is None:
            each.written.set_result(None)
        else:
            each.written.set_exception(StorageError(str(trouble)))
