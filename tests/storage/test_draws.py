"""Drawings of battles, and what those that are decided add up to."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from bot.arena.battles.closing import call_off, decide
from bot.arena.moderation.rulings import Rulings
from bot.domain.audit import Actor
from bot.domain.battle import VoidReason
from bot.domain.draws import WHOLE, Drawing, Draws, ServerDraws
from bot.domain.model import Model
from bot.domain.vote import Vote
from bot.storage import battles, draw_recounts, draws, models, votes
from bot.storage.database import open_database
from bot.storage.votes import StoredVote
from tests.arena.stored_battles import GUILD, OPENED, begun
from tests.storage.test_migrations import make

if TYPE_CHECKING:
    from pathlib import Path

    from bot.domain.battle import Battle
    from bot.storage.database import Database
    from bot.storage.draw_recounts import DrawSums

NOW = OPENED + 120
CHANCES = {1: WHOLE * 8 // 10, 2: WHOLE * 7 // 10, 3: WHOLE * 5 // 10}


async def drawn(database: Database, a: int = 1, b: int = 2, *, known: bool = True) -> Battle:
    """Add a battle that is open for votes, between models that were drawn."""
    battle = await begun(database)
    async with database.write() as connection:
        await draws.add(connection, battle.battle_id, Drawing(a, b, CHANCES if known else None))
    return battle


async def vote(database: Database, battle: Battle, *cast: Vote) -> None:
    rows = [
        StoredVote(battle.battle_id, 100 + n, each, unclear=False, member_ballot="", changed_at=NOW)
        for n, each in enumerate(cast)
    ]
    async with database.write() as connection:
        await votes.save(connection, rows)


async def void(database: Database, battle: Battle) -> None:
    async with database.write() as connection:
        await call_off(connection, battle.battle_id, VoidReason.MESSAGE_GONE, NOW)


async def sums(database: Database) -> DrawSums:
    async with database.read() as connection:
        return await draw_recounts.stored(connection, GUILD)


async def recount(database: Database) -> DrawSums:
    async with database.read() as connection:
        return await draw_recounts.counted(connection, GUILD)


async def test_nothing_is_counted_before_the_battle_is_decided(database: Database) -> None:
    battle = await drawn(database)
    open_sums = await sums(database)
    await decide(database, battle, NOW)

    assert open_sums == draw_recounts.DrawSums({}, ServerDraws())
    assert (await sums(database)).server == ServerDraws(OPENED, drawn=1, battles=1, first_on_a=1)


async def test_a_battle_is_counted_once_however_it_ends(database: Database) -> None:
    closed, voided = await drawn(database), await drawn(database, 2, 3)
    for _ in range(2):
        await decide(database, closed, NOW)
        await void(database, voided)
        await decide(database, voided, NOW)
        await void(database, closed)
    found = await sums(database)

    assert found.server == ServerDraws(OPENED, drawn=2, battles=2, first_on_a=2, called_off=1)
    assert [found.models[model].drawn for model in (1, 2, 3)] == [1, 2, 1]
    assert [found.models[model].expected for model in (1, 2, 3)] == [2 * CHANCES[each] for each in (1, 2, 3)]


async def test_the_side_that_most_voted_for_won(database: Database) -> None:
    for cast in ((Vote.A,), (Vote.B, Vote.B, Vote.A), (Vote.A, Vote.B), (Vote.TIE,), ()):
        battle = await drawn(database)
        await vote(database, battle, *cast)
        await decide(database, battle, NOW)
    server = (await sums(database)).server

    assert (server.wins_a, server.wins_b) == (1, 1)


async def test_a_battle_whose_chances_nobody_kept_is_a_seat_but_no_draw(database: Database) -> None:
    await decide(database, await drawn(database, known=False), NOW)
    found = await sums(database)

    assert found.models == {1: Draws(seats=1, seats_a=1), 2: Draws(seats=1)}
    assert found.server == ServerDraws(battles=1, first_on_a=1)


async def test_a_model_that_was_removed_meanwhile_keeps_no_battle_from_its_end(database: Database) -> None:
    battle = await drawn(database)
    async with database.write() as connection:
        await draws.amend(
            connection, battle.battle_id, Drawing(1, 2, failed=frozenset({3}), stepped_in=frozenset({9}))
        )
        await models.remove(connection, 3)
    await decide(database, battle, NOW)

    assert (await sums(database)).models.keys() == {1, 2}
    assert await sums(database) == await recount(database)


async def test_the_sums_equal_a_recount_whatever_happens_to_battles(database: Database) -> None:
    random, rulings = Random(4), Rulings(database, lambda: NOW)
    for number in range(60):
        battle = await (
            drawn(database, *random.sample((1, 2, 3), 2), known=number > 20)
            if random.random() < 0.9
            else begun(database)
        )
        await vote(database, battle, *random.choices(list(Vote), k=random.randrange(4)))
        async with database.write() as connection:
            if random.random() < 0.3:
                await draws.add_failure(connection, battle.battle_id, random.choice((1, 2, 3)))
        if random.random() < 0.2:
            await void(database, battle)
        elif random.random() < 0.9:
            await decide(database, battle, NOW)
            if random.random() < 0.4:
                await rulings.void(Actor(GUILD, 7), battle.battle_id, "cheating")
                if random.random() < 0.3:
                    await rulings.unvoid(Actor(GUILD, 7), battle.battle_id)
    found = await sums(database)

    assert found == await recount(database)
    assert found.server.taken_out > 0
    assert sum(each.failed for each in found.models.values()) > 0


async def test_what_was_counted_meanwhile_stays_when_sums_are_corrected(database: Database) -> None:
    await decide(database, await drawn(database), NOW)
    right = await sums(database)
    wrong = draw_recounts.DrawSums({3: Draws(drawn=7)}, replace(right.server, drawn=99, since=1.0))
    async with database.write() as connection:
        await draw_recounts.correct(connection, GUILD, right, wrong)
    spoilt = await sums(database)
    await decide(database, await drawn(database), NOW)
    async with database.write() as connection:
        await draw_recounts.correct(connection, GUILD, wrong, right)

    assert spoilt == wrong
    assert await sums(database) == await recount(database)
    assert (await sums(database)).server.since == OPENED


async def test_a_recount_rounds_every_variance_as_the_draw_did(database: Database) -> None:
    for chance in (0, 1, 49_999, 50_000, 50_001, 150_000, 333_333_333, 999_950_000, WHOLE):
        battle = await begun(database)
        async with database.write() as connection:
            drawing = Drawing(1, 2, {1: chance, 2: WHOLE - chance, 3: 7})
            await draws.add(connection, battle.battle_id, drawing)
        await decide(database, battle, NOW)

        assert await sums(database) == await recount(database)


BEFORE = """
    insert into guilds values (10, 1.0);
    insert into models (model_id, guild_id, name, created_at) values (1, 10, 'A', 1.0), (2, 10, 'B', 1.0);
    insert into battles (battle_id, guild_id, channel_id, asker_id, prompt, locale, state, voided, opened_at,
        drawn_probability, votes_a, votes_b, votes_tie) values
        (1, 10, 20, 40, 'Why?', 'en', 'closed', null, 5.0, 1.0, 2, 1, 0),
        (2, 10, 20, 40, 'Why?', 'en', 'closed', null, 6.0, 1.0, 1, 1, 0),
        (3, 10, 20, 40, 'Why?', 'en', 'voided', 'moderator', 7.0, 1.0, 0, 3, 1),
        (4, 10, 20, 40, 'Why?', 'en', 'voided', 'restarted', 8.0, 1.0, 0, 0, 0),
        (5, 10, 20, 40, 'Why?', 'en', 'voting', null, 9.0, 1.0, 0, 0, 0);
    insert into contestants (battle_id, side, model_id) values
        (1, 'a', 1), (1, 'b', 2), (2, 'a', 2), (2, 'b', 1), (3, 'a', 2), (3, 'b', 1),
        (4, 'a', 1), (4, 'b', 2), (5, 'a', 2), (5, 'b', 1);
    insert into votes (battle_id, user_id, vote, unclear, paper, changed_at) values
        (1, 101, 'a', 0, '', 5.0), (1, 102, 'a', 0, '', 5.0), (1, 103, 'b', 0, '', 5.0),
        (2, 101, 'a', 0, '', 6.0), (2, 102, 'b', 0, '', 6.0),
        (3, 101, 'b', 0, '', 7.0), (3, 102, 'b', 0, '', 7.0), (3, 103, 'b', 0, '', 7.0),
        (3, 104, 'tie', 0, '', 7.0);
"""


async def test_what_is_known_of_earlier_battles_is_counted_and_open_ones_later(tmp_path: Path) -> None:
    path = tmp_path / "arena.sqlite3"
    make(path, "0004")
    with closing(sqlite3.connect(path)) as old:
        old.executescript(BEFORE)
    async with open_database(path) as database:
        found, counted = await sums(database), await recount(database)
        async with database.read() as connection:
            battle = await battles.get(connection, GUILD, 5)
        assert battle
        await decide(database, battle, NOW)
        later = await sums(database)

    assert found == counted
    assert found.models == {
        1: Draws(seats=4, seats_a=2, taken_out=1),
        2: Draws(seats=4, seats_a=2, taken_out=1),
    }
    assert found.server == ServerDraws(battles=4, first_on_a=2, wins_a=1, wins_b=1, called_off=1, taken_out=1)
    assert later.server.battles == 5
    assert later.models[2].seats_a == 3


async def test_the_chances_of_a_model_that_was_removed_are_not_another_s(database: Database) -> None:
    early, late = await begun(database), await begun(database)
    async with database.write() as connection:
        guest = await models.add(connection, Model(0, GUILD, "Guest", settings="{}"), OPENED)
        for battle in (early, late):
            await draws.add(connection, battle.battle_id, Drawing(1, 2, {**CHANCES, guest: WHOLE // 10}))
    await decide(database, early, NOW)
    async with database.write() as connection:
        await draws.forget(connection, guest)
        await models.remove(connection, guest)
        newcomer = await models.add(connection, Model(0, GUILD, "Newcomer", settings="{}"), NOW)
    await decide(database, late, NOW)

    assert newcomer not in (await sums(database)).models
    assert await sums(database) == await recount(database)
