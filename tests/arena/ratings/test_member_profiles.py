from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bot.arena.battles.closing import decide
from bot.arena.moderation.rulings import Rulings
from bot.arena.ratings.member_profiles import Agreement, agreement, one_by_one, own_sums
from bot.domain.audit import Actor
from bot.domain.battle import UnratedReason
from bot.domain.pair_sums import PairSums
from bot.domain.vote import Tally, Vote, without
from bot.storage import rated_votes, votes
from bot.storage.rated_votes import OwnVotes, VoteOutcome
from bot.storage.votes import StoredVote
from tests.arena.stored_battles import GUILD, OPENED, begun

if TYPE_CHECKING:
    from bot.domain.battle import Battle
    from bot.storage.database import Database

ME = 77
counts = st.integers(min_value=0, max_value=20)
tallies = st.builds(Tally, counts, counts, counts, counts)
ONE = {vote: Tally(**{vote.value: 1}) for vote in Vote}


@given(tallies)
def test_sums_of_single_votes_are_those_of_as_many_battles(tally: Tally) -> None:
    singly = [PairSums.of(ONE[vote]) for vote in Vote for _ in range(tally.count(vote))]

    assert one_by_one(tally) == sum(singly, PairSums())


@given(tallies, st.sampled_from(Vote))
def test_a_vote_taken_out_can_be_put_back(tally: Tally, vote: Vote) -> None:
    with_it = Tally(**{each.value: tally.count(each) + (each is vote) for each in Vote})

    assert without(with_it, vote) == tally


@given(tallies, tallies)
def test_a_pair_s_sums_do_not_depend_on_the_sides(one: Tally, other: Tally) -> None:
    mirrored = Tally(other.b, other.a, other.tie, other.both_bad)

    both_ways = own_sums([OwnVotes(3, 5, one), OwnVotes(5, 3, other)])
    one_way = own_sums([OwnVotes(3, 5, one), OwnVotes(3, 5, mirrored)])

    assert both_ways == one_way
    assert [*both_ways] == [(3, 5)]


def test_agreement_is_with_what_the_others_chose() -> None:
    outcomes = [
        VoteOutcome(Vote.A, Tally(a=3, b=1), 2),  # the others: A by 2 to 1
        VoteOutcome(Vote.B, Tally(a=3, b=1), 1),  # the others: A
        VoteOutcome(Vote.A, Tally(a=2, b=2), 1),  # the others: B by 2 to 1
        VoteOutcome(Vote.TIE, Tally(a=1, b=1, tie=1), 4),  # the others are even, which is a tie
        VoteOutcome(Vote.BOTH_BAD, Tally(both_bad=2), 1),
        VoteOutcome(Vote.A, Tally(a=1), 100),  # alone
    ]

    assert agreement(outcomes) == Agreement(agreed=2 + 4 + 1, comparable=2 + 1 + 1 + 4 + 1)


async def cast(database: Database, battle: Battle, mine: Vote | None, *others: Vote) -> None:
    rows = {ME: mine, **dict(enumerate(others, start=1000))}
    async with database.write() as connection:
        await votes.save(
            connection,
            [
                StoredVote(
                    battle.battle_id, user_id, vote, unclear=False, member_ballot="||", changed_at=OPENED
                )
                for user_id, vote in rows.items()
            ],
        )


async def test_votes_of_closed_rated_battles_are_counted_and_no_others(database: Database) -> None:
    counted = await begun(database)
    await cast(database, counted, Vote.A, Vote.A, Vote.B)
    withdrawn = await begun(database)
    await cast(database, withdrawn, None, Vote.B)
    leaking = await begun(database, unrated=UnratedReason.LEAK)
    await cast(database, leaking, Vote.B, Vote.B)
    voided = await begun(database)
    await cast(database, voided, Vote.TIE, Vote.TIE)
    for battle in (counted, withdrawn, leaking, voided):
        await decide(database, battle, OPENED)
    await Rulings(database, lambda: OPENED).void(Actor(GUILD, ME), voided.battle_id, "A test")
    await cast(database, await begun(database), Vote.BOTH_BAD)
    async with database.read() as connection:
        own = await rated_votes.own_votes(connection, GUILD, ME)
        outcomes = await rated_votes.outcomes(connection, GUILD, ME)
        elsewhere = await rated_votes.own_votes(connection, GUILD + 1, ME)

    assert own == [OwnVotes(counted.a.model_id, counted.b.model_id, Tally(a=1))]
    assert outcomes == [VoteOutcome(Vote.A, Tally(a=2, b=1), 1)]
    assert elsewhere == []


async def test_equal_votes_and_tallies_are_added_up_by_the_database(database: Database) -> None:
    for mine in (Vote.A, Vote.A, Vote.B):
        battle = await begun(database)
        await cast(database, battle, mine, Vote.TIE)
        await decide(database, battle, OPENED)
    async with database.read() as connection:
        own = await rated_votes.own_votes(connection, GUILD, ME)
        outcomes = await rated_votes.outcomes(connection, GUILD, ME)

    assert [each.tally for each in own] == [Tally(a=2, b=1)]
    assert sorted(outcomes) == [
        VoteOutcome(Vote.A, Tally(a=1, tie=1), 2),
        VoteOutcome(Vote.B, Tally(b=1, tie=1), 1),
    ]
