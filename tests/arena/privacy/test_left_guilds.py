from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Boolean, String, insert

from bot.arena.privacy.left_guilds import Departures
from bot.arena.settings.known_settings import KnownSettings
from bot.storage import battles, left_guilds
from bot.storage.schema import metadata
from tests.exports.history import GUILD, OPENED, PlannedBattle, decided, held
from tests.traces import counts

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Column, Table

    from bot.storage.database import Connection, Database

    Value = str | int | float | bool | None

DAY = 24 * 3600
OF_NO_GUILD = {"registered_commands"}
"""Tables of the process itself."""
CHOSEN: dict[str, Value] = {"state": "closed", "side": "a", "vote": "a", "left_at": None, "purged_at": None}
"""What columns hold that do not take just anything."""
HOME, AWAY = 1, 2


def nobody_there(_guild_id: int) -> bool:
    return True


def everybody_there(_guild_id: int) -> bool:
    return False


def at(database: Database, days: float) -> Departures:
    return Departures(database, KnownSettings(), lambda: OPENED + days * DAY)


async def fill(connection: Connection, guild_id: int) -> None:
    """Give a guild a row in every table, and two models."""
    rows: dict[str, dict[str, Value]] = {}
    for table in metadata.sorted_tables:
        rows[table.name] = {column.name: value_of(column, guild_id, rows) for column in table.columns}
        await connection.execute(insert(table).values(rows[table.name]))
        if table.name == "models":
            second = rows["models"] | {"model_id": guild_id + 500, "name": "Quillon", "code_name": "Kite"}
            await connection.execute(insert(table).values(second))


def value_of(column: Column[object], guild_id: int, rows: dict[str, dict[str, Value]]) -> Value:
    if column.name == "model_j":
        return guild_id + 500
    for reference in column.foreign_keys:
        return rows[reference.column.table.name][reference.column.name]
    if column.name in CHOSEN:
        return CHOSEN[column.name]
    if isinstance(column.type, Boolean):
        return True
    return str(guild_id) if isinstance(column.type, String) else guild_id


def of_guilds(path: Path) -> dict[str, int]:
    return {table: number for table, number in counts(path).items() if table in metadata.tables}


async def left(database: Database) -> dict[int, left_guilds.Departure]:
    async with database.read() as connection:
        return await left_guilds.left(connection)


async def test_no_table_keeps_a_row_of_a_server_that_was_left(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "arena.sqlite3"
    async with database.write() as connection:
        await fill(connection, HOME)
    before = of_guilds(path)
    async with database.write() as connection:
        await fill(connection, AWAY)
    assert all(number > before[table] for table, number in of_guilds(path).items())
    await at(database, 0).leave(AWAY)
    await at(database, 31).sweep(nobody_there)

    after = of_guilds(path)
    assert {table for table in before if after[table] != before[table]} == OF_NO_GUILD


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_every_table_says_whose_its_rows_are(table: Table) -> None:
    condition = left_guilds.belonging(table, metadata.tables["guilds"].c.guild_id, [GUILD])

    assert (condition is None) == (table.name in OF_NO_GUILD)


async def test_a_long_history_goes_in_batches(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(left_guilds, "BATCH", 3)
    for number in range(8):
        await (decided if number % 2 else held)(database, PlannedBattle())
    await at(database, 0).leave(GUILD)
    await at(database, 31).sweep(nobody_there)

    assert set(of_guilds(tmp_path / "arena.sqlite3").values()) == {0}


@pytest.mark.parametrize(("days", "is_kept"), [(29.9, True), (30.1, False)])
async def test_a_server_that_was_left_is_kept_for_thirty_days(
    database: Database, days: float, *, is_kept: bool
) -> None:
    battle = await decided(database)
    await at(database, 0).leave(GUILD)
    await at(database, 0.5).leave(GUILD)
    await at(database, days).sweep(nobody_there)
    async with database.read() as connection:
        found = await battles.get(connection, GUILD, battle.battle_id)

    assert found == (battle if is_kept else None)


async def test_a_return_in_time_keeps_everything_as_it_was(database: Database) -> None:
    battle = await decided(database)
    await at(database, 0).leave(GUILD)
    await at(database, 29).return_to(GUILD)
    await at(database, 31).sweep(nobody_there)
    async with database.read() as connection:
        assert await battles.get(connection, GUILD, battle.battle_id) == battle
    assert await left(database) == {}


async def test_a_server_where_the_bot_is_is_never_deleted(database: Database) -> None:
    battle = await decided(database)
    await at(database, 0).leave(GUILD)
    await at(database, 31).sweep(everybody_there)
    async with database.read() as connection:
        assert await battles.get(connection, GUILD, battle.battle_id) == battle


async def test_what_happened_unseen_is_made_good(database: Database) -> None:
    async with database.write() as connection:
        await fill(connection, HOME)
        await connection.execute(insert(metadata.tables["guilds"]).values(guild_id=AWAY, first_seen_at=0.0))
    await at(database, 0).leave(HOME)
    departing = at(database, 1)
    await departing.compare([HOME], nobody_there)
    seen = await left(database)

    assert seen == {AWAY: left_guilds.Departure(OPENED + DAY, is_purging=False)}
    assert departing.is_left(AWAY)
    assert not departing.is_left(HOME)


async def test_the_servers_of_other_shards_are_left_alone(database: Database) -> None:
    async with database.write() as connection:
        await fill(connection, HOME)
    await at(database, 0).compare([], lambda guild_id: guild_id != HOME)

    assert await left(database) == {}


async def test_a_deletion_does_not_begin_where_the_bot_is_back(database: Database) -> None:
    await decided(database)
    async with database.write() as connection:
        began = await left_guilds.begin_purge(connection, GUILD, OPENED)

    assert not began


async def test_a_deletion_that_was_cut_off_is_finished_at_a_return(
    database: Database, tmp_path: Path
) -> None:
    for _ in range(3):
        await decided(database)
    async with database.write() as connection:
        await left_guilds.set_left(connection, GUILD, OPENED)
        await left_guilds.begin_purge(connection, GUILD, OPENED + 31 * DAY)
    await at(database, 32).return_to(GUILD)

    assert set(of_guilds(tmp_path / "arena.sqlite3").values()) == {0}


async def test_a_deletion_that_was_cut_off_is_finished_by_the_next_sweep(
    database: Database, tmp_path: Path
) -> None:
    await decided(database)
    async with database.write() as connection:
        await left_guilds.set_left(connection, GUILD, OPENED)
        await left_guilds.begin_purge(connection, GUILD, OPENED)
    await at(database, 1).sweep(nobody_there)

    assert set(of_guilds(tmp_path / "arena.sqlite3").values()) == {0}


@pytest.mark.parametrize("steps", [0, 3, 30, 60, 120])
async def test_a_return_finds_everything_or_a_new_start(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    monkeypatch.setattr(left_guilds, "BATCH", 1)
    for _ in range(5):
        await decided(database)
    departing = at(database, 31)
    await at(database, 0).leave(GUILD)
    sweeping = asyncio.create_task(departing.sweep(nobody_there))
    for _ in range(steps):
        await asyncio.sleep(0)
    await departing.return_to(GUILD)
    await decided(database)
    await sweeping
    kept = of_guilds(tmp_path / "arena.sqlite3")

    assert (kept["battles"], kept["votes"]) in {(6, 6), (1, 1)}
    assert await left(database) == {}
