"""Battles that were held elsewhere: what is stored of them, and what they change of the server's own."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.domain.battle import Answer, Turn
from bot.domain.exported_battle import CastVote, ImportedBattle
from bot.domain.model import Model, ModelState
from bot.domain.pair_sums import Scope
from bot.domain.vote import LOWEST_NOBODY, Vote, is_nobody, stranger
from bot.storage import (
    battle_texts,
    draw_recounts,
    history,
    imports,
    left_guilds,
    models,
    pair_recounts,
    pairs,
    rated_votes,
    recaps,
    seasons,
    usage,
    voters,
)
from bot.storage.imports import AddedBattles
from bot.storage.recaps import Period
from bot.storage.schema import metadata
from tests.exports.history import GUILD, NAMES, OPENED, PlannedBattle, decided

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.storage.database import Connection, Database
    from bot.storage.seasons import ImportedSeason

KEY = b"key"
NOW = OPENED + 3600
ORIGIN = "fastchat"


def told(
    number: int, ids: Sequence[int], votes: Sequence[Vote], *, prompt: str | None = "Why?"
) -> ImportedBattle:
    return ImportedBattle(
        source_id=f"battle {number}",
        model_a=ids[number % len(ids)],
        model_b=ids[(number + 1) % len(ids)],
        asker_id=stranger(KEY, "asker"),
        opened_at=OPENED + 60,
        closed_at=OPENED + 120,
        locale="en",
        categories=frozenset({"code"} if number % 2 else ()),
        prompt=prompt,
        replies=("A", "B") if prompt else ("", ""),
        turns=(Turn(2, "And?", Answer("C"), Answer("D")),) if number == 0 else (),
        votes={stranger(KEY, f"voter {each}"): CastVote(vote, OPENED) for each, vote in enumerate(votes)},
    )


async def begun(connection: Connection, name: str = "Elsewhere") -> tuple[ImportedSeason, list[int]]:
    """Add a season, and the models that are only known from there; returns all models."""
    for number in range(3):
        model = Model(0, GUILD, f"Elder {number}", ModelState.RETIRED, origin=ORIGIN)
        if model.name not in (await models.names(connection, GUILD)).values():
            await models.add(connection, model, NOW)
    season = await seasons.add_imported(connection, GUILD, name, NOW)
    return season, sorted(await models.names(connection, GUILD))


async def check_sums(connection: Connection) -> None:
    """Compare every stored sum with its recount."""
    assert await pair_recounts.stored(connection, GUILD) == await pair_recounts.counted(connection, GUILD)
    assert await draw_recounts.stored(connection, GUILD) == await draw_recounts.counted(connection, GUILD)


def random_battles(random: Random, ids: Sequence[int]) -> list[ImportedBattle]:
    return [told(number, ids, random.choices([*Vote], k=random.randrange(1, 9))) for number in range(40)]


@pytest.mark.parametrize("seed", range(3))
async def test_every_sum_equals_its_recount_whatever_is_imported_in_which_parts(
    database: Database, seed: int
) -> None:
    random = Random(seed)
    await decided(database, PlannedBattle((Vote.A, Vote.TIE)))
    async with database.write() as connection:
        season, ids = await begun(connection)
        whole = random_battles(random, ids)
        for _ in range(4):
            part = [
                replace(each, votes=dict(random.sample([*each.votes.items()], k=1)))
                for each in random.sample(whole, k=15)
            ]
            await imports.add(connection, season, ORIGIN, part, NOW)
            await check_sums(connection)
        await imports.add(connection, season, ORIGIN, whole, NOW)
        await check_sums(connection)
        again = await imports.add(connection, season, ORIGIN, whole, NOW)
        await check_sums(connection)
        sums = await pairs.load(connection, GUILD, Scope(season=season.number))
    await decided(database, PlannedBattle((Vote.B,)))
    async with database.read() as connection:
        await check_sums(connection)
        own = await pairs.load_current(connection, GUILD)

    cast = sum(len(each.votes) for each in whole)
    assert again == AddedBattles(0, 0, cast)
    assert sum(each.votes for each in sums.values()) == cast
    assert sum(each.battles for each in sums.values()) == len(whole)
    assert sum(each.votes for each in own.values()) == 3


async def test_an_imported_season_is_over_and_the_one_under_way_keeps_its_number(database: Database) -> None:
    async with database.write() as connection:
        await models.ensure(connection, GUILD, NAMES, OPENED)
        first, _ = await begun(connection)
        second, _ = await begun(connection, "Long ago")
        found = await seasons.imported(connection, GUILD, "Long ago")
        current = await seasons.current(connection, GUILD)
        await seasons.end(connection, GUILD, seasons.Season(current, "Ours", NOW))
        third, _ = await begun(connection, "Longer ago")
        later = await seasons.current(connection, GUILD)
        ended = [season.name for season in await seasons.ended(connection, GUILD)]
        none = await seasons.imported(connection, GUILD, "Ours")

    assert (first.number, second.number, third.number) == (0, -1, -2)
    assert found == second
    assert none is None
    assert (current, later) == (1, 2)
    assert ended == ["Ours", "Elsewhere", "Long ago", "Longer ago"]


async def test_what_was_imported_to_one_season_is_not_added_to_another(database: Database) -> None:
    async with database.write() as connection:
        await models.ensure(connection, GUILD, NAMES, OPENED)
        season, ids = await begun(connection)
        await imports.add(connection, season, ORIGIN, [told(0, ids, [Vote.A])], NOW)
        other, _ = await begun(connection, "Twice")
        added = await imports.add(connection, other, ORIGIN, [told(0, ids, [Vote.A, Vote.B])], NOW)
        everything = await pairs.load(connection, GUILD, Scope())
        await check_sums(connection)

    assert added == AddedBattles(0, 0, 2)
    assert sum(each.votes for each in everything.values()) == 1


async def test_imported_battles_are_not_among_the_server_s_own(database: Database) -> None:
    await decided(database, PlannedBattle((Vote.A,)))
    async with database.write() as connection:
        season, ids = await begun(connection)
        await imports.add(connection, season, ORIGIN, random_battles(Random(1), ids), NOW)
        past = await history.past(connection, GUILD, most=50)
        of_model = await history.past(connection, GUILD, model_id=ids[0], most=50)
        latest = await history.latest(connection, GUILD, voided=False, most=50)
        figures = await recaps.figures(connection, Period(GUILD, OPENED - 1, NOW))
        old = await battle_texts.older_than(connection, GUILD, NOW)
        used = await usage.used_since(connection, GUILD, OPENED)
        days = await pairs.days(connection, GUILD, Scope())
        steps = await pairs.load_steps(connection, GUILD, Scope(), first_day=0, last_day=10**6, step=10**7)
        weighed = [row async for batch in rated_votes.rated_votes(connection, GUILD) for row in batch]
        week = await voters.count(connection, GUILD, Scope(since_day=0))
        held_here = await pairs.load(connection, GUILD, Scope(held_here=True))

    own = [battle.battle_id for battle in past]
    assert len(own) == 1
    assert [battle.battle_id for battle in of_model] == own
    assert [battle.battle_id for battle in latest] == own
    assert list(old) == own
    assert (figures.battles, figures.votes, figures.voters, used.battles) == (1, 1, 1, 1)
    assert days is not None
    assert days[0] == days[1]
    assert [sums.votes for sums in steps[0].values()] == [1]
    assert [sums.votes for sums in held_here.values()] == [1]
    assert len(weighed) == week == 1


async def test_voters_of_other_places_are_neither_members_nor_forgotten(database: Database) -> None:
    strangers = {stranger(KEY, str(number)) for number in range(1000)}
    async with database.write() as connection:
        await models.ensure(connection, GUILD, NAMES, OPENED)
        season, ids = await begun(connection)
        await imports.add(connection, season, ORIGIN, [told(0, ids, [Vote.A, Vote.B, Vote.TIE])], NOW)
        counted = await voters.count(connection, GUILD, Scope(season=season.number))

    assert len(strangers) == 1000
    assert all(-(2**63) <= voter < LOWEST_NOBODY and not is_nobody(voter) for voter in strangers)
    assert stranger(KEY, "1") != stranger(b"another", "1")
    assert counted == 3


async def test_a_battle_without_texts_says_so(database: Database) -> None:
    async with database.write() as connection:
        await models.ensure(connection, GUILD, NAMES, OPENED)
        season, ids = await begun(connection)
        told_of = [told(0, ids, [Vote.A], prompt=None), told(1, ids, [Vote.A])]
        await imports.add(connection, season, ORIGIN, told_of, NOW)
        table = metadata.tables["battles"]
        rows = (
            await connection.execute(
                select(table.c.prompt, table.c.texts_removed_at, table.c.redrawn_at, table.c.origin)
            )
        ).all()

    assert [tuple(row) for row in rows] == [("", NOW, NOW, ORIGIN), ("Why?", None, NOW, ORIGIN)]


async def test_a_server_that_is_deleted_takes_its_imports_with_it(database: Database) -> None:
    async with database.write() as connection:
        await models.ensure(connection, GUILD, NAMES, OPENED)
        season, ids = await begun(connection)
        await imports.add(connection, season, ORIGIN, random_battles(Random(1), ids), NOW)
        while await left_guilds.purge_battles(connection, GUILD):
            pass
        await left_guilds.purge(connection, GUILD)
        left = {
            table.name
            for table in metadata.sorted_tables
            if (await connection.execute(select(table).limit(1))).first() is not None
        }

    assert left == set()
