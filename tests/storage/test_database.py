from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, select, text

from bot.app import open_arena
from bot.arena.models.keyring import Keyring
from bot.config import Config, Storage
from bot.domain.pauses import USUAL
from bot.errors import StartupError, StorageError
from bot.storage.database import open_database
from bot.storage.schema import guilds, metadata, models
from tests.arena.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from bot.storage.database import Database
    from tests.storage.cuts import DatabaseFile


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return cast("list[object]", compare_metadata(context, metadata))


@pytest.fixture
def diary(path: Path) -> Path:
    """Put something else where the database should be."""
    path.write_text("Dear diary, today I was mistaken for a database. " * 40)
    return path


async def test_the_migrations_make_the_tables_that_the_code_expects(database: Database) -> None:
    async with database.read() as connection:
        found = await connection.run_sync(differences)

    assert found == []


async def test_the_file_is_kept_in_wal_mode_with_foreign_keys_and_without_what_is_deleted(
    database: Database,
) -> None:
    async with database.read() as connection:
        journal = await connection.scalar(text("PRAGMA journal_mode"))
        foreign_keys = await connection.scalar(text("PRAGMA foreign_keys"))
        secure_delete = await connection.scalar(text("PRAGMA secure_delete"))

    assert (journal, foreign_keys, secure_delete) == ("wal", 1, 1)


async def test_a_row_that_refers_to_nothing_is_refused(database: Database) -> None:
    with pytest.raises(StorageError, match="FOREIGN KEY"):
        async with database.write() as connection:
            await connection.execute(insert(models).values(guild_id=1, name="Zephyrine", created_at=0.0))


async def test_nothing_of_a_failed_transaction_is_kept(database: Database) -> None:
    twice = insert(guilds).values(guild_id=1, first_seen_at=0.0)
    with pytest.raises(StorageError):  # noqa: PT012 - the second of two statements is refused
        async with database.write() as connection:
            await connection.execute(twice)
            await connection.execute(twice)

    async with database.read() as connection:
        assert list(await connection.scalars(select(guilds.c.guild_id))) == []


async def test_nothing_of_a_transaction_is_kept_that_could_not_be_committed(database: Database) -> None:
    with pytest.raises(StorageError, match="FOREIGN KEY"):  # noqa: PT012 - the commit is refused
        async with database.write() as connection:
            await connection.execute(text("PRAGMA defer_foreign_keys = ON"))
            await connection.execute(insert(models).values(guild_id=1, name="Zephyrine", created_at=0.0))

    async with database.write() as connection:
        assert list(await connection.scalars(select(models.c.name))) == []


async def test_a_second_start_finds_the_first_ones_rows(path: Path) -> None:
    async with open_database(path) as first, first.write() as connection:
        await connection.execute(insert(guilds).values(guild_id=1, first_seen_at=0.0))
    async with open_database(path) as second, second.read() as connection:
        found = list(await connection.scalars(select(guilds.c.guild_id)))

    assert found == [1]


async def test_a_database_of_a_newer_version_is_refused_untouched(path: Path) -> None:
    async with open_database(path):
        pass
    with closing(sqlite3.connect(path)) as file:
        file.execute("update alembic_version set version_num = '9999'")
        file.commit()

    with pytest.raises(StartupError, match=r"newer version of arena-bot \(schema 9999\)"):
        async with open_database(path):
            pass
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("select version_num from alembic_version").fetchall() == [("9999",)]


async def test_a_file_that_is_no_database_is_named(diary: Path) -> None:

    with pytest.raises(StartupError, match=f"database {diary}: file is not a database"):
        async with open_database(diary):
            pass


async def test_a_folder_with_a_percent_sign_is_a_folder_like_others(tmp_path: Path) -> None:
    folder = tmp_path / "100% arena"
    folder.mkdir()
    async with open_database(folder / "arena.sqlite3") as database, database.read() as connection:
        found = list(await connection.scalars(select(guilds.c.guild_id)))

    assert found == []


async def test_statements_are_planned_by_the_rows_that_there_are(
    database: Database, file: DatabaseFile
) -> None:
    async with database.write() as connection:
        await connection.execute(
            insert(guilds), [{"guild_id": number, "first_seen_at": 0.0} for number in range(2000)]
        )
        await connection.execute(
            insert(models),
            [
                {"guild_id": number, "name": name, "created_at": 0.0}
                for number in range(2000)
                for name in "ab"
            ],
        )
    async with database.read() as reader:
        await reader.execute(select(guilds))
        await database.analyze()
    found = dict(
        file.connection.execute("select idx, stat from sqlite_stat1 where tbl = 'models'").fetchall()
    )

    assert found["uq_models_guild_id_code_name"].split()[1] == "2"
    assert 3000 < int(found["uq_models_guild_id_code_name"].split()[0]) < 5000


async def test_the_database_is_analyzed_while_the_bot_runs(path: Path, file: DatabaseFile) -> None:
    file.connection.execute("PRAGMA journal_mode = WAL")
    config = Config(storage=Storage(path=str(path)))
    often = replace(USUAL, between_analyses=0.01)
    async with open_arena(config, Keyring([]), often):
        await until(lambda: _is_analyzed(file))
        file.connection.execute("delete from sqlite_stat1")
        await until(lambda: _is_analyzed(file))


def _is_analyzed(file: DatabaseFile) -> bool:
    tables = "select count(*) from sqlite_master where name = 'sqlite_stat1'"
    if not file.connection.execute(tables).fetchone()[0]:
        return False
    return bool(file.connection.execute("select count(*) from sqlite_stat1").fetchone()[0])
