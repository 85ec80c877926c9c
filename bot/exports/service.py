"""Exports: a guild's decided battles, streamed from the database into one file."""

from __future__ import annotations

import asyncio
import os
import secrets
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from bot.errors import ArenaError
from bot.exports.child import process
from bot.exports.child.job import ExportJob
from bot.exports.formats import Format
from bot.exports.in_thread import apart
from bot.exports.pseudonyms import Pseudonyms, fresh_salt
from bot.exports.writers import open_sheet
from bot.i18n import N_
from bot.storage import exports
from bot.storage.exports import Selection

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from bot.storage.database import Database
    from bot.storage.exports import ExportSize

MOST_ATTACHED = 100_000
"""Battles and votes together; beyond, it would take long."""

ATTACHMENT_SECONDS = 600.0
"""At most. Discord takes an answer for a quarter of an hour."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is exported, and the salt that hides the ids."""

    guild_id: int
    format: Format
    salt: str

    @property
    def selection(self) -> Selection:
        return Selection(
            self.guild_id,
            rated_only=not self.format.has_everything,
            with_texts_only=self.format is Format.LMARENA,  # its rows are conversations
        )


class WrittenExport(NamedTuple):
    """A finished file; its rows are votes, or battles in `jsonl` and `battles`."""

    path: Path
    battles: int
    rows: int


class Exports:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._attaching = asyncio.Lock()

    async def size(self, order: Order) -> ExportSize:
        """Count what there is to export."""
        async with self._database.read() as connection:
            return await exports.size(connection, order.selection)

    async def write(
        self, order: Order, path: Path, *, tell: Callable[[int], None], most_bytes: int | None = None
    ) -> WrittenExport:
        """Write a file, which has its name only once it is whole; `tell` learns of each batch of battles.

        The battles are those of one moment. Raises `OSError` where the file cannot be written, and
        `ArenaError` where it grows beyond `most_bytes`.
        """
        part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        try:
            battles, rows = await self._fill(order, part, tell, most_bytes)
            await apart(_publish, part, path)
        finally:
            await apart(part.unlink, missing_ok=True)
        return WrittenExport(path, battles, rows)

    @asynccontextmanager
    async def attachment(
        self, guild_id: int, format_: Format, most_bytes: int
    ) -> AsyncGenerator[WrittenExport]:
        """Have a process of its own write a file that is gone again afterwards.

        Raises `ArenaError` where it is too large for Discord, or cannot be written. Nobody learns its salt,
        which a moderator could use to find out who voted what.
        """
        order = Order(guild_id, format_, fresh_salt())
        async with self._attaching:
            async with self._database.read() as connection:
                if await exports.exceeds(connection, order.selection, MOST_ATTACHED):
                    raise _too_large(order)
            with TemporaryDirectory(prefix="arena-export-") as folder:
                yield await self._attached(order, Path(folder) / format_.file_name, most_bytes)

    async def _attached(self, order: Order, path: Path, most_bytes: int) -> WrittenExport:
        database = str(self._database.path)
        job = ExportJob(database, order.guild_id, order.format, order.salt, str(path), most_bytes)
        try:
            async with asyncio.timeout(ATTACHMENT_SECONDS):
                written = await process.write(job)
        except TimeoutError as exc:
            raise _too_large(order) from exc
        return WrittenExport(path, written.battles, written.rows)

    async def _fill(
        self, order: Order, part: Path, tell: Callable[[int], None], most_bytes: int | None
    ) -> tuple[int, int]:
        """Write all battles to the new file; returns how many they were, and how many rows they made."""
        battles = rows = 0
        sheet = await apart(open_sheet, order.format, part, Pseudonyms(order.salt))
        try:
            async with (
                self._database.read() as connection,
                aclosing(exports.read(connection, order.selection)) as batches,
            ):
                async for batch in batches:
                    rows += await apart(sheet.add, batch)
                    battles += len(batch)
                    tell(len(batch))
                    _check_size(order, part, most_bytes)
        finally:
            await apart(sheet.close)
        _check_size(order, part, most_bytes)
        return battles, rows


def _check_size(order: Order, part: Path, most_bytes: int | None) -> None:
    if most_bytes is not None and part.stat().st_size > most_bytes:
        raise _too_large(order)


def _too_large(order: Order) -> ArenaError:
    return ArenaError(
        N_(
            "This export is too large for Discord. The operator of this bot can write it on the command line:"
            " `arena-bot export --guild {guild} --format {format} --out .`"
        ),
        guild=order.guild_id,
        format=order.format.value,
    )


def _publish(part: Path, path: Path) -> None:
    """Give the file its name once it is on the disk."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(path)
