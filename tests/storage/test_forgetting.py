"""What was erased is neither in the file nor in the one beside it, while the database stays open."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from bot.storage.database import open_database
from bot.storage.dialects import note_erasure
from bot.storage.schema import guilds, seasons

if TYPE_CHECKING:
    from pathlib import Path

    from bot.storage.database import Database

SECRET = "Fukuzawa" * 2000


def hold(path: Path) -> bool:
    """Tell whether any file of the database has the secret."""
    return any(SECRET[:16].encode() in file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


async def tell(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(insert(guilds).values(guild_id=1, first_seen_at=0.0))
        await connection.execute(insert(seasons).values(guild_id=1, number=1, name=SECRET, ended_at=0.0))


async def erase(database: Database) -> None:
    async with database.write() as connection:
        await note_erasure(connection)
        await connection.execute(update(seasons).values(name=""))


async def test_nothing_erased_stays_beside_the_database(database: Database, path: Path) -> None:
    await tell(database)
    told = hold(path)
    await erase(database)

    assert told
    assert not hold(path)


async def test_what_somebody_reads_is_forgotten_after_that(database: Database, path: Path) -> None:
    await tell(database)
    async with database.read() as reader:
        await reader.execute(select(guilds))
        await erase(database)
        held_by_the_reader = hold(path)

    assert held_by_the_reader
    assert not hold(path)


async def test_what_a_process_that_was_killed_did_not_forget_the_next_one_forgets(
    database: Database, path: Path, tmp_path: Path
) -> None:
    left = tmp_path / "left"
    left.mkdir()
    await tell(database)
    async with database.read() as reader:
        await reader.execute(select(guilds))
        await erase(database)
        for file in path.parent.glob(f"{path.name}*"):
            shutil.copy(file, left)
    left_there = hold(left / path.name)
    async with open_database(left / path.name):
        found = hold(left / path.name)

    assert left_there
    assert not found
