"""Votes of excluded members: in no data set, and marked where everything is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.arena.moderation.exclusions import Exclusions
from bot.domain.audit import Actor
from bot.domain.vote import Vote
from bot.exports.formats import Format
from bot.exports.service import Exports, Order
from bot.storage.schema import battles
from tests.exports.history import GUILD, OPENED, SALT, VOTER, PlannedBattle, decided, exported
from tests.exports.loading import rows

if TYPE_CHECKING:
    from pathlib import Path

    from bot.storage.database import Database
    from tests.exports.loading import Row, Value

DATA_SETS = [format_ for format_ in Format if not format_.has_everything]
WINNERS = {"left": "model_a", "right": "model_b"}
"""As one format says it, and as all others do."""


async def exclude(database: Database) -> None:
    await Exclusions(database, lambda: OPENED).exclude(Actor(GUILD, 1), VOTER, "A coin")


def marks(battle: Row) -> list[tuple[Value, ...]]:
    """Return of each vote what it is, whether it is excluded, and whether it is fast."""
    cast, told = battle["votes"], ("vote", "is_excluded", "is_fast")
    assert isinstance(cast, list)
    return sorted((tuple(map(each.get, told)) for each in cast if isinstance(each, dict)), key=str)


def winners(found: list[Row]) -> list[str]:
    told = [str(row["winner"]) for row in found]
    return sorted(WINNERS.get(winner, winner) for winner in told)


@pytest.mark.parametrize("format_", DATA_SETS)
async def test_no_data_set_has_an_excluded_vote(database: Database, tmp_path: Path, format_: Format) -> None:
    await decided(database, PlannedBattle((Vote.A, Vote.B, Vote.TIE)))
    before = rows(await exported(database, tmp_path, format_))
    await exclude(database)
    after = rows(await exported(database, tmp_path, format_))
    size = await Exports(database).size(Order(GUILD, format_, SALT))

    assert winners(before) == ["model_a", "model_b", "tie"]
    assert winners(after) == ["model_b", "tie"]
    assert size.votes == 2


@pytest.mark.parametrize("format_", DATA_SETS)
async def test_what_is_included_again_is_exported_as_before(
    eventful_database: Database, tmp_path: Path, format_: Format
) -> None:
    before = rows(await exported(eventful_database, tmp_path, format_))
    await exclude(eventful_database)
    between = rows(await exported(eventful_database, tmp_path, format_))
    await Exclusions(eventful_database, lambda: OPENED).include(Actor(GUILD, 1), VOTER)

    assert 0 < len(between) < len(before)
    assert len(rows(await exported(eventful_database, tmp_path, format_))) == len(before)


async def test_jsonl_marks_excluded_votes_and_fast_ones(database: Database, tmp_path: Path) -> None:
    await decided(database, PlannedBattle((Vote.A, Vote.B)))
    await decided(database, PlannedBattle((Vote.A,)))
    await exclude(database)
    async with database.write() as connection:
        readable = battles.update().where(battles.c.battle_id == 1).values(readable_at=OPENED + 61)
        await connection.execute(readable)
    timed, untimed = (marks(row) for row in rows(await exported(database, tmp_path, Format.JSONL)))

    assert timed == [("model_a", True, True), ("model_b", False, True)]
    assert untimed == [("model_a", True, None)]
