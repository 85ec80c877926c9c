from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.arena.voting.ballots import Ballots
from bot.domain.battle import VoidReason
from bot.domain.pauses import USUAL
from bot.domain.vote import Vote
from bot.errors import MessageGoneError, MessageUnavailableError
from bot.storage import votes
from bot.storage.schema import votes as table
from bot.storage.votes import StoredBallot
from tests.arena.stored_battles import begun
from tests.cards import PlainCard

if TYPE_CHECKING:
    from bot.storage.database import Database
    from tests.arena.conftest import Clock

A, B, TIE, BAD = Vote
MESSAGE = 901
ANN, BEN, CID = 101, 102, 103


async def opened(database: Database, clock: Clock) -> Ballots:
    """Return ballots with one vote open for two minutes."""
    battle = await begun(database)
    ballots = Ballots(database, clock, USUAL)
    ballots.watch(MESSAGE, battle.battle_id)
    ballots.open(MESSAGE, clock() + 120.0)
    return ballots


async def recorded(database: Database) -> dict[int, str | None]:
    """Return what is on record of each member."""
    async with database.read() as connection:
        rows = await connection.execute(select(table.c.user_id, table.c.vote))
        return {row.user_id: row.vote for row in rows}


def card(**reactions: set[int]) -> PlainCard:
    shown = PlainCard()
    shown.reactions.update({Vote(name): members for name, members in reactions.items()})
    return shown


async def test_a_vote_is_on_record_once_it_is_flushed(database: Database, clock: Clock) -> None:
    ballots = await opened(database, clock)
    ballots.add(MESSAGE, ANN, A)
    before = await recorded(database)
    await ballots.flush()

    assert before == {}
    assert await recorded(database) == {ANN: "a"}


async def test_a_withdrawn_vote_is_on_record_as_none(database: Database, clock: Clock) -> None:
    ballots = await opened(database, clock)
    ballots.add(MESSAGE, ANN, A)
    await ballots.flush()
    ballots.remove(MESSAGE, ANN, A)
    await ballots.flush()

    assert await recorded(database) == {ANN: None}


async def test_reactions_to_other_messages_are_no_votes(database: Database, clock: Clock) -> None:
    ballots = await opened(database, clock)
    ballots.add(MESSAGE + 1, ANN, A)
    ballots.remove(MESSAGE + 1, ANN, A)
    ballots.clear(MESSAGE + 1)
    await ballots.flush()

    assert await recorded(database) == {}


async def test_an_early_reaction_is_remembered_but_no_vote(database: Database, clock: Clock) -> None:
    battle = await begun(database)
    ballots = Ballots(database, clock, USUAL)
    ballots.watch(MESSAGE, battle.battle_id)
    ballots.add(MESSAGE, ANN, A)
    (row,) = ballots.open(MESSAGE, clock() + 120.0)

    assert (row.user_id, row.vote, row.member_ballot) == (ANN, None, "||a")


async def test_an_early_reaction_does_not_look_like_a_missed_vote(database: Database, clock: Clock) -> None:
    battle = await begun(database)
    ballots = Ballots(database, clock, USUAL)
    ballots.watch(MESSAGE, battle.battle_id)
    ballots.add(MESSAGE, ANN, A)
    ballots.open(MESSAGE, clock() + 120.0)
    shown = card(a={ANN})
    await ballots.check(MESSAGE, shown, thorough=False)
    await ballots.flush()

    assert shown.read == []
    assert await recorded(database) == {}


async def test_the_last_moment_counts_and_the_end_does_not(database: Database, clock: Clock) -> None:
    ballots = await opened(database, clock)
    clock.passed = 119.9
    ballots.add(MESSAGE, ANN, A)
    clock.passed = 120.0
    ballots.add(MESSAGE, BEN, A)
    await ballots.flush()

    assert await recorded(database) == {ANN: "a", BEN: None}


async def test_a_vote_taken_back_after_the_end_stays(database: Database, clock: Clock) -> None:
    ballots = await opened(database, clock)
    ballots.add(MESSAGE, ANN, A)
    clock.passed = 120.0
    ballots.remove(MESSAGE, ANN, A)
    await ballots.flush()

    assert await recorded(database) == {ANN: "a"}


async def test_what_was_voted_before_the_ballot_is_shut_is_still_written(
    database: Database, clock: Clock
) -> None:
    ballots = await opened(database, clock)
    ballots.add(MESSAGE, ANN, A)
    ballots.shut(MESSAGE)
    ballots.add(MESSAGE, BEN, B)
    await ballots.flush()

    assert await recorded(database) == {ANN: "a"}


async def test_a_check_that_finds_equal_counts_reads_no_voters(database: Database, clock: Clock) -> None:
    ballots = await opened(database, clock)
    ballots.add(MESSAGE, ANN, A)
    ballots.add(MESSAGE, BEN, B)
    shown = card(a={ANN}, b={BEN})
    await ballots.check(MESSAGE, shown, thorough=False)

    assert shown.looks == 1
    assert shown.read == []


async def test_a_check_reads_only_the_choices_that_differ(database: Database, clock: Clock) -> None:
    ballots = await opened(database, clock)
    ballots.add(MESSAGE, ANN, A)
    shown = card(a={ANN}, b={BEN})
    await ballots.check(MESSAGE, shown, thorough=False)
    await ballots.flush()

    assert shown.read == [B]
    assert await recorded(database) == {ANN: "a", BEN: "b"}


async def test_a_choice_that_nobody_stands_behind_any_more_needs_no_reading(
    database: Database, clock: Clock
) -> None:
    ballots = await opened(database, clock)
    ballots.add(MESSAGE, ANN, A)
    shown = card()
    await ballots.check(MESSAGE, shown, thorough=False)
    await ballots.flush()

    assert shown.read == []
    assert await recorded(database) == {ANN: None}


async def test_a_thorough_check_finds_a_swap_that_equal_counts_hide(database: Database, clock: Clock) -> None:
    ballots = await opened(database, clock)
    ballots.add(MESSAGE, ANN, A)
    await ballots.check(MESSAGE, card(a={BEN}), thorough=True)
    await ballots.flush()

    assert await recorded(database) == {ANN: None, BEN: "a"}


async def test_a_single_missed_reaction_is_the_last(database: Database, clock: Clock) -> None:
    ballots = await opened(database, clock)
    ballots.add(MESSAGE, ANN, A)
    await ballots.check(MESSAGE, card(a={ANN}, tie={ANN}), thorough=False)
    await ballots.flush()

    assert await recorded(database) == {ANN: "tie"}


async def test_of_several_missed_reactions_none_counts_and_the_member_is_unclear(
    database: Database, clock: Clock
) -> None:
    ballots = await opened(database, clock)
    await ballots.check(MESSAGE, card(a={ANN}, b={ANN}, tie={BEN}), thorough=False)
    await ballots.flush()

    async with database.read() as connection:
        assert (await votes.count(connection, 1)).unclear == 1
    assert await recorded(database) == {ANN: None, BEN: "tie"}


async def test_the_vote_on_record_outlasts_several_missed_reactions(database: Database, clock: Clock) -> None:
    ballots = await opened(database, clock)
    ballots.add(MESSAGE, ANN, A)
    await ballots.check(MESSAGE, card(a={ANN}, b={ANN}, tie={ANN}), thorough=False)
    await ballots.flush()

    assert await recorded(database) == {ANN: "a"}


async def test_a_member_who_votes_while_the_message_is_read_is_left_to_the_event(
    database: Database, clock: Clock
) -> None:
    ballots = await opened(database, clock)
    shown = card(a={BEN}, b={CID})

    def vote_twice() -> None:
        for vote in (A, B):
            shown.reactions[vote].add(ANN)
            ballots.add(MESSAGE, ANN, vote)

    shown.while_looking.append(vote_twice)
    await ballots.check(MESSAGE, shown, thorough=False)
    await ballots.flush()

    assert await recorded(database) == {ANN: "b", BEN: "a", CID: "b"}


async def test_a_withdrawal_while_the_message_is_read_is_not_undone(database: Database, clock: Clock) -> None:
    ballots = await opened(database, clock)
    ballots.add(MESSAGE, ANN, A)
    shown = card(a={ANN, BEN})

    def withdraw() -> None:
        shown.reactions[A].discard(ANN)
        ballots.remove(MESSAGE, ANN, A)

    shown.while_looking.append(withdraw)
    await ballots.check(MESSAGE, shown, thorough=False)
    await ballots.flush()

    assert await recorded(database) == {ANN: None, BEN: "a"}


async def test_a_message_where_votes_never_cease_is_looked_at_a_few_times_only(
    database: Database, clock: Clock
) -> None:
    ballots = await opened(database, clock)
    shown = card(a={ANN})
    for member in range(200, 300):
        shown.while_looking.append(lambda member=member: ballots.add(MESSAGE, member, B))
    await ballots.check(MESSAGE, shown, thorough=True)

    assert shown.looks == 3


@pytest.mark.parametrize("error", [MessageUnavailableError("503"), MessageGoneError(VoidReason.MESSAGE_GONE)])
async def test_a_check_that_fails_leaves_the_votes_as_they_are(
    database: Database, clock: Clock, error: Exception
) -> None:
    ballots = await opened(database, clock)
    ballots.add(MESSAGE, ANN, A)
    shown = card(b={BEN})
    shown.troubles.append(error)
    with pytest.raises(type(error)):
        await ballots.check(MESSAGE, shown, thorough=False)
    await ballots.flush()

    assert await recorded(database) == {ANN: "a"}


async def test_papers_kept_are_gone_on_with(database: Database, clock: Clock) -> None:
    battle = await begun(database)
    ballots = Ballots(database, clock, USUAL)
    ballots.watch(MESSAGE, battle.battle_id, {ANN: StoredBallot("a,b||", None)})
    ballots.open(MESSAGE, clock() + 120.0)
    ballots.remove(MESSAGE, ANN, B)
    await ballots.flush()

    assert await recorded(database) == {ANN: "a"}
