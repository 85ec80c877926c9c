"""Data sets in the columns of the public arena sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.battle import Answer, Turn
from bot.exports.formats import Format
from bot.storage.schema import categories
from tests.exports.history import GUILD, PlannedBattle, decided, exported
from tests.exports.loading import frame, rows, table

if TYPE_CHECKING:
    from pathlib import Path

    from bot.storage.database import Database

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
    assert row["conversation_a"] == [asked, a]
    assert row["conversation_b"] == [asked, b]
    assert row["full_conversation"] == [{"user": asked, "model_side_a": a, "model_side_b": b}]


async def test_lmarena_has_every_turn_of_a_conversation(database: Database, tmp_path: Path) -> None:
    second = Turn(2, "And?", Answer("So.", input_tokens=15, output_tokens=4), Answer("# So", input_tokens=26))
    await decided(database, PlannedBattle(replies=("Because.", "No."), turns=[second]))
    (row,) = rows(await exported(database, tmp_path, Format.LMARENA))

    asked = [said("user", "Why?"), said("user", "And?")]
    a = [said("assistant", "Because."), said("assistant", "So.")]
    b = [said("assistant", "No."), said("assistant", "# So")]
    assert row["conversation_a"] == [asked[0], a[0], asked[1], a[1]]
    assert row["conversation_b"] == [asked[0], b[0], asked[1], b[1]]
    assert row["full_conversation"] == [
        {"user": asked[turn], "model_side_a": a[turn], "model_side_b": b[turn]} for turn in (0, 1)
    ]
    assert isinstance(row["conv_metadata"], dict)
    assert row["conv_metadata"].items() >= {
        ("turns", 2),
        ("sum_user_tokens", min(15 - 3, 26 - 12)),
        ("sum_assistant_a_tokens", 3 + 4),
        ("sum_assistant_b_tokens", None),
        ("context_a_tokens", 15),
        ("context_b_tokens", 26),
    }


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
