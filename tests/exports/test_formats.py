from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from bot.arena.battles.closing import call_off, decide
from bot.domain.battle import Answer, Match, Place, Turn, UnratedReason, VoidReason
from bot.domain.draws import WHOLE, Drawing
from bot.domain.image import ImageKind
from bot.domain.vote import Vote
from bot.exports import vote_rows
from bot.exports.writers import Format
from bot.storage import battles, draws, tournament_matches, tournaments, votes
from bot.storage.schema import categories
from bot.storage.tournaments import NewTournament
from bot.storage.votes import StoredVote
from tests.exports.history import GUILD, NAMES, OPENED, PlannedBattle, decided, eventful, exported, held, mask
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
VOTE_FORMATS = [Format.LMARENA, Format.CSV, Format.PARQUET]


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


async def test_jsonl_has_every_turn_of_a_conversation(database: Database, tmp_path: Path) -> None:
    second = Turn(2, "And?", Answer("So.", input_tokens=15), Answer("No", cut_off=True))
    await decided(database, PlannedBattle(turns=[second]))
    (line,) = rows(await exported(database, tmp_path, Format.JSONL))

    nothing = {"input_tokens": None, "output_tokens": None}
    assert line["turns"] == [
        {
            "prompt": "And?",
            "a": nothing | {"reply": "So.", "cut_off": False, "input_tokens": 15},
            "b": nothing | {"reply": "No", "cut_off": True},
        }
    ]
    assert line["categories"] == ["follow-up"]


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
        await battles.take_out(connection, out.battle_id, "spam")
        await call_off(connection, lost.battle_id, VoidReason.MESSAGE_GONE, OPENED)
    found = rows(await exported(database, tmp_path, format_))

    assert len(found) == 1
    assert "rated" in str(found)


async def test_jsonl_tells_of_every_decided_battle_and_why_it_does_not_count(
    database: Database, tmp_path: Path
) -> None:
    await decided(database)
    await decided(database, PlannedBattle(unrated=UnratedReason.LEAK, leak="I am Zephyrine"))
    out = await decided(database)
    lost = await held(database, PlannedBattle())
    await held(database, PlannedBattle(prompt="still open"))
    async with database.write() as connection:
        await battles.take_out(connection, out.battle_id, "spam")
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
            "chances": {NAMES[0]: 1.0, "Mystery": 0.25},
            "failed": [NAMES[2]],
            "stepped_in": ["Mystery"],
        },
    ]


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
    database: Database, tmp_path: Path, format_: Format
) -> None:
    await eventful(database)
    path = await exported(database, tmp_path, format_)
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
