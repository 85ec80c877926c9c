from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from bot.arena.battles.closing import call_off
from bot.domain.battle import Match, Place, UnratedReason, VoidReason
from bot.domain.image import ImageKind
from bot.domain.vote import Vote
from bot.exports import vote_rows
from bot.exports.formats import Format
from bot.storage import rulings, tournament_matches, tournaments
from bot.storage.tournaments import NewTournament
from tests.exports.history import GUILD, OPENED, PlannedBattle, decided, exported, held
from tests.exports.loading import frame, rows, table

if TYPE_CHECKING:
    from pathlib import Path

    from bot.storage.database import Database

VOTE_FORMATS = [Format.LMARENA, Format.CSV, Format.PARQUET]


@pytest.mark.parametrize("format_", VOTE_FORMATS)
async def test_each_vote_is_a_row_and_those_of_a_battle_share_its_id(
    database: Database, tmp_path: Path, format_: Format
) -> None:
    await decided(database, PlannedBattle((Vote.A, Vote.B, Vote.TIE, Vote.BOTH_BAD, None)))
    await decided(database, PlannedBattle((Vote.A,)))
    found = rows(await exported(database, tmp_path, format_))
    battle, order = (
        ("evaluation_session_id", "evaluation_order")
        if format_ is Format.LMARENA
        else ("battle_id", "vote_order")
    )

    first = [row for row in found if row[battle] == found[0][battle]]
    assert len(found) == 5
    assert sorted(str(row["winner"]) for row in first) == ["both_bad", "model_a", "model_b", "tie"]
    assert [row[order] for row in first] == [1, 2, 3, 4]


@pytest.mark.parametrize("format_", VOTE_FORMATS)
async def test_only_rated_votes_are_rows(database: Database, tmp_path: Path, format_: Format) -> None:
    await decided(database, PlannedBattle(prompt="rated"))
    await decided(database, PlannedBattle(prompt="leaked", unrated=UnratedReason.LEAK))
    out = await decided(database, PlannedBattle(prompt="taken out"))
    lost = await held(database, PlannedBattle(prompt="lost"))
    await held(database, PlannedBattle(prompt="still open"))
    async with database.write() as connection:
        await rulings.take_out(connection, out.battle_id, "spam")
        await call_off(connection, lost.battle_id, VoidReason.MESSAGE_GONE, OPENED)
    found = rows(await exported(database, tmp_path, format_))

    assert len(found) == 1
    assert "rated" in str(found)


async def test_the_flat_table_has_prompt_replies_and_figures(database: Database, tmp_path: Path) -> None:
    battle = await decided(database, PlannedBattle(categories=frozenset({"lang:en", "long"})))
    (row,) = rows(await exported(database, tmp_path, Format.PARQUET))

    assert list(row) == list(vote_rows.VoteRow.__struct_fields__)
    assert (row["prompt"], row["reply_a"], row["drawn_probability"]) == ("Why?", "Because.", 0.125)
    assert (row["language"], row["is_long"], row["categories"]) == ("en", True, '["lang:en","long"]')
    assert (row["cost_b"], row["rating_after_b"]) == (0.5, battle.b.rating_after)


@pytest.mark.parametrize("format_", [Format.PARQUET, Format.JSONL])
async def test_a_match_of_a_tournament_is_marked(database: Database, tmp_path: Path, format_: Format) -> None:
    await decided(database)
    battle = await decided(database, PlannedBattle(at=OPENED + 600))
    async with database.write() as connection:
        new = NewTournament(
            GUILD, 20, None, "en", is_rated=True, voting_seconds=60, model_ids=(1, 2), started_at=0.0
        )
        tournament_id = await tournaments.add(connection, new)
        assert tournament_id
        await tournament_matches.add(connection, battle.battle_id, Match(tournament_id, Place(2, 0), 1))
    found = rows(await exported(database, tmp_path, format_))

    assert [row["is_tournament"] for row in found] == [False, True]


@pytest.mark.parametrize("format_", [Format.JSONL, Format.PARQUET])
async def test_a_battle_about_an_image_is_marked(database: Database, tmp_path: Path, format_: Format) -> None:
    await decided(database)
    await decided(database, PlannedBattle(image_kind=ImageKind.PNG))
    found = rows(await exported(database, tmp_path, format_))

    assert [row["has_image"] for row in found] == [False, True]


@pytest.mark.parametrize("start", [*"=+-@＝＋－＠'", "\t", "\r", "\n"])
async def test_no_cell_of_a_csv_is_a_formula_and_every_text_can_be_had_back(
    database: Database, tmp_path: Path, start: str
) -> None:
    prompt = f'{start}HYPERLINK("x", "y")\r\n終わり'
    await decided(database, PlannedBattle(prompt=prompt))
    path = await exported(database, tmp_path, Format.CSV)
    with path.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)

    assert row["prompt"] == f"'{prompt}"


async def test_spreadsheets_see_that_a_csv_is_utf_8(database: Database, tmp_path: Path) -> None:
    await decided(database)
    path = await exported(database, tmp_path, Format.CSV)

    assert path.read_bytes().startswith(b"\xef\xbb\xbfvote_id,")


@pytest.mark.parametrize("format_", Format)
async def test_every_format_loads_with_pandas_and_with_pyarrow(
    eventful_database: Database, tmp_path: Path, format_: Format
) -> None:
    path = await exported(eventful_database, tmp_path, format_)
    loaded = frame(path)

    assert list(loaded.columns) == table(path).schema.names
    assert len(loaded.to_dict("records")) == len(table(path).to_pylist()) == len(rows(path)) > 10


@pytest.mark.parametrize("format_", [Format.LMARENA, Format.PARQUET, Format.CSV])
async def test_a_server_without_votes_has_a_table_without_rows(
    database: Database, tmp_path: Path, format_: Format
) -> None:
    await held(database, PlannedBattle())
    path = await exported(database, tmp_path, format_)

    assert rows(path) == []
    assert len(table(path).schema.names) > 10
