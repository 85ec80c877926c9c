"""An export that is imported gives back the same board."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.arena.ratings.board_filter import ALL_TIME, BoardFilter, past_season
from bot.domain.vote import Vote
from bot.exports.formats import Format
from bot.exports.service import Exports, Order
from bot.imports.formats import ImportFormat
from tests.exports.history import GUILD, NAMES, PlannedBattle, decided, exported, mask
from tests.imports.moving import HERE, Moving

if TYPE_CHECKING:
    from pathlib import Path

    from bot.arena.ratings.leaderboards import Board
    from bot.storage.database import Database

CLOSE = 1e-9
IMPORTED = BoardFilter(period=past_season(0))
FORMATS = [
    (Format.LMARENA, ImportFormat.LMARENA),
    (Format.CSV, ImportFormat.FASTCHAT),
    (Format.PARQUET, ImportFormat.FASTCHAT),
]


def check_same(there: Board, here: Board) -> None:
    assert [each.name for each in here.standings] == [each.name for each in there.standings]
    assert [each.rank for each in here.standings] == [each.rank for each in there.standings]
    for one, other in zip(here.standings, there.standings, strict=True):
        assert one.rating.rating == pytest.approx(other.rating.rating, abs=CLOSE)
        assert one.rating.half_width == pytest.approx(other.rating.half_width, abs=CLOSE)
        assert replace(one.rating, model=0, rating=0, half_width=0) == replace(
            other.rating, model=0, rating=0, half_width=0
        )
    assert (here.battles, here.votes) == (there.battles, there.votes)


@pytest.mark.parametrize(("format_", "read_as"), FORMATS)
@pytest.mark.parametrize("provisional", [0, 1])
async def test_an_export_imported_gives_back_the_same_board(
    eventful_database: Database, tmp_path: Path, format_: Format, read_as: ImportFormat, provisional: int
) -> None:
    source = Moving(eventful_database, GUILD, NAMES)
    min_votes = sorted(each.rating.votes for each in (await source.board()).standings)[provisional]
    there = await source.board(min_votes=min_votes)
    file = await exported(eventful_database, tmp_path, format_)
    moving = Moving(eventful_database, HERE)
    await moving.begin()
    report = await moving.bring(file, read_as)

    check_same(there, await moving.board(IMPORTED, min_votes=min_votes))
    assert (report.battles, report.votes, report.rows) == (there.battles, there.votes, there.votes)
    assert moving.refused == []
    assert [each.rank is None for each in there.standings].count(True) == provisional
    await moving.check_sums()


async def test_all_seasons_have_it_too_and_the_one_under_way_has_none_of_it(
    eventful_database: Database, tmp_path: Path
) -> None:
    there = await Moving(eventful_database, GUILD, NAMES).board()
    file = await exported(eventful_database, tmp_path, Format.CSV)
    moving = Moving(eventful_database, HERE, ("Sorrel",))
    await moving.begin()
    await moving.bring(file, ImportFormat.FASTCHAT)
    own = await moving.board()

    check_same(there, await moving.board(BoardFilter(period=ALL_TIME)))
    assert [each.name for each in own.standings] == ["Sorrel"]
    assert own.votes == 0
    assert (await moving.board(BoardFilter(period="90d"))).voters == 0


async def test_the_flat_formats_tell_how_many_voted_and_lmarena_does_not(
    database: Database, tmp_path: Path
) -> None:
    await decided(database, PlannedBattle((Vote.A, Vote.B)))
    await decided(database, PlannedBattle((Vote.A, Vote.B)))
    flat = await exported(database, tmp_path, Format.CSV)
    nested = await exported(database, tmp_path, Format.LMARENA)
    moving = Moving(database, HERE)
    await moving.begin()
    await moving.bring(flat, ImportFormat.FASTCHAT)
    await moving.bring(nested, ImportFormat.LMARENA, "Again")

    assert (await moving.board(IMPORTED)).voters == 2
    assert (await moving.board(BoardFilter(period=past_season(-1)))).voters == 4


async def test_the_boards_of_categories_are_the_same(database: Database, tmp_path: Path) -> None:
    for number, categories in enumerate(({"lang:ja", "code"}, {"lang:en", "long"}, {"lang:ja"})):
        told = PlannedBattle((Vote.A, Vote.B, Vote.A)[: number + 1], categories=frozenset(categories))
        await decided(database, told)
    there = Moving(database, GUILD, NAMES)
    moving = Moving(database, HERE)
    await moving.begin()
    for number, (format_, read_as) in enumerate(FORMATS[:2]):
        await moving.bring(await exported(database, tmp_path, format_), read_as, format_)
        for category in ("lang:ja", "lang:en", "code", "long"):
            here = await moving.board(BoardFilter(category, past_season(-number)))
            check_same(await there.board(BoardFilter(category)), here)


async def test_an_import_that_is_exported_and_imported_keeps_voters_apart(
    eventful_database: Database, tmp_path: Path
) -> None:
    first = Moving(eventful_database, HERE)
    await first.begin()
    await first.bring(await exported(eventful_database, tmp_path, Format.CSV), ImportFormat.FASTCHAT)
    once = await first.board(IMPORTED)

    order = Order(HERE, Format.PARQUET, "a salt for the tests")
    written = await Exports(eventful_database).write(order, tmp_path / "again.parquet", tell=lambda _: None)
    second = Moving(eventful_database, HERE + 1)
    await second.begin()
    await second.bring(written.path, ImportFormat.FASTCHAT)
    twice = await second.board(IMPORTED)

    check_same(once, twice)
    assert twice.voters == once.voters > 1


async def test_a_masked_model_of_an_export_keeps_its_code_name(database: Database, tmp_path: Path) -> None:
    await decided(database)
    await mask(database, NAMES[0], "Nightjar")
    file = await exported(database, tmp_path, Format.CSV)
    moving = Moving(database, HERE)
    await moving.begin()
    await moving.bring(file, ImportFormat.FASTCHAT)

    assert await moving.names() == sorted(["Nightjar", NAMES[1]])
