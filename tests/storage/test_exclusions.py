from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from bot.arena.battles.closing import decide
from bot.arena.moderation.exclusions import Exclusions
from bot.arena.moderation.rulings import Rulings
from bot.arena.moderation.seasons import Seasons
from bot.domain.audit import Actor, AuditAction, Change
from bot.domain.battle import UnratedReason
from bot.domain.vote import Tally, Uncounted, Vote
from bot.errors import ArenaError
from bot.storage import battles, pair_recounts, recaps, votes
from bot.storage.recaps import Period
from bot.storage.schema import battle_categories
from bot.storage.schema import votes as vote_rows
from bot.storage.votes import StoredVote
from tests.arena.stored_battles import GUILD, NAMES, OPENED, asked, begun

if TYPE_CHECKING:
    from bot.domain.battle import Battle
    from bot.storage.database import Database
    from bot.storage.pair_recounts import Sums

BOSS = Actor(GUILD, 1)
TROLL, OTHERS = 500, range(600, 604)
NOW = OPENED + 120.0
DAY = 24 * 3600.0


async def cast(
    database: Database,
    battle: Battle,
    mine: Vote | None,
    *others: Vote,
    unclear: bool = False,
    uncounted: Uncounted | None = None,
) -> None:
    """Let the troll vote, or withdraw, or be unclear, and others after it."""
    rows = [
        StoredVote(
            battle.battle_id,
            TROLL,
            mine,
            unclear=unclear,
            member_ballot="||",
            changed_at=NOW,
            uncounted=uncounted,
        )
    ]
    rows += [
        StoredVote(battle.battle_id, member, vote, unclear=False, member_ballot="||", changed_at=NOW)
        for member, vote in zip(OTHERS, others, strict=False)
    ]
    async with database.write() as connection:
        await votes.save(connection, rows)


async def sums(database: Database) -> Sums:
    """Return the sums that are kept, which must be those of the votes."""
    async with database.read() as connection:
        stored = await pair_recounts.stored(connection, GUILD)
        assert stored == await pair_recounts.counted(connection, GUILD)
    return stored


async def tally(database: Database, battle: Battle) -> Tally:
    async with database.read() as connection:
        found = await battles.get(connection, GUILD, battle.battle_id)
    assert found
    return found.tally


def exclusions(database: Database) -> Exclusions:
    return Exclusions(database, lambda: NOW)


async def exclude(database: Database) -> None:
    await exclusions(database).exclude(BOSS, TROLL, "Trolling")


async def include(database: Database) -> None:
    await exclusions(database).include(BOSS, TROLL)


async def long_history(database: Database) -> list[Battle]:
    """Hold battles of all kinds over several days, seasons and categories."""
    random = Random(3)
    rulings, over = Rulings(database, lambda: NOW), Seasons(database, lambda: NOW)
    held: list[Battle] = []
    for number in range(80):
        a, b = random.sample(NAMES, 2)
        battle = await begun(database, a, b, unrated=random.choice([None, None, None, UnratedReason.LEAK]))
        held.append(battle)
        others = random.choices(list(Vote), k=random.randrange(4))
        unclear = random.random() < 0.1
        mine = None if unclear else random.choice([*Vote, None])
        uncounted = random.choice([None, None, None, Uncounted.ASKER])
        await cast(database, battle, mine, *others, unclear=unclear, uncounted=uncounted)
        async with database.write() as connection:
            for category in random.sample(["lang:en", "code", "long"], random.randrange(3)):
                row = {"battle_id": battle.battle_id, "category": category}
                await connection.execute(battle_categories.insert().values(row))
        await decide(database, battle, NOW + random.randrange(4) * DAY)
        if random.random() < 0.15:
            await rulings.void(BOSS, battle.battle_id, "A test")
        if number in {30, 60}:
            await over.end(BOSS, f"Season {number}")
    return held


async def test_an_excluded_vote_leaves_tally_and_sums(database: Database) -> None:
    battle = await begun(database)
    await cast(database, battle, Vote.A, Vote.A, Vote.B, Vote.TIE)
    await decide(database, battle, NOW)
    await exclude(database)
    (kept,) = (await sums(database)).by_season.values()

    assert await tally(database, battle) == Tally(a=1, b=1, tie=1)
    assert (kept.votes, kept.score, kept.battles) == (3, 1.5, 1)


async def test_a_battle_with_excluded_votes_alone_is_in_no_sum(database: Database) -> None:
    battle = await begun(database)
    await cast(database, battle, Vote.BOTH_BAD)
    await decide(database, battle, NOW)
    before = await sums(database)
    await exclude(database)
    between = await sums(database)
    await include(database)

    assert await sums(database) == before
    assert before.by_day
    assert not between.by_day
    assert not between.by_season


async def test_what_is_included_again_is_exactly_as_it_was(database: Database) -> None:
    held = await long_history(database)
    before, tallies = await sums(database), [await tally(database, battle) for battle in held]
    await exclude(database)
    between = await sums(database)
    without = [await tally(database, battle) for battle in held]
    await include(database)

    assert between != before
    assert sum(each.votes for each in without) < sum(each.votes for each in tallies)
    assert await sums(database) == before
    assert [await tally(database, battle) for battle in held] == tallies


async def test_every_tally_counts_what_is_not_marked(database: Database) -> None:
    held = await long_history(database)
    await exclude(database)

    for battle in held:
        async with database.read() as connection:
            found = await battles.get(connection, GUILD, battle.battle_id)
            counted = await votes.count(connection, battle.battle_id)
        assert found
        assert (found.tally, found.unclear, found.uncounted) == counted


async def test_votes_of_an_excluded_member_are_kept_and_count_later(database: Database) -> None:
    await exclude(database)
    battle = await begun(database)
    await cast(database, battle, Vote.A, Vote.B)
    await decide(database, battle, NOW)
    left_out = await tally(database, battle)
    await sums(database)
    await include(database)
    await sums(database)

    assert left_out == Tally(b=1)
    assert await tally(database, battle) == Tally(a=1, b=1)


async def test_an_open_battle_is_left_alone_until_it_is_decided(database: Database) -> None:
    battle = await begun(database)
    await cast(database, battle, Vote.A, Vote.B)
    await exclude(database)
    async with database.read() as connection:
        marked = (await connection.execute(vote_rows.select().where(vote_rows.c.excluded))).all()
    await decide(database, battle, NOW)

    assert not marked
    assert await tally(database, battle) == Tally(b=1)


async def test_who_is_included_before_the_end_counts(database: Database) -> None:
    battle = await begun(database)
    await cast(database, battle, Vote.A, Vote.B)
    await exclude(database)
    await include(database)
    await decide(database, battle, NOW)

    assert await tally(database, battle) == Tally(a=1, b=1)


async def test_a_voided_battle_comes_back_without_the_excluded_votes(database: Database) -> None:
    battle = await begun(database)
    await cast(database, battle, Vote.A, Vote.B)
    await decide(database, battle, NOW)
    rulings = Rulings(database, lambda: NOW)
    await rulings.void(BOSS, battle.battle_id, "A test")
    await exclude(database)
    await rulings.unvoid(BOSS, battle.battle_id)
    (kept,) = (await sums(database)).by_season.values()

    assert kept.votes == 1
    assert await tally(database, battle) == Tally(b=1)


async def test_another_guild_keeps_its_votes(database: Database) -> None:
    battle = await begun(database)
    await cast(database, battle, Vote.A)
    await decide(database, battle, NOW)
    before = await sums(database)
    await exclusions(database).exclude(Actor(GUILD + 1, 1), TROLL, "Trolling there")

    assert await sums(database) == before
    assert await tally(database, battle) == Tally(a=1)


async def test_a_battle_without_an_end_is_not_touched(database: Database) -> None:
    battle = await asked(database)
    await cast(database, battle, None)
    await exclude(database)
    await include(database)

    assert await tally(database, battle) == Tally()


async def test_nobody_is_excluded_twice_or_included_for_nothing(database: Database) -> None:
    with pytest.raises(ArenaError, match="not excluded"):
        await include(database)
    await exclude(database)
    with pytest.raises(ArenaError, match="excluded already"):
        await exclude(database)
    (kept,) = await exclusions(database).of(GUILD)

    assert (kept.user_id, kept.reason, kept.actor_id) == (TROLL, "Trolling", 1)


async def test_both_are_audited_with_the_number_of_votes(database: Database) -> None:
    for vote in (Vote.A, Vote.TIE, None):
        battle = await begun(database)
        await cast(database, battle, vote, Vote.B)
        await decide(database, battle, NOW)
    out = await exclusions(database).exclude(BOSS, TROLL, "Trolling")
    back = await exclusions(database).include(BOSS, TROLL)

    member, number = Change("member", None, str(TROLL)), Change("votes", None, "2")
    assert (out.action, out.changes) == (
        AuditAction.EXCLUDED,
        (member, number, Change("reason", None, "Trolling")),
    )
    assert (back.action, back.changes) == (AuditAction.INCLUDED, (member, number))


async def test_a_recap_counts_no_excluded_voter(database: Database) -> None:
    battle = await begun(database)
    await cast(database, battle, Vote.A, Vote.B)
    await decide(database, battle, NOW)
    await exclude(database)
    async with database.read() as connection:
        figures = await recaps.figures(connection, Period(GUILD, OPENED, NOW + 1))

    assert (figures.votes, figures.voters) == (1, 1)


async def test_a_vote_that_the_rules_leave_out_stays_out_when_its_member_comes_back(
    database: Database,
) -> None:
    battle = await begun(database)
    await cast(database, battle, Vote.A, Vote.B, uncounted=Uncounted.NEW_MEMBER)
    await decide(database, battle, NOW)
    await exclude(database)
    await include(database)

    assert await tally(database, battle) == Tally(b=1)
    await sums(database)
