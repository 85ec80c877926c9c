from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa
import pytest

from bot.cli import export as command
from bot.cli.export import Destination
from bot.domain.battle import Answer, Turn
from bot.domain.vote import Vote
from bot.errors import ArenaError, StartupError
from bot.exports import service
from bot.exports.formats import Format
from bot.exports.service import Exports, Order
from bot.storage import battle_texts
from bot.storage import exports as stored
from bot.storage.exports import Selection
from tests.exports.history import GUILD, SALT, PlannedBattle, decided, eventful, exported
from tests.exports.loading import rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.storage.database import Database

every_parquet = pytest.mark.parametrize("format_", [Format.LMARENA, Format.PARQUET])
every_format = pytest.mark.parametrize("format_", Format)


def files(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir() if not file.name.startswith("arena.sqlite3")}


@every_format
async def test_many_batches_and_row_groups_make_one_file(
    eventful_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_: Format
) -> None:
    whole = rows(await exported(eventful_database, tmp_path, format_))
    monkeypatch.setattr(stored, "BATCH_BATTLES", 3)
    monkeypatch.setattr("bot.exports.parquet.PACK_ROWS", 4)
    monkeypatch.setattr("bot.exports.parquet.GROUP_ROWS", 10)
    pieces = rows(await exported(eventful_database, tmp_path, format_))

    assert pieces == whole
    assert files(tmp_path) == {format_.file_name}


async def test_no_more_characters_are_read_at_once_than_are_allowed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    replies = [("a" * 900, ""), ("", "b" * 900), ("c" * 90, "d" * 90), ("e" * 90, ""), ("f" * 5000, "")]
    turn = Turn(2, "And?", Answer("g" * 1900), Answer(""))
    for each in replies:
        await decided(database, PlannedBattle(votes=(), replies=each))
    await decided(database, PlannedBattle(votes=(), replies=("", ""), turns=[turn]))
    await decided(database, PlannedBattle(votes=[Vote.A] * 15, replies=("", "")))
    monkeypatch.setattr(battle_texts, "PART_CHARACTERS", 2000)
    async with database.read() as connection:
        selection = Selection(GUILD, rated_only=False)
        batches = [batch async for batch in stored.read(connection, selection)]

    assert [[battle.battle_id for battle in batch] for batch in batches] == [[1, 2, 3], [4], [5], [6], [7]]
    assert sum(battle.characters for battle in batches[0]) == 900 + 900 + 90 + 90 + 3 * len("Why?")
    assert batches[3][0].characters == len("Why?" + "And?") + 1900


class MemoryPool(Protocol):
    """What is used of Arrow's, which has no types."""

    def max_memory(self) -> int: ...


@pytest.fixture
def pool() -> Iterator[MemoryPool]:
    """Have Arrow take its memory from a pool that only counts what the test takes."""
    arrow: Any = pa
    usual = arrow.default_memory_pool()
    counting = arrow.proxy_memory_pool(usual)
    arrow.set_memory_pool(counting)
    yield counting
    arrow.set_memory_pool(usual)


@every_parquet
async def test_votes_on_long_replies_take_no_more_memory_than_others(
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    pool: MemoryPool,
    format_: Format,
) -> None:
    monkeypatch.setattr("bot.exports.parquet.GROUP_BYTES", 4 * 1024**2)
    await decided(database, PlannedBattle(votes=[Vote.A] * 400, replies=("a" * 40_000, "b" * 40_000)))
    await exported(database, tmp_path, format_)

    assert pool.max_memory() < 20 * 1024**2


@every_format
async def test_an_export_that_is_stopped_leaves_nothing(
    eventful_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_: Format
) -> None:
    monkeypatch.setattr(stored, "BATCH_BATTLES", 3)
    begun = asyncio.Event()
    path = tmp_path / format_.file_name
    writing = asyncio.create_task(
        Exports(eventful_database).write(Order(GUILD, format_, SALT), path, tell=lambda _: begun.set())
    )
    await begun.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing

    assert files(tmp_path) == set()


async def test_a_file_that_is_there_is_whole_until_the_new_one_is(database: Database, tmp_path: Path) -> None:
    await decided(database)
    path = tmp_path / Format.JSONL.file_name
    path.write_text("old\n")
    seen: list[str] = []
    order = Order(GUILD, Format.JSONL, SALT)
    await Exports(database).write(order, path, tell=lambda _: seen.append(path.read_text()))

    assert seen == ["old\n"]
    assert "old" not in path.read_text()


async def test_an_export_is_of_one_moment(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await eventful(database, 8)
    monkeypatch.setattr(stored, "BATCH_BATTLES", 2)
    before = len(rows(await exported(database, tmp_path, Format.JSONL)))
    meanwhile: list[asyncio.Task[object]] = []
    held_more = asyncio.Event()

    def tell(_: int) -> None:
        if not meanwhile:
            meanwhile.append(asyncio.create_task(decided(database, PlannedBattle(prompt="meanwhile"))))
            meanwhile[0].add_done_callback(lambda _: held_more.set())

    order = Order(GUILD, Format.JSONL, SALT)
    written = await Exports(database).write(order, tmp_path / "x.jsonl", tell=tell)
    await held_more.wait()

    assert written.rows == before
    assert "meanwhile" not in written.path.read_text()


async def test_an_attachment_that_grows_too_large_says_how_to_get_it(
    eventful_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(ArenaError) as caught:
        async with Exports(eventful_database).attachment(GUILD, Format.CSV, 1000):
            pass

    assert f"arena-bot export --guild {GUILD} --format csv --out ." in str(caught.value)
    assert files(tmp_path) == set()


async def test_too_many_votes_are_refused_before_anything_is_written(
    eventful_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_ATTACHED", 20)
    with pytest.raises(ArenaError, match="too large"):
        async with Exports(eventful_database).attachment(GUILD, Format.LMARENA, 10**9):
            pass


async def test_battles_and_votes_together_are_too_many_or_not(eventful_database: Database) -> None:
    selection = Selection(GUILD, rated_only=False)
    async with eventful_database.read() as connection:
        size = sum(await stored.size(connection, selection))
        found = [await stored.exceeds(connection, selection, most) for most in (0, size - 1, size)]

    assert found == [True, True, False]


async def test_an_attachment_is_gone_afterwards(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    await decided(database)
    async with Exports(database).attachment(GUILD, Format.LMARENA, 10**6) as written:
        count = len(rows(written.path))

    assert count == written.rows == 1
    assert files(tmp_path) == set()


@pytest.fixture
def without_pyarrow(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("bot.exports.parquet", "bot.exports.arrow"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    for name in ("pyarrow", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, name, None)


@every_parquet
@pytest.mark.usefixtures("without_pyarrow")
async def test_without_the_extra_parquet_is_refused_and_the_extra_named(
    eventful_database: Database, tmp_path: Path, format_: Format
) -> None:
    with pytest.raises(ArenaError, match=rf"{format_} needs pyarrow.*pip install 'arena-bot\[export\]'"):
        await exported(eventful_database, tmp_path, format_)
    assert files(tmp_path) == set()


@every_parquet
@pytest.mark.usefixtures("without_pyarrow", "eventful_database")
async def test_the_command_line_names_the_missing_extra(tmp_path: Path, format_: Format) -> None:
    with pytest.raises(StartupError, match=r"pip install 'arena-bot\[export\]'"):
        await command.export(
            tmp_path / "arena.sqlite3",
            Order(GUILD, format_, SALT),
            Destination(tmp_path / "out", force=False),
        )


@pytest.mark.usefixtures("without_pyarrow")
@pytest.mark.parametrize("format_", [Format.JSONL, Format.CSV])
async def test_without_the_extra_the_other_formats_are_written(
    eventful_database: Database, tmp_path: Path, format_: Format
) -> None:
    assert (await exported(eventful_database, tmp_path, format_)).stat().st_size
