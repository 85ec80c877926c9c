from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
import pytest

from bot.arena.privacy.member_data import Privacy
from bot.arena.privacy.retention import Retention
from bot.config import BattleDefaults
from bot.domain import rules as house_rules
from bot.domain.battle import Answer, Side, Turn, UnratedReason
from bot.domain.report import Hiding, Reply
from bot.domain.rules import DEFAULT_RULES
from bot.domain.vote import Vote
from bot.exports.formats import Format
from bot.exports.pseudonyms import Pseudonyms
from bot.storage import battles, hidden_replies, rulings
from bot.storage.schema import battles as stored
from tests.exports.history import (
    ASKER,
    CHANNEL,
    GUILD,
    OPENED,
    SALT,
    VOTER,
    PlannedBattle,
    decided,
    exported,
    mask,
)
from tests.exports.loading import rows

if TYPE_CHECKING:
    from pathlib import Path

    from bot.storage.database import Database

every_format = pytest.mark.parametrize("format_", Format)
every_format_with_texts = pytest.mark.parametrize(
    "format_", [format_ for format_ in Format if format_ is not Format.EVALICA]
)
"""`evalica` has models and winners alone."""


def text_of(path: Path) -> str:
    """Return all that a file says; its bytes too, for Parquet packs most of what it says."""
    return f"{rows(path)}{path.read_bytes().decode(errors='replace')}"


def clock() -> float:
    return OPENED


def privacy(database: Database) -> Privacy:
    return Privacy(database, BattleDefaults(), clock)


@every_format
async def test_a_masked_model_has_only_its_code_name(
    database: Database, tmp_path: Path, format_: Format
) -> None:
    leaking = PlannedBattle(
        unrated=UnratedReason.LEAK, leak="I am Zephyrine", replies=("I am a model.", "Me too.")
    )
    await decided(database, leaking)
    voided = await decided(database)
    await decided(database)
    async with database.write() as connection:
        await rulings.take_out(connection, voided.battle_id, f"ZEPHYRINE told <@{VOTER}> its name")
    await mask(database, "Zephyrine", "Kite")
    text = text_of(await exported(database, tmp_path, format_))

    assert "Kite" in text
    assert "zephyrine" not in text.lower()


@every_format_with_texts
async def test_a_hidden_reply_is_left_out_and_its_votes_stay(
    database: Database, tmp_path: Path, format_: Format
) -> None:
    later = Turn(2, "And?", Answer("Far worse words."), Answer("Later kind words."))
    told = PlannedBattle(
        replies=("Bad words.", "Kind words."), leak="Bad words", turns=[later], votes=[Vote.A] * 3
    )
    battle = await decided(database, told)
    async with database.write() as connection:
        await hidden_replies.hide(connection, Reply(battle.battle_id, Side.A), Hiding(VOTER, OPENED))
    path = await exported(database, tmp_path, format_)
    text, found = text_of(path), rows(path)

    assert "words" in text
    assert not re.search("bad words|worse words", text, re.IGNORECASE)
    assert len(found) == (1 if format_.has_everything else 3)


async def test_what_is_hidden_is_marked(database: Database, tmp_path: Path) -> None:
    battle = await decided(database)
    async with database.write() as connection:
        await hidden_replies.hide(connection, Reply(battle.battle_id, Side.B), Hiding(VOTER, OPENED))
    (flat,) = rows(await exported(database, tmp_path, Format.PARQUET))
    (record,) = rows(await exported(database, tmp_path, Format.JSONL))

    assert (flat["hidden_a"], flat["hidden_b"], flat["reply_b"]) == (False, True, "")
    assert isinstance(record["b"], dict)
    assert record["b"]["hidden"] is True


async def test_the_costs_of_a_masked_model_are_not_told(database: Database, tmp_path: Path) -> None:
    await decided(database)
    await mask(database, "Zephyrine", "Kite")
    (flat,) = rows(await exported(database, tmp_path, Format.PARQUET))
    (record,) = rows(await exported(database, tmp_path, Format.JSONL))

    assert (flat["cost_a"], flat["cost_b"]) == (None, 0.5)
    assert isinstance(record["a"], dict)
    assert record["a"]["cost"] is None


@every_format
async def test_no_discord_id_is_in_an_export(
    eventful_database: Database, tmp_path: Path, format_: Format
) -> None:
    voided = await decided(eventful_database)
    async with eventful_database.write() as connection:
        await battles.set_message(connection, voided.battle_id, 828282828282828282)
        await rulings.take_out(connection, voided.battle_id, f"<@{VOTER}> spammed")
    text = text_of(await exported(eventful_database, tmp_path, format_))

    assert not re.search(r"(?<![\d.a-f])\d{17,19}(?![\da-f])", text)
    for known in (GUILD, CHANNEL, ASKER, VOTER, 828282828282828282):
        assert str(known) not in text


@every_format_with_texts
async def test_who_opted_out_is_absent_with_votes_and_battles(
    database: Database, tmp_path: Path, format_: Format
) -> None:
    await decided(database, PlannedBattle((Vote.A, Vote.B), prompt="kept"))
    await decided(database, PlannedBattle((Vote.TIE,), asker=VOTER, prompt="asked by the one"))
    before = text_of(await exported(database, tmp_path, format_))
    await privacy(database).leave_out_of_exports(GUILD, VOTER)
    await privacy(database).leave_out_of_exports(GUILD, VOTER)
    after = text_of(await exported(database, tmp_path, format_))

    assert "model_a" in re.findall(r"model_a(?=')", before)
    assert "asked by the one" in before
    assert "asked by the one" not in after
    assert "'tie'" not in after
    assert "kept" in after


async def test_evalica_has_models_and_winners_of_those_who_did_not_opt_out(
    database: Database, tmp_path: Path
) -> None:
    await decided(database, PlannedBattle((Vote.A, Vote.B, Vote.TIE, Vote.BOTH_BAD)))
    await decided(database, PlannedBattle((Vote.TIE,), asker=VOTER))
    await privacy(database).leave_out_of_exports(GUILD, VOTER)
    found = rows(await exported(database, tmp_path, Format.EVALICA))

    models = {"left": "Zephyrine", "right": "Quillon"}
    assert sorted(found, key=str) == [models | {"winner": winner} for winner in ("right", "tie", "tie")]


async def test_the_columns_for_fastchat_tell_nothing_new(database: Database, tmp_path: Path) -> None:
    secret = msgspec.structs.replace(DEFAULT_RULES, ballot="secret")
    later = Turn(2, "And?", Answer("Ah"), Answer("Oh"))
    for asker in (ASKER, ASKER + 1):
        battle = await decided(database, PlannedBattle((Vote.A, Vote.TIE), asker=asker, turns=[later]))
        async with database.write() as connection:
            rules = stored.update().where(stored.c.battle_id == battle.battle_id)
            await connection.execute(rules.values(rules=house_rules.encode(secret)))
    await privacy(database).erase(GUILD, ASKER)
    found = rows(await exported(database, tmp_path, Format.PARQUET))

    assert [row["turn"] for row in found] == [None, None, 2, 2]
    assert [row["judge"] for row in found] == [row["member"] for row in found]
    assert len({str(row["judge"]) for row in found}) == 4
    for row in found:
        assert isinstance(row["voted_at"], datetime)
        assert row["tstamp"] == row["voted_at"].timestamp()


async def test_the_other_votes_of_a_battle_stay(database: Database, tmp_path: Path) -> None:
    await decided(database, PlannedBattle((Vote.A, Vote.B, Vote.TIE)))
    await privacy(database).leave_out_of_exports(GUILD, VOTER)
    found = rows(await exported(database, tmp_path, Format.LMARENA))
    (record,) = rows(await exported(database, tmp_path, Format.JSONL))

    assert sorted(str(row["winner"]) for row in found) == ["model_b", "tie"]
    assert sorted(str(row["evaluation_order"]) for row in found) == ["1", "2"]
    assert isinstance(record["votes"], list)
    assert len(record["votes"]) == 2


async def test_who_opts_in_again_is_in_the_next_export(database: Database, tmp_path: Path) -> None:
    await decided(database)
    await privacy(database).leave_out_of_exports(GUILD, VOTER)
    await privacy(database).allow_exports(GUILD, VOTER)

    assert len(rows(await exported(database, tmp_path, Format.CSV))) == 1


async def test_opting_out_is_about_one_server(database: Database, tmp_path: Path) -> None:
    await decided(database)
    await privacy(database).leave_out_of_exports(GUILD + 1, VOTER)

    assert len(rows(await exported(database, tmp_path, Format.CSV))) == 1


@every_format_with_texts
async def test_ids_are_the_same_for_one_salt_and_others_for_another(
    eventful_database: Database, tmp_path: Path, format_: Format
) -> None:
    once, again, other = [
        set(re.findall(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", str(rows(path))))
        for path in [
            await exported(eventful_database, tmp_path / name, format_, salt)
            for name, salt in (("1", "x" * 16), ("2", "x" * 16), ("3", "y" * 16))
            if not (tmp_path / name).mkdir()
        ]
    ]

    assert len(once) > 40
    assert once == again
    assert not once & other


async def test_a_member_has_one_code_as_voter_and_another_as_asker(
    database: Database, tmp_path: Path
) -> None:
    await decided(database, PlannedBattle((Vote.A,), asker=VOTER))
    await decided(database, PlannedBattle((Vote.B,), asker=VOTER))
    await decided(database, PlannedBattle((Vote.B,)))
    found = rows(await exported(database, tmp_path, Format.PARQUET))
    first, second, third = found

    assert len({str(row["member"]) for row in found}) == 1
    assert first["asker"] == second["asker"] != third["asker"]
    assert {str(row["asker"]) for row in found}.isdisjoint({str(row["member"]) for row in found})
    assert first["vote_id"] != second["vote_id"]


async def test_the_order_of_votes_does_not_tell_the_age_of_accounts(
    database: Database, tmp_path: Path
) -> None:
    await decided(database, PlannedBattle((Vote.A,) * 12))
    found = rows(await exported(database, tmp_path, Format.PARQUET))

    ids = [str(row["vote_id"]) for row in found]
    assert ids == sorted(ids)


@every_format_with_texts
async def test_who_was_forgotten_is_absent_with_votes_and_texts(
    database: Database, tmp_path: Path, format_: Format
) -> None:
    later = Turn(2, "And a secret too", Answer("Ah"), Answer("Oh"))
    await decided(database, PlannedBattle((Vote.A, Vote.TIE), asker=VOTER, prompt="A secret", turns=[later]))
    await decided(database, PlannedBattle((Vote.B,), prompt="kept"))
    before = text_of(await exported(database, tmp_path, format_))
    await privacy(database).erase(GUILD, VOTER)
    found = rows(await exported(database, tmp_path, format_))
    after = text_of(tmp_path / format_.file_name)

    assert "A secret" in before
    assert "secret" not in after
    codes = Pseudonyms(SALT)
    assert not [code for code in (codes.voter(VOTER), codes.asker(VOTER)) if code in after]
    assert len(found) == {Format.JSONL: 2, Format.BATTLES: 2, Format.LMARENA: 0}.get(format_, 1)


async def test_a_deleted_text_is_null_and_so_is_who_asked(database: Database, tmp_path: Path) -> None:
    await decided(database, PlannedBattle((Vote.A, Vote.TIE), asker=VOTER))
    await privacy(database).erase(GUILD, VOTER)
    (flat,) = rows(await exported(database, tmp_path, Format.PARQUET))
    (record,) = rows(await exported(database, tmp_path, Format.JSONL))

    assert [flat[name] for name in ("asker", "prompt", "reply_a", "reply_b")] == [None] * 4
    assert (flat["winner"], flat["output_tokens_b"]) == ("tie", 12)
    assert (record["asker"], record["prompt"], record["turns"]) == (None, None, [])
    assert isinstance(record["a"], dict)
    assert record["a"]["reply"] is None


async def test_texts_that_were_too_old_are_null_and_their_asker_is_not(
    database: Database, tmp_path: Path
) -> None:
    await decided(database)
    await Retention(database, BattleDefaults(retention_days=1), lambda: OPENED + 3 * 24 * 3600).sweep()
    (flat,) = rows(await exported(database, tmp_path, Format.PARQUET))

    assert (flat["prompt"], flat["asker"]) == (None, Pseudonyms(SALT).asker(ASKER))
    assert rows(await exported(database, tmp_path, Format.LMARENA)) == []
