"""Data sets in the columns of the public arena sets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bot.arena.models.prices import estimated_tokens
from bot.domain.battle import Answer, Turn
from bot.domain.image import ImageKind
from bot.exports.formats import Format
from bot.storage.schema import categories, contestants
from tests.exports.history import GUILD, PlannedBattle, decided, exported
from tests.exports.loading import frame, rows, table

if TYPE_CHECKING:
    from pathlib import Path

    from bot.storage.database import Database
    from tests.exports.loading import Row, Value

PUBLIC_COLUMNS = [
    "id",
    "model_a",
    "model_b",
    "winner",
    "evaluation_session_id",
    "evaluation_order",
    "conversation_a",
    "conversation_b",
    "full_conversation",
    "conv_metadata",
    "category_tag",
    "language",
    "is_code",
]


def said(role: str, text: str) -> dict[str, object]:
    return {"role": role, "content": [{"type": "text", "text": text, "image": None, "mimeType": None}]}


def counted(role: str, text: str, tokens: int, *, estimated: bool = False) -> dict[str, object]:
    return said(role, text) | {"num_tokens": tokens, "num_tokens_estimated": estimated}


def metadata(row: Row) -> dict[str, Value]:
    found = row["conv_metadata"]
    assert isinstance(found, dict)
    return found


def estimated(row: Row) -> set[str]:
    """Return the names of the numbers that are marked as estimated."""
    marked = {name for name, value in metadata(row).items() if name.endswith("_estimated") and value}
    return {name.removesuffix("_estimated") for name in marked}


async def test_lmarena_has_the_columns_of_the_public_set_in_their_order(
    database: Database, tmp_path: Path
) -> None:
    await decided(database)
    path = await exported(database, tmp_path, Format.LMARENA)

    assert table(path).schema.names == PUBLIC_COLUMNS
    assert list(frame(path).columns) == PUBLIC_COLUMNS


async def test_lmarena_nests_conversations_as_the_public_set_does(database: Database, tmp_path: Path) -> None:
    await decided(database, PlannedBattle(prompt="Why?", replies=("Because.", "No.")))
    (row,) = rows(await exported(database, tmp_path, Format.LMARENA))

    asked, a, b = said("user", "Why?"), said("assistant", "Because."), said("assistant", "No.")
    assert row["conversation_a"] == [counted("user", "Why?", 7), counted("assistant", "Because.", 3)]
    assert row["conversation_b"] == [counted("user", "Why?", 7), counted("assistant", "No.", 12)]
    assert row["full_conversation"] == [{"user": asked, "model_side_a": a, "model_side_b": b}]


async def test_lmarena_has_every_turn_of_a_conversation(database: Database, tmp_path: Path) -> None:
    second = Turn(2, "And?", Answer("So.", input_tokens=15, output_tokens=4), Answer("# So", input_tokens=26))
    await decided(database, PlannedBattle(replies=("Because.", "No."), turns=[second]))
    (row,) = rows(await exported(database, tmp_path, Format.LMARENA))

    asked = [said("user", "Why?"), said("user", "And?")]
    a = [said("assistant", "Because."), said("assistant", "So.")]
    b = [said("assistant", "No."), said("assistant", "# So")]
    prompts = [counted("user", "Why?", 7), counted("user", "And?", 5)]
    assert row["conversation_a"] == [
        *(prompts[0], counted("assistant", "Because.", 3)),
        *(prompts[1], counted("assistant", "So.", 4)),
    ]
    assert row["conversation_b"] == [
        *(prompts[0], counted("assistant", "No.", 12)),
        *(prompts[1], counted("assistant", "# So", 2, estimated=True)),
    ]
    assert row["full_conversation"] == [
        {"user": asked[turn], "model_side_a": a[turn], "model_side_b": b[turn]} for turn in (0, 1)
    ]
    assert metadata(row).items() >= {
        ("turns", 2),
        ("sum_user_tokens", 7 + 5),
        ("sum_assistant_a_tokens", 3 + 4),
        ("sum_assistant_b_tokens", 12 + 2),
        ("context_a_tokens", 15),
        ("context_b_tokens", 26),
    }
    assert estimated(row) == {"sum_assistant_b_tokens"}


async def test_lmarena_estimates_tokens_that_no_server_counted(database: Database, tmp_path: Path) -> None:
    prompt, replies = "なぜ？" * 10, ("それは" * 20, "わからない" * 20)
    second = Turn(2, "And?", Answer("So."), Answer("No.", output_tokens=4))
    told = PlannedBattle(prompt=prompt, replies=replies, turns=[second], image_kind=ImageKind.PNG)
    await decided(database, told)
    async with database.write() as connection:
        await connection.execute(contestants.update().values(input_tokens=None, output_tokens=None))
    (row,) = rows(await exported(database, tmp_path, Format.LMARENA))

    first = estimated_tokens(prompt, images=1)
    assert (estimated_tokens(prompt), first) == (30, 1630)
    assert metadata(row).items() >= {
        ("sum_user_tokens", first + 2),
        ("sum_assistant_a_tokens", 60 + 1),
        ("sum_assistant_b_tokens", 100 + 4),
        ("context_a_tokens", first + 60 + 2),
        ("context_b_tokens", first + 100 + 2),
    }
    assert estimated(row) == {name for name in metadata(row) if name.endswith("_tokens")}
    assert row["conversation_b"] == [
        counted("user", prompt, first, estimated=True),
        counted("assistant", replies[1], 100, estimated=True),
        counted("user", "And?", 2, estimated=True),
        counted("assistant", "No.", 4),
    ]


async def test_thoughts_that_are_not_sent_again_do_not_make_a_prompt_less_than_nothing(
    database: Database, tmp_path: Path
) -> None:
    second = Turn(2, "And?", Answer("So.", input_tokens=9), Answer("No.", input_tokens=12))
    await decided(database, PlannedBattle(turns=[second]))
    async with database.write() as connection:
        await connection.execute(contestants.update().values(output_tokens=900))
    (row,) = rows(await exported(database, tmp_path, Format.LMARENA))

    assert metadata(row)["sum_user_tokens"] == 7 + estimated_tokens("And?")
    assert "sum_user_tokens" in estimated(row)


@pytest.mark.parametrize("tokens", [None, 7, 2**40])
async def test_lmarena_has_the_types_of_the_public_set(
    database: Database, tmp_path: Path, tokens: int | None
) -> None:
    await decided(database)
    async with database.write() as connection:
        await connection.execute(contestants.update().values(input_tokens=tokens, output_tokens=tokens))
    path = await exported(database, tmp_path, Format.LMARENA)
    types = str(table(path).schema.field("conv_metadata").type)

    assert re.findall(r"(\w+_tokens): (\w+) not null", types) == [
        ("sum_assistant_a_tokens", "int32"),
        ("context_a_tokens", "int32"),
        ("sum_assistant_b_tokens", "int32"),
        ("context_b_tokens", "int32"),
        ("sum_user_tokens", "int32"),
    ]
    assert str(table(path).schema.field("evaluation_order").type) == "int32"
    for side in ("a", "b"):
        assert "num_tokens: int32" in str(table(path).schema.field(f"conversation_{side}").type)


async def test_lmarena_counts_tokens_and_markdown(database: Database, tmp_path: Path) -> None:
    await decided(database, PlannedBattle(replies=("Because.", "## Reasons\n\n1. **This** one\n- and that")))
    (row,) = rows(await exported(database, tmp_path, Format.LMARENA))

    levels = {"h1": 0, "h2": 0, "h3": 0, "h4": 0, "h5": 0, "h6": 0}
    assert row["conv_metadata"] == {
        "sum_user_tokens": 7,
        "sum_assistant_a_tokens": 3,
        "sum_assistant_b_tokens": 12,
        "context_a_tokens": 7,
        "context_b_tokens": 9,
        "turns": 1,
        "header_count_a": levels,
        "header_count_b": levels | {"h2": 1},
        "list_count_a": {"ordered": 0, "unordered": 0},
        "list_count_b": {"ordered": 1, "unordered": 1},
        "bold_count_a": {"**": 0, "__": 0},
        "bold_count_b": {"**": 1, "__": 0},
        "sum_user_tokens_estimated": False,
        "sum_assistant_a_tokens_estimated": False,
        "sum_assistant_b_tokens_estimated": False,
        "context_a_tokens_estimated": False,
        "context_b_tokens_estimated": False,
    }


async def test_lmarena_tags_are_where_tools_look_and_ours_beside_them(
    database: Database, tmp_path: Path
) -> None:
    keys = frozenset({"lang:ja", "code", "own:1"})
    await decided(database)
    async with database.write() as connection:
        await connection.execute(
            categories.insert().values(category_id=1, guild_id=GUILD, name="Haiku", is_open=True)
        )
    await decided(database, PlannedBattle(categories=keys))
    first, second = rows(await exported(database, tmp_path, Format.LMARENA))
    tag = second["category_tag"]

    assert isinstance(tag, dict)
    assert tag["creative_writing_v0.1"] == {"creative_writing": False, "score": None}
    assert tag["if_v0.1"] == {"if": False, "score": None}
    assert tag["math_v0.1"] == {"math": False}
    assert isinstance(tag["criteria_v0.1"], dict)
    assert sum(map(bool, tag["criteria_v0.1"].values())) == 0
    assert len(tag["criteria_v0.1"]) == 7
    assert tag["arena_bot_v1"] == {
        "long": False,
        "follow_up": False,
        "categories": ["code", "lang:ja", "own:Haiku"],
    }
    assert [row["language"] for row in (first, second)] == ["unknown", "ja"]
    assert [row["is_code"] for row in (first, second)] == [False, True]
