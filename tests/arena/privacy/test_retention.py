from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from bot.arena.battles.closing import call_off
from bot.arena.privacy.retention import Retention
from bot.arena.settings import guild_settings
from bot.config import BattleDefaults
from bot.domain.battle import Answer, Turn, UnratedReason, VoidReason
from bot.domain.vote import Vote
from bot.storage import battle_texts, battles, pair_recounts
from tests.exports.history import GUILD, OPENED, PlannedBattle, decided, held

if TYPE_CHECKING:
    from bot.domain.battle import Battle
    from bot.storage.database import Database

DAY = 24 * 3600
CLOSED = OPENED + 120.0


def retention(database: Database, now: float, days: int = 0) -> Retention:
    return Retention(database, BattleDefaults(retention_days=days), lambda: now)


async def set_days(database: Database, days: int | None) -> None:
    async with database.write() as connection:
        settings = await guild_settings.read(connection, GUILD)
        await guild_settings.write(connection, GUILD, msgspec.structs.replace(settings, retention_days=days))


async def found(database: Database, battle: Battle) -> Battle:
    async with database.read() as connection:
        read = await battles.get(connection, GUILD, battle.battle_id)
    assert read
    return read


async def has_texts(database: Database, battle: Battle) -> bool:
    return (await found(database, battle)).texts_removed_at is None


async def test_what_is_old_enough_loses_its_texts_and_nothing_else(database: Database) -> None:
    told = PlannedBattle(
        (Vote.A, Vote.B),
        leak="I am Zephyrine",
        unrated=UnratedReason.LEAK,
        turns=[Turn(2, "And?", Answer("So."), Answer("So so."))],
    )
    battle = await decided(database, told)
    now = CLOSED + 7 * DAY + 1
    await retention(database, now, days=7).sweep()
    after = await found(database, battle)

    assert (after.prompt, after.a.reply, after.b.reply, after.turns) == ("", "", "", ())
    assert (after.a.leak, after.unrated) == (None, UnratedReason.LEAK)
    assert after.texts_removed_at == now
    assert after.tally == battle.tally
    assert (after.asker_id, after.a.output_tokens, after.a.cost) == (battle.asker_id, 3, 0.5)


@pytest.mark.parametrize(("passed", "is_kept"), [(7 * DAY - 1, True), (7 * DAY + 1, False)])
async def test_the_days_begin_when_a_battle_ends(database: Database, passed: float, *, is_kept: bool) -> None:
    battle = await decided(database)
    await retention(database, CLOSED + passed, days=7).sweep()

    assert await has_texts(database, battle) is is_kept


@pytest.mark.parametrize(
    ("default", "own", "is_kept"),
    [(0, None, True), (0, 1, False), (1, None, False), (1, 0, True), (1, 3650, True), (3650, 1, False)],
)
async def test_a_server_s_own_days_go_before_the_operator_s(
    database: Database, default: int, own: int | None, *, is_kept: bool
) -> None:
    battle = await decided(database)
    await set_days(database, own)
    await retention(database, CLOSED + 2 * DAY, days=default).sweep()

    assert await has_texts(database, battle) is is_kept


async def test_an_open_battle_keeps_its_texts(database: Database) -> None:
    battle = await held(database, PlannedBattle())
    await retention(database, OPENED + 9 * DAY, days=1).sweep()

    assert await has_texts(database, battle)


async def test_a_battle_that_was_called_off_loses_its_texts_too(database: Database) -> None:
    battle = await held(database, PlannedBattle())
    async with database.write() as connection:
        await call_off(connection, battle.battle_id, VoidReason.MESSAGE_GONE, CLOSED)
    await retention(database, CLOSED + 2 * DAY, days=1).sweep()

    assert not await has_texts(database, battle)


async def test_more_than_one_batch_is_deleted(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(battle_texts, "BATCH", 2)
    held_ones = [await decided(database) for _ in range(5)]
    await retention(database, CLOSED + 2 * DAY, days=1).sweep()

    assert not [battle for battle in held_ones if await has_texts(database, battle)]


async def test_the_sums_still_equal_the_votes(database: Database) -> None:
    await decided(database, PlannedBattle((Vote.A, Vote.A, Vote.TIE), categories=frozenset({"code"})))
    async with database.read() as connection:
        before = await pair_recounts.counted(connection, GUILD)
    await retention(database, CLOSED + 2 * DAY, days=1).sweep()
    async with database.read() as connection:
        assert (
            await pair_recounts.counted(connection, GUILD)
            == await pair_recounts.stored(connection, GUILD)
            == before
        )
