"""Rows of every format: what they become, and why others are refused."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.arena.moderation.seasons import Seasons
from bot.domain.audit import Actor
from bot.domain.pair_sums import Scope
from bot.errors import StartupError
from bot.imports import files
from bot.imports.formats import ImportFormat
from bot.imports.source import RefusedBecause as Because
from bot.storage import pairs
from bot.storage.schema import battles, contestants, models, turns, votes
from tests.imports.moving import HERE, SEASON

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tests.exports.loading import Row
    from tests.imports.moving import Moving

JUDGED: Row = {
    "question_id": "q1",
    "model_a": "vicuna-13b",
    "model_b": "koala-13b",
    "winner": "tie (bothbad)",
    "judge": "arena_user_7",
    "turn": 2,
    "anony": True,
    "language": "English",
    "tstamp": 1682351654.6,
    "conversation_a": [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Hello"},
        {"role": "user", "content": "And?"},
        {"role": "assistant", "content": "More"},
    ],
    "conversation_b": [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Yes"},
        {"role": "user", "content": "And?"},
        {"role": "assistant", "content": "Less"},
    ],
}
PREFERRED: Row = {
    "id": "f1",
    "model_a": "gpt-x",
    "model_b": "claude-y",
    "winner": "model_b",
    "evaluation_session_id": "s1",
    "evaluation_order": 1,
    "conversation_a": [
        {"role": "user", "content": [{"type": "text", "text": "Why?", "image": None, "mimeType": None}]},
        {"role": "assistant", "content": [{"type": "text", "text": "So."}]},
    ],
    "conversation_b": [
        {"role": "user", "content": [{"type": "text", "text": "Why?"}]},
        {"role": "assistant", "content": [{"type": "text", "text": "Thus."}]},
    ],
    "category_tag": {"math_v0.1": {"math": False}},
    "language": "ja",
    "is_code": True,
    "timestamp": "2025-06-01 12:00:00",
}
RATING: Row = {
    "rating": 1,
    "model_id": "llama3:8b",
    "sibling_model_ids": ["qwen2:7b", "phi3"],
    "reason": None,
}
RATED: Row = {
    "id": "r1",
    "user_id": "u1",
    "version": 0,
    "type": "rating",
    "data": RATING,
    "meta": {"arena": True, "message_id": "m2", "chat_id": "c1", "base_models": {}},
    "snapshot": {
        "chat": {
            "id": "c1",
            "chat": {
                "history": {
                    "messages": {
                        "m1": {"content": "Ask", "parentId": None, "childrenIds": ["m2", "m3"]},
                        "m2": {"content": "Won", "parentId": "m1", "selectedModelId": "llama3:8b"},
                        "m3": {"content": "Lost", "parentId": "m1", "model": "qwen2:7b"},
                    }
                }
            },
        }
    },
    "created_at": 1730000000,
    "updated_at": 1730000100,
    "user": {"name": "Somebody"},
}


def write(folder: Path, rows: object) -> Path:
    file = folder / "rows.json"
    file.write_text(json.dumps(rows), encoding="utf-8")
    return file


def write_csv(folder: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    file = folder / "rows.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return file


async def tallies(moving: Moving) -> list[tuple[str, str, int, int, int, int]]:
    a, b = contestants.alias(), contestants.alias()
    one, other = models.alias(), models.alias()
    async with moving.database.read() as connection:
        rows = await connection.execute(
            select(
                one.c.name,
                other.c.name,
                battles.c.votes_a,
                battles.c.votes_b,
                battles.c.votes_tie,
                battles.c.votes_both_bad,
            )
            .join(a, (a.c.battle_id == battles.c.battle_id) & (a.c.side == "a"))
            .join(b, (b.c.battle_id == battles.c.battle_id) & (b.c.side == "b"))
            .join(one, one.c.model_id == a.c.model_id)
            .join(other, other.c.model_id == b.c.model_id)
            .order_by(battles.c.battle_id)
        )
        return [tuple(row) for row in rows]


async def texts(moving: Moving) -> list[str]:
    async with moving.database.read() as connection:
        first = await connection.execute(select(battles.c.prompt).order_by(battles.c.battle_id))
        replies = await connection.execute(select(contestants.c.reply).order_by("battle_id", "side"))
        later = await connection.execute(select(turns.c.prompt, turns.c.reply_a, turns.c.reply_b))
        return [str(cell) for rows in (first, replies, later) for row in rows for cell in row]


async def times(moving: Moving) -> tuple[float, float]:
    async with moving.database.read() as connection:
        rows = await connection.execute(
            select(battles.c.closed_at, votes.c.changed_at).join(
                votes, votes.c.battle_id == battles.c.battle_id
            )
        )
        row = rows.first()
        assert row
        return row.closed_at, row.changed_at


async def categories(moving: Moving) -> set[str]:
    async with moving.database.read() as connection:
        return set(await pairs.categories(connection, HERE))


async def test_a_battle_of_fastchat(moving: Moving, tmp_path: Path) -> None:
    await moving.bring(write(tmp_path, [JUDGED]), ImportFormat.FASTCHAT)

    assert await tallies(moving) == [("vicuna-13b", "koala-13b", 0, 0, 0, 1)]
    assert await texts(moving) == ["Hi", "Hello", "Yes", "And?", "More", "Less"]
    assert await times(moving) == (1682351654.6, 1682351654.6)
    assert await categories(moving) == {"all", "lang:en"}
    assert await moving.seasons() == {0: SEASON}


async def test_a_row_of_the_public_set(moving: Moving, tmp_path: Path) -> None:
    other = {**PREFERRED, "id": "f2", "evaluation_order": 2, "winner": "both_bad"}
    await moving.bring(write(tmp_path, [PREFERRED, other]), ImportFormat.LMARENA)

    assert await tallies(moving) == [("gpt-x", "claude-y", 0, 1, 0, 0), ("gpt-x", "claude-y", 0, 0, 0, 1)]
    assert (await texts(moving))[:4] == ["Why?", "Why?", "So.", "Thus."]
    assert (await times(moving))[0] == 1748779200.0
    assert await categories(moving) == {"all", "lang:ja", "code"}


async def test_a_row_of_the_smaller_public_set(moving: Moving, tmp_path: Path) -> None:
    marks = {"winner_model_a": 0, "winner_model_b": 0, "winner_tie": 1}
    row = {
        "id": 30192,
        "model_a": "gpt-4-1106-preview",
        "model_b": "gpt-4-0613",
        "prompt": '["Is it?","And?"]',
        "response_a": '["Yes","Too"]',
        "response_b": '["No",null]',
        **marks,
    }
    file = write_csv(
        tmp_path, [row, {**row, "id": 2, "winner_tie": 0}, {**row, "id": 3, "winner_model_a": 1}]
    )
    await moving.bring(file, ImportFormat.LMARENA)

    assert await tallies(moving) == [("gpt-4-1106-preview", "gpt-4-0613", 0, 0, 1, 0)]
    assert await texts(moving) == ["Is it?", "Yes", "No", "And?", "Too", ""]
    assert [number for number, _ in moving.refused] == [2, 3]


async def test_a_rating_of_open_webui_is_a_battle_with_each_sibling(moving: Moving, tmp_path: Path) -> None:
    lost = {**RATED, "id": "r2", "data": {**RATING, "rating": "-1", "sibling_model_ids": ["phi3"]}}
    await moving.bring(write(tmp_path, [RATED, lost]), ImportFormat.OPENWEBUI)

    assert await tallies(moving) == [
        ("llama3:8b", "qwen2:7b", 1, 0, 0, 0),
        ("llama3:8b", "phi3", 1, 0, 0, 0),
        ("llama3:8b", "phi3", 0, 1, 0, 0),
    ]
    assert (await texts(moving))[:5] == ["Ask", "", "", "Won", "Lost"]
    assert (await times(moving))[0] == 1730000100.0


@pytest.mark.parametrize(
    ("format_", "row", "changes", "kind", "reason"),
    [
        (ImportFormat.FASTCHAT, JUDGED, {"winner": "model_c"}, Because.NO_WINNER, "'model_c'"),
        (
            ImportFormat.FASTCHAT,
            JUDGED,
            {"winner": None},
            Because.NOT_UNDERSTOOD,
            "`null` - at `$.winner`",
        ),
        (ImportFormat.FASTCHAT, JUDGED, {"tstamp": "noon"}, Because.NO_TIME, "tstamp is 'noon'"),
        (ImportFormat.FASTCHAT, JUDGED, {"tstamp": float("nan")}, Because.NO_TIME, "tstamp is nan"),
        (ImportFormat.FASTCHAT, JUDGED, {"anony": False}, Because.NOT_BLIND, "--with-names"),
        (
            ImportFormat.FASTCHAT,
            JUDGED,
            {"model_b": "Vicuna-13B"},
            Because.NO_OPPONENT,
            "against itself",
        ),
        (ImportFormat.FASTCHAT, JUDGED, {"model_b": " "}, Because.NO_NAME, "no name"),
        (ImportFormat.FASTCHAT, JUDGED, {"model_b": "x" * 81}, Because.NO_NAME, "longer than 80"),
        (
            ImportFormat.FASTCHAT,
            JUDGED,
            {"conversation_a": 5},
            Because.NOT_UNDERSTOOD,
            "conversation_a",
        ),
        (
            ImportFormat.FASTCHAT,
            JUDGED,
            {"model_b": "half \ud800"},
            Because.NOT_UNDERSTOOD,
            "half a character",
        ),
        (ImportFormat.LMARENA, PREFERRED, {"winner": None}, Because.NO_WINNER, "no winner"),
        (ImportFormat.LMARENA, PREFERRED, {"timestamp": 1e300}, Because.NO_TIME, "timestamp"),
        (ImportFormat.OPENWEBUI, RATED, {"data": None}, Because.NO_OPPONENT, "rates no model"),
        (ImportFormat.OPENWEBUI, RATED, {"meta": {"arena": False}}, Because.NOT_BLIND, "--with-names"),
        (
            ImportFormat.OPENWEBUI,
            RATED,
            {"data": {"rating": 1, "model_id": "llama3:8b"}},
            Because.NO_OPPONENT,
            "beside no other",
        ),
        (
            ImportFormat.OPENWEBUI,
            RATED,
            {"data": {**RATING, "rating": 0}},
            Because.NO_WINNER,
            "rating is 0",
        ),
    ],
)
async def test_a_row_that_cannot_be_imported_is_refused_with_its_number_and_the_reason(
    moving: Moving,
    tmp_path: Path,
    format_: ImportFormat,
    row: Row,
    changes: Row,
    kind: Because,
    reason: str,
) -> None:
    key = "question_id" if format_ is ImportFormat.FASTCHAT else "id"
    file = write(tmp_path, [row, {**row, key: "another", **changes}, {**row, key: "last"}])
    report = await moving.bring(file, format_)

    assert [number for number, _ in moving.refused] == [2]
    assert reason in moving.refused[0][1]
    assert dict(report.refused) == {kind: 1}
    assert report.rows == 3
    await moving.check_sums()


async def test_votes_cast_with_the_names_shown_are_taken_where_that_is_asked_for(
    moving: Moving, tmp_path: Path
) -> None:
    await moving.bring(write(tmp_path, [{**JUDGED, "anony": False}]), ImportFormat.FASTCHAT, with_names=True)
    await moving.bring(write(tmp_path, [{**RATED, "meta": {}}]), ImportFormat.OPENWEBUI, with_names=True)

    assert len(await tallies(moving)) == 3
    assert moving.refused == []


async def test_an_import_that_is_repeated_adds_nothing_and_a_longer_file_only_what_is_new(
    moving: Moving, tmp_path: Path
) -> None:
    other = {**JUDGED, "judge": "arena_user_8", "winner": "model_a"}
    first = await moving.bring(write(tmp_path, [JUDGED]), ImportFormat.FASTCHAT)
    again = await moving.bring(write(tmp_path, [JUDGED]), ImportFormat.FASTCHAT)
    longer = await moving.bring(write(tmp_path, [JUDGED, other, JUDGED]), ImportFormat.FASTCHAT)

    assert [(each.battles, each.votes, each.known_votes) for each in (first, again, longer)] == [
        (1, 1, 0),
        (0, 0, 1),
        (0, 1, 2),
    ]
    assert await tallies(moving) == [("vicuna-13b", "koala-13b", 1, 0, 0, 1)]
    await moving.check_sums()


async def test_votes_of_a_battle_come_together_wherever_they_stand_in_the_file(
    moving: Moving, tmp_path: Path
) -> None:
    def row(number: int) -> Row:
        return {**JUDGED, "question_id": f"q{number % 7}", "judge": str(number), "conversation_a": None}

    rows = [row(number) for number in range(files.BATCH_ROWS * 2)]
    report = await moving.bring(write(tmp_path, rows), ImportFormat.FASTCHAT)
    async with moving.database.read() as connection:
        sums = await pairs.load(connection, HERE, Scope(season=0))

    assert (report.battles, report.votes) == (7, len(rows))
    assert [(each.battles, each.votes) for each in sums.values()] == [(7, len(rows))]
    await moving.check_sums()


async def test_names_without_an_id_tell_rows_apart_by_all_that_they_say(
    moving: Moving, tmp_path: Path
) -> None:
    simple = {name: JUDGED[name] for name in ("model_a", "model_b", "winner", "judge", "anony", "tstamp")}
    rows = [simple, {**simple, "tstamp": 1682351655.0}, simple]
    report = await moving.bring(write(tmp_path, rows), ImportFormat.FASTCHAT)

    assert (report.battles, report.votes, report.known_votes) == (2, 2, 1)


async def test_models_that_are_here_are_found_by_any_spelling_and_others_come_retired(
    moving: Moving, tmp_path: Path
) -> None:
    moving.operators = ("Vicuna-13B",)
    await moving.begin()
    report = await moving.bring(write(tmp_path, [JUDGED]), ImportFormat.FASTCHAT)
    board = await moving.board()
    entries = {entry.model.name: entry for entry in await moving.roster.of(HERE)}

    assert await moving.names() == ["Vicuna-13B", "koala-13b"]
    assert (report.known_models, report.new_models) == ({"vicuna-13b"}, {"koala-13b"})
    assert entries["koala-13b"].is_retired
    assert not entries["Vicuna-13B"].is_retired
    assert [each.name for each in board.standings] == ["Vicuna-13B"]


async def test_a_mapping_says_what_models_are_called_here(moving: Moving, tmp_path: Path) -> None:
    moving.operators = ("Zephyrine",)
    await moving.begin()
    mapping = {"vicuna-13b": "Zephyrine", "koala-13b": "Koala"}
    await moving.bring(write(tmp_path, [JUDGED]), ImportFormat.FASTCHAT, mapping=mapping)

    assert await moving.names() == ["Koala", "Zephyrine"]


@pytest.mark.parametrize("named", ["vicuna-13b", "Vicuna-13B", "Nightjar", "nightjar"])
async def test_a_masked_model_is_meant_only_where_the_mapping_says_so(
    moving: Moving, tmp_path: Path, named: str
) -> None:
    moving.operators = ("vicuna-13b", "Sorrel")
    await moving.begin()
    await moving.mask("vicuna-13b", "Nightjar")
    file = write(tmp_path, [{**JUDGED, "model_a": named}])
    refused = await moving.bring(file, ImportFormat.FASTCHAT)
    names = await moving.names()
    mapped = await moving.bring(file, ImportFormat.FASTCHAT, mapping={named: "Nightjar"})

    assert dict(refused.refused) == {Because.MASKED: 1}
    assert names == ["Nightjar", "Sorrel"]
    assert mapped.votes == 1
    assert await moving.names() == ["Nightjar", "Sorrel", "koala-13b"]


async def test_a_season_of_the_server_s_own_is_not_written_to(moving: Moving, tmp_path: Path) -> None:
    await Seasons(moving.database, lambda: 1.0).end(Actor(HERE, 1), "Winter")
    with pytest.raises(StartupError, match="another season of that name"):
        await moving.bring(write(tmp_path, [JUDGED]), ImportFormat.FASTCHAT, "winter")

    assert await moving.seasons() == {1: "Winter"}


async def test_a_file_of_which_every_row_is_refused_leaves_no_season(moving: Moving, tmp_path: Path) -> None:
    await moving.bring(write(tmp_path, [{**JUDGED, "winner": "?"}]), ImportFormat.FASTCHAT)

    assert await moving.seasons() == {}
    assert await moving.names() == []
