from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.arena.battles.closing import decide
from bot.arena.moderation import cast_votes
from bot.arena.moderation.exclusions import Exclusions
from bot.arena.moderation.vote_audits import FRESH_SECONDS, Audits, Manner, Pace
from bot.domain.audit import Actor
from bot.domain.battle import BattleState, Side, UnratedReason
from bot.domain.vote import Vote
from bot.storage import battles, rated_votes, votes
from bot.storage.votes import StoredVote
from tests.arena.stored_battles import GUILD, NAMES, OPENED, asked
from tests.storage.cuts import Cuts, DatabaseFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bot.domain.battle import Battle
    from bot.storage.database import Database

HONEST, TROLL, HURRIED = range(100, 106), 200, 300
READABLE_AT = OPENED + 30.0


class AuditClock:
    now = OPENED

    def __call__(self) -> float:
        return self.now


async def held(
    database: Database,
    cast: Mapping[int, Vote],
    a: str = NAMES[0],
    b: str = NAMES[1],
    *,
    unrated: UnratedReason | None = None,
    readable_at: float | None = READABLE_AT,
) -> Battle:
    """Hold a battle in which the hurried member votes at once, and everyone else when they have read."""
    battle = replace(
        await asked(database, a, b),
        state=BattleState.VOTING,
        closes_at=OPENED + 120.0,
        readable_at=readable_at,
        unrated=unrated,
    )
    async with database.write() as connection:
        await battles.begin_voting(connection, battle, voting_at=OPENED, drawn_probability=0.5)
        rows = [
            StoredVote(
                battle.battle_id,
                user_id,
                vote,
                unclear=False,
                member_ballot="||",
                changed_at=READABLE_AT - (1.0 if user_id == HURRIED else 0.0),
            )
            for user_id, vote in cast.items()
        ]
        await votes.save(connection, rows)
    return battle


async def trolled(database: Database, number: int = 30) -> None:
    """Let Zephyrine win everything, but by the troll's vote."""
    for at in range(number):
        better, worse = (Vote.A, Vote.B) if at % 2 else (Vote.B, Vote.A)
        sides = NAMES[:2] if better is Vote.A else NAMES[1::-1]
        cast = {**dict.fromkeys(HONEST, better), TROLL: worse, HURRIED: better}
        await decide(database, await held(database, cast, *sides), OPENED + 120.0)


async def test_a_contrarian_is_found_in_the_database_and_so_is_who_hurries(database: Database) -> None:
    await trolled(database)
    audit = await Audits(database, AuditClock()).make(GUILD)
    troll, hurried = audit.suspects

    assert (audit.votes, audit.voters, audit.at) == (30 * 8, 8, OPENED)
    assert (troll.user_id, troll.manner, troll.pace) == (TROLL, Manner.CONTRARIAN, Pace(30, 30, 0))
    assert (hurried.user_id, hurried.manner, hurried.pace) == (HURRIED, None, Pace(30, 30, 30))


async def test_only_votes_that_count_are_looked_at(database: Database) -> None:
    cast = {1: Vote.A, 2: Vote.B, 3: Vote.TIE}
    await decide(database, await held(database, cast), OPENED + 120.0)
    await decide(database, await held(database, cast, unrated=UnratedReason.LEAK), OPENED + 120.0)
    await held(database, cast)
    await Exclusions(database, AuditClock()).exclude(Actor(GUILD, 9), 2, "A test")
    audit = await Audits(database, AuditClock()).make(GUILD)
    elsewhere = await Audits(database, AuditClock()).make(GUILD + 1)

    assert (audit.votes, audit.voters) == (2, 2)
    assert (elsewhere.votes, elsewhere.voters, elsewhere.suspects) == (0, 0, ())


async def test_a_battle_without_a_reading_time_calls_no_vote_fast(database: Database) -> None:
    for _ in range(20):
        battle = await held(database, {HURRIED: Vote.A}, readable_at=None)
        await decide(database, battle, OPENED + 120.0)

    assert (await Audits(database, AuditClock()).make(GUILD)).suspects == ()


@pytest.mark.parametrize(("passed", "is_new"), [(FRESH_SECONDS - 1, False), (FRESH_SECONDS, True)])
async def test_the_latest_audit_stays_for_a_while(database: Database, passed: float, *, is_new: bool) -> None:
    clock = AuditClock()
    audits = Audits(database, clock)
    first = await audits.make(GUILD)
    await decide(database, await held(database, {1: Vote.A}), OPENED + 120.0)
    clock.now += passed

    assert ((await audits.latest(GUILD)).votes == 1) is is_new
    assert first.votes == 0
    assert (await audits.make(GUILD)).votes == 1


async def test_a_vote_takes_few_bytes(database: Database) -> None:
    await trolled(database, 2)
    async with database.read() as connection:
        cast = await cast_votes.read(connection, GUILD)

    assert sum(each.nbytes for each in (cast.user_id, cast.battle, cast.choice, cast.is_fast)) == 2 * 8 * 14
    assert sum(each.nbytes for each in (cast.model_a, cast.model_b, cast.is_timed)) == 2 * 9


async def test_an_audit_that_is_cancelled_stays_open_nowhere(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rated_votes, "BATCH_ROWS", 2)
    await trolled(database, 2)

    async def audit(database: Database, _number: int) -> None:
        await Audits(database, AuditClock()).make(GUILD)

    with closing(sqlite3.connect(tmp_path / "arena.sqlite3", timeout=0, isolation_level=None)) as other:
        left = await Cuts(database, DatabaseFile(other)).sweep(audit)

    assert set(left) == {0}


async def test_a_battle_remembers_when_it_could_be_read(database: Database) -> None:
    battle = await held(database, {})
    async with database.read() as connection:
        kept = await battles.get(connection, GUILD, battle.battle_id)

    assert kept
    assert kept.readable_at == READABLE_AT
    assert kept.contestant(Side.A).reply == ""
