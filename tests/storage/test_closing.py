from __future__ import annotations

import asyncio
from random import Random
from typing import TYPE_CHECKING

from bot.arena.battles.closing import call_off, decide
from bot.domain.battle import BattleState, UnratedReason, VoidReason
from bot.domain.pair_sums import OVERALL, PairSums, Scope
from bot.domain.vote import Tally, Vote
from bot.storage import pair_recounts, pairs, votes
from bot.storage.votes import StoredVote
from tests.arena.stored_battles import GUILD, NAMES, OPENED, asked, begun

if TYPE_CHECKING:
    from bot.domain.battle import Battle
    from bot.storage.database import Database

NOW = OPENED + 120.0


async def cast(database: Database, battle: Battle, *cast_votes: Vote | None, unclear: int = 0) -> None:
    """Let members vote; `None` is a vote taken back."""
    rows = [
        StoredVote(battle.battle_id, 1000 + member, vote, unclear=False, member_ballot="||", changed_at=NOW)
        for member, vote in enumerate(cast_votes)
    ]
    rows += [
        StoredVote(battle.battle_id, 5000 + member, None, unclear=True, member_ballot="|a,b|", changed_at=NOW)
        for member in range(unclear)
    ]
    async with database.write() as connection:
        await votes.save(connection, rows)


async def running_sums(database: Database) -> dict[tuple[int, int], PairSums]:
    async with database.read() as connection:
        return await pairs.load(connection, GUILD, Scope(season=1))


async def recounted(database: Database) -> dict[tuple[int, int], PairSums]:
    async with database.read() as connection:
        counted = await pair_recounts.counted(connection, GUILD)
    return {(i, j): sums for (category, _, i, j), sums in counted.by_season.items() if category == OVERALL}


async def void(database: Database, battle: Battle) -> bool:
    async with database.write() as connection:
        return await call_off(connection, battle.battle_id, VoidReason.MESSAGE_GONE, NOW)


async def test_a_decision_fixes_the_tally_and_counts_the_unclear(database: Database) -> None:
    battle = await begun(database)
    await cast(database, battle, Vote.A, Vote.A, Vote.TIE, None, unclear=2)
    decided = await decide(database, battle, NOW)

    assert decided
    assert decided.state is BattleState.CLOSED
    assert decided.tally == Tally(a=2, tie=1)
    assert decided.unclear == 2
    assert decided.closed_at == NOW


async def test_a_battle_is_decided_once(database: Database) -> None:
    battle = await begun(database)
    await cast(database, battle, Vote.A)
    both = await asyncio.gather(decide(database, battle, NOW), decide(database, battle, NOW))

    assert [result is None for result in both].count(True) == 1
    assert [sums.votes for sums in (await running_sums(database)).values()] == [1]


async def test_a_battle_is_voided_once(database: Database) -> None:
    battle = await begun(database)

    assert await void(database, battle)
    assert not await void(database, battle)


async def test_a_voided_battle_cannot_be_decided(database: Database) -> None:
    battle = await begun(database)
    await cast(database, battle, Vote.A)
    await void(database, battle)

    assert await decide(database, battle, NOW) is None
    assert await running_sums(database) == {}


async def test_a_decided_battle_cannot_be_voided(database: Database) -> None:
    battle = await begun(database)
    await decide(database, battle, NOW)

    assert not await void(database, battle)


async def test_a_battle_whose_models_still_write_cannot_be_decided(database: Database) -> None:
    battle = await asked(database)

    assert await decide(database, battle, NOW) is None


async def test_an_unrated_battle_keeps_its_votes_and_moves_nothing(database: Database) -> None:
    battle = await begun(database, unrated=UnratedReason.LEAK)
    await cast(database, battle, Vote.A, Vote.A)
    decided = await decide(database, battle, NOW)

    assert decided
    assert decided.tally == Tally(a=2)
    assert decided.a.rating_before == decided.a.rating_after
    assert await running_sums(database) == {}


async def test_ratings_are_recorded_as_before_and_after(database: Database) -> None:
    first = await begun(database)
    await cast(database, first, Vote.A, Vote.A, Vote.A)
    once = await decide(database, first, NOW)
    second = await begun(database)
    await cast(database, second, Vote.B)
    twice = await decide(database, second, NOW)

    assert once
    assert twice
    assert once.a.rating_before == 1000.0
    assert once.a.rating_after == twice.a.rating_before
    assert once.b.rating_after == twice.b.rating_before


ROOT = round(2**20 * 2**0.5) / 2**20
"""What a battle of two votes weighs."""


async def test_the_sums_are_the_same_whichever_side_a_model_was_on(database: Database) -> None:
    straight = await begun(database, NAMES[0], NAMES[1])
    await cast(database, straight, Vote.A, Vote.TIE)
    await decide(database, straight, NOW)
    sides_changed = await begun(database, NAMES[1], NAMES[0])
    await cast(database, sides_changed, Vote.B, Vote.TIE)
    await decide(database, sides_changed, NOW)
    (sums,) = (await running_sums(database)).values()

    assert sums == PairSums(
        votes=4,
        score=3.0,
        weight=2 * ROOT,
        weighted=2 * (ROOT - round(2**20 / 2 / 2**0.5) / 2**20),
        squares=2.25,
        u=8,
        wins_i=2,
        wins_j=0,
        ties=2,
        both_bad=0,
        battles=2,
    )


async def test_the_running_sums_equal_a_recount_of_all_votes(database: Database) -> None:
    random = Random(4)
    for _ in range(60):
        a, b = random.sample(NAMES, 2)
        unrated = random.choice([None, None, UnratedReason.LEAK])
        battle = await begun(database, a, b, unrated=unrated)
        choices = [*Vote, None]
        await cast(
            database, battle, *random.choices(choices, k=random.randrange(6)), unclear=random.randrange(2)
        )
        if random.random() < 0.2:
            await void(database, battle)
        await decide(database, battle, NOW)
    sums = await running_sums(database)

    assert len(sums) == 3
    assert sums == await recounted(database)
