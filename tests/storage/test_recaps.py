from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.arena.battles.closing import call_off, decide
from bot.domain.battle import UnratedReason, VoidReason
from bot.domain.vote import Vote
from bot.storage import recaps, rulings, votes
from bot.storage.recaps import Period, RecapFigures
from bot.storage.schema import battle_categories
from bot.storage.votes import StoredVote
from tests.arena.stored_battles import GUILD, NAMES, OPENED, begun

if TYPE_CHECKING:
    from bot.storage.database import Connection, Database

WEEK = 7 * 24 * 3600.0
HERE = Period(GUILD, OPENED, OPENED + WEEK)


async def decided(
    database: Database,
    a: int = 0,
    b: int = 0,
    tie: int = 0,
    bad: int = 0,
    *,
    at: float = OPENED,
    between: tuple[str, str] = NAMES[:2],
    unrated: UnratedReason | None = None,
) -> int:
    """Decide a battle with so many votes of members 0, 1, 2 …; returns its number."""
    battle = await begun(database, *between, unrated=unrated)
    cast = [Vote.A] * a + [Vote.B] * b + [Vote.TIE] * tie + [Vote.BOTH_BAD] * bad
    rows = [
        StoredVote(battle.battle_id, member, vote, unclear=False, member_ballot="", changed_at=at)
        for member, vote in enumerate(cast)
    ]
    async with database.write() as connection:
        await votes.save(connection, rows)
    assert await decide(database, battle, at)
    return battle.battle_id


async def closest(database: Database) -> int | None:
    async with database.read() as connection:
        return await recaps.closest(connection, HERE)


async def most_argued(database: Database) -> int | None:
    async with database.read() as connection:
        return await recaps.most_argued(connection, HERE)


async def figures(database: Database) -> RecapFigures:
    async with database.read() as connection:
        return await recaps.figures(connection, HERE)


async def test_the_closest_battle_has_the_smallest_share_between_its_sides(database: Database) -> None:
    await decided(database, a=3, b=1)
    close = await decided(database, a=5, b=4)
    await decided(database, a=2, b=1)

    assert await closest(database) == close


async def test_of_two_even_battles_the_one_with_more_votes_is_closest(database: Database) -> None:
    await decided(database, a=1, b=1)
    busy = await decided(database, a=3, b=3)
    await decided(database, a=2, b=2)

    assert await closest(database) == busy


async def test_a_split_vote_is_closer_than_as_many_ties(database: Database) -> None:
    split = await decided(database, a=2, b=2)
    await decided(database, tie=4)

    assert await closest(database) == split


async def test_one_vote_both_bad_or_an_unrated_battle_is_never_close(database: Database) -> None:
    await decided(database, tie=1, bad=1)
    await decided(database, bad=6)
    await decided(database, a=2, b=2, unrated=UnratedReason.LEAK)

    assert await closest(database) is None


async def test_the_most_argued_battle_has_most_votes(database: Database) -> None:
    await decided(database, a=1, b=1, tie=1, bad=1)
    loud = await decided(database, a=5)
    await decided(database, a=2, b=1)

    assert await most_argued(database) == loud


async def test_of_as_many_votes_the_most_evenly_split_are_most_argued(database: Database) -> None:
    await decided(database, a=2, b=2)
    spread = await decided(database, a=1, b=1, tie=1, bad=1)
    await decided(database, a=4)

    assert await most_argued(database) == spread


async def test_one_vote_is_no_argument(database: Database) -> None:
    await decided(database, a=1)

    assert await most_argued(database) is None


async def test_the_figures_count_each_member_and_each_model_once(database: Database) -> None:
    await decided(database, a=2)
    await decided(database, a=1, b=2, between=(NAMES[1], NAMES[2]))
    await decided(database)

    assert await figures(database) == RecapFigures(battles=3, votes=5, voters=3, models=3)


@pytest.mark.parametrize("at", [OPENED - 1, OPENED + WEEK])
async def test_what_lies_outside_the_week_does_not_count(database: Database, at: float) -> None:
    await decided(database, a=2, b=2, at=at)

    assert await figures(database) == RecapFigures()
    assert await closest(database) is None
    assert await most_argued(database) is None


async def test_a_battle_that_was_called_off_or_taken_out_does_not_count(database: Database) -> None:
    called_off = await begun(database)
    taken_out = await decided(database, a=2, b=2)
    async with database.write() as connection:
        await call_off(connection, called_off.battle_id, VoidReason.MESSAGE_GONE, OPENED)
        await rulings.take_out(connection, taken_out, "cheating")

    assert await figures(database) == RecapFigures()
    assert await closest(database) is None


async def test_the_categories_with_most_battles_come_first(database: Database) -> None:
    held = [await decided(database) for _ in range(3)]
    async with database.write() as connection:
        for battle_id in held:
            await _put_in(connection, battle_id, "lang:en")
        await _put_in(connection, held[0], "code")
        await _put_in(connection, held[1], "code")
        await _put_in(connection, held[2], "math")
    async with database.read() as connection:
        found = await recaps.categories(connection, HERE, 2)

    assert found == [("lang:en", 3), ("code", 2)]


async def _put_in(connection: Connection, battle_id: int, category: str) -> None:
    await connection.execute(battle_categories.insert().values(battle_id=battle_id, category=category))
