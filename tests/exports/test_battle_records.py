"""JSON lines, and the same as Parquet: every decided battle with all that is known of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec

from bot.arena.battles.closing import call_off, decide
from bot.domain.battle import Answer, FinishReason, Turn, UnratedReason, VoidReason
from bot.domain.draws import WHOLE, Drawing
from bot.domain.vote import Vote
from bot.exports.formats import Format
from bot.storage import draws, rulings, votes
from bot.storage.votes import StoredVote
from tests.exports.history import NAMES, OPENED, PlannedBattle, decided, exported, held, mask
from tests.exports.loading import rows, table

if TYPE_CHECKING:
    from pathlib import Path

    from bot.storage.database import Database


async def test_jsonl_has_every_turn_of_a_conversation(database: Database, tmp_path: Path) -> None:
    second = Turn(2, "And?", Answer("So.", input_tokens=15), Answer("No", FinishReason.LENGTH))
    await decided(database, PlannedBattle(turns=[second]))
    (line,) = rows(await exported(database, tmp_path, Format.JSONL))

    nothing = {"input_tokens": None, "output_tokens": None}
    assert line["turns"] == [
        {
            "prompt": "And?",
            "a": nothing | {"reply": "So.", "cut_off": False, "finish": "stop", "input_tokens": 15},
            "b": nothing | {"reply": "No", "cut_off": True, "finish": "length"},
        }
    ]
    assert line["categories"] == ["follow-up"]


async def test_jsonl_tells_of_every_decided_battle_and_why_it_does_not_count(
    database: Database, tmp_path: Path
) -> None:
    await decided(database)
    await decided(database, PlannedBattle(unrated=UnratedReason.LEAK, leak="I am Zephyrine"))
    out = await decided(database)
    lost = await held(database, PlannedBattle())
    await held(database, PlannedBattle(prompt="still open"))
    async with database.write() as connection:
        await rulings.take_out(connection, out.battle_id, "spam")
        await call_off(connection, lost.battle_id, VoidReason.MESSAGE_GONE, OPENED)
    found = rows(await exported(database, tmp_path, Format.JSONL))

    told = ("is_rated", "unrated", "voided", "void_note")
    assert [tuple(row[name] for name in told) for row in found] == [
        (True, None, None, None),
        (False, "leak", None, None),
        (False, None, "moderator", "spam"),
        (False, None, "message_gone", None),
    ]
    assert isinstance(found[1]["a"], dict)
    assert found[1]["a"]["leak"] == "I am Zephyrine"


async def test_jsonl_has_all_that_is_known_of_a_battle(database: Database, tmp_path: Path) -> None:
    battle = await decided(database, PlannedBattle((Vote.A, None)))
    async with database.write() as connection:
        unclear = StoredVote(
            battle.battle_id, 5, None, unclear=True, member_ballot="|a,b|", changed_at=OPENED + 70
        )
        await votes.save(connection, [unclear])
    (row,) = rows(await exported(database, tmp_path, Format.JSONL))
    a, cast = row["a"], row["votes"]

    assert row["drawn_probability"] == 0.125
    assert row["season"] == 1
    assert row["locale"] == "ja"
    assert row["opened_at"] == "2026-01-01T00:00:00Z"
    assert row["voting_at"] == "2026-01-01T00:00:10Z"
    assert row["closed_at"] == "2026-01-01T00:02:00Z"
    assert isinstance(a, dict)
    assert (a["input_tokens"], a["output_tokens"], a["cost"]) == (7, 3, 0.25)
    assert (a["rating_before"], a["rating_after"]) == (battle.a.rating_before, battle.a.rating_after)
    assert isinstance(cast, list)
    assert [(each["vote"], each["voted_at"]) for each in cast if isinstance(each, dict)] == [
        ("model_a", "2026-01-01T00:01:00Z"),
        (None, "2026-01-01T00:01:10Z"),
    ]


async def test_jsonl_says_how_the_models_were_drawn_by_their_public_names(
    database: Database, tmp_path: Path
) -> None:
    chosen, drawn = await held(database, PlannedBattle()), await held(database, PlannedBattle())
    await mask(database, NAMES[1], "Mystery")
    drawing = Drawing(1, 3, {1: WHOLE, 2: WHOLE // 4, 9: 1}, frozenset({3}), frozenset({2, 9}))
    async with database.write() as connection:
        await draws.add(connection, drawn.battle_id, drawing)
        await draws.amend(connection, drawn.battle_id, drawing)
    for battle in (chosen, drawn):
        await decide(database, battle, OPENED + 120.0)
    found = rows(await exported(database, tmp_path, Format.JSONL))

    assert [row["draw"] for row in found] == [
        None,
        {
            "a": NAMES[0],
            "b": NAMES[2],
            "chances": [{"model": NAMES[0], "chance": 1.0}, {"model": "Mystery", "chance": 0.25}],
            "failed": [NAMES[2]],
            "stepped_in": ["Mystery"],
        },
    ]


async def test_battles_says_the_same_as_jsonl(eventful_database: Database, tmp_path: Path) -> None:
    drawing = Drawing(1, 3, {1: WHOLE, 2: WHOLE // 4}, frozenset({3}), frozenset({2}))
    second = Turn(2, "And?", Answer("So.", input_tokens=15), Answer("No", FinishReason.LENGTH))
    drawn = await held(
        eventful_database, PlannedBattle(turns=[second], leak="I am", categories=frozenset({"lang:ja"}))
    )
    async with eventful_database.write() as connection:
        await draws.add(connection, drawn.battle_id, drawing)
    await decide(eventful_database, drawn, OPENED + 120.0)
    lines = rows(await exported(eventful_database, tmp_path, Format.JSONL))
    nested = rows(await exported(eventful_database, tmp_path, Format.BATTLES))

    written = msgspec.json.encode(nested)
    assert json.loads(written) == lines
    assert len(lines) > 40


async def test_the_types_of_battles_are_the_same_whatever_is_missing(
    database: Database, tmp_path: Path
) -> None:
    await held(database, PlannedBattle())
    nothing = table(await exported(database, tmp_path, Format.BATTLES)).schema
    await decided(database, PlannedBattle([]))
    little = table(await exported(database, tmp_path, Format.BATTLES)).schema
    await decided(database, PlannedBattle(leak="I am Zephyrine", categories=frozenset({"lang:ja"})))
    more = table(await exported(database, tmp_path, Format.BATTLES)).schema

    assert nothing == little == more
    assert "null" not in str(nothing).replace("not null", "")
