from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from bot.arena.voting.ballots import Ballots
from bot.domain.pauses import USUAL
from bot.domain.vote import Vote
from bot.errors import StorageError
from tests.arena.stored_battles import begun
from tests.arena.transactions import WatchedDatabase, committing, recorded, until_recorded
from tests.arena.waiting import until

if TYPE_CHECKING:
    from bot.storage.database import Database
    from tests.arena.conftest import Clock

A, B, TIE, BAD = Vote
MESSAGE = 901
ANN = 101


async def opened(database: Database, clock: Clock) -> tuple[Ballots, WatchedDatabase]:
    battle = await begun(database)
    watched = WatchedDatabase(database)
    ballots = Ballots(watched, clock, USUAL)
    ballots.watch(MESSAGE, battle.battle_id)
    ballots.open(MESSAGE, clock() + 120.0)
    return ballots, watched


async def test_votes_that_gather_during_a_transaction_share_the_next(
    database: Database, clock: Clock
) -> None:
    ballots, watched = await opened(database, clock)
    async with committing(ballots):
        ballots.add(MESSAGE, ANN, A)
        await watched.begun.wait()
        for member in range(200, 400):
            ballots.add(MESSAGE, member, B)
        watched.gate.set()
        await until_recorded(database, 201)
        await ballots.flush()

    assert watched.transactions == 2


async def test_a_vote_changed_while_it_is_written_ends_as_the_last_one(
    database: Database, clock: Clock
) -> None:
    ballots, watched = await opened(database, clock)
    ballots.add(MESSAGE, ANN, A)
    writing = asyncio.create_task(ballots.flush())
    await watched.begun.wait()
    ballots.add(MESSAGE, ANN, B)
    watched.gate.set()
    await writing
    await ballots.flush()

    assert await recorded(database) == {ANN: "b"}


async def test_votes_that_could_not_be_written_stay_pending(database: Database, clock: Clock) -> None:
    ballots, watched = await opened(database, clock)
    watched.gate.set()
    watched.refusals = 1
    ballots.add(MESSAGE, ANN, A)
    with pytest.raises(StorageError):
        await ballots.flush()
    before = await recorded(database)
    await ballots.flush()

    assert before == {}
    assert await recorded(database) == {ANN: "a"}


async def test_a_newer_vote_is_not_undone_by_an_older_one_that_failed(
    database: Database, clock: Clock
) -> None:
    ballots, watched = await opened(database, clock)
    watched.refusals = 1
    ballots.add(MESSAGE, ANN, A)
    writing = asyncio.create_task(ballots.flush())
    await watched.begun.wait()
    ballots.add(MESSAGE, ANN, B)
    watched.gate.set()
    with pytest.raises(StorageError):
        await writing
    await ballots.flush()

    assert await recorded(database) == {ANN: "b"}


async def test_the_committing_goes_on_after_a_failure(database: Database, clock: Clock) -> None:
    ballots, watched = await opened(database, clock)
    watched.gate.set()
    watched.refusals = 1
    async with committing(ballots):
        ballots.add(MESSAGE, ANN, A)
        await until(lambda: not watched.refusals)
        clock.passed += 1.0
        await until_recorded(database, 1)

    assert await recorded(database) == {ANN: "a"}


async def test_a_flush_that_is_cut_short_loses_nothing(database: Database, clock: Clock) -> None:
    ballots, watched = await opened(database, clock)
    ballots.add(MESSAGE, ANN, A)
    writing = asyncio.create_task(ballots.flush())
    await watched.begun.wait()
    writing.cancel()
    with suppress(asyncio.CancelledError):
        await writing
    watched.gate.set()
    await ballots.flush()

    assert await recorded(database) == {ANN: "a"}


async def test_a_flush_with_nothing_pending_opens_no_transaction(database: Database, clock: Clock) -> None:
    ballots, watched = await opened(database, clock)
    watched.gate.set()
    await ballots.flush()

    assert watched.transactions == 0
