from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import permutations
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bench.setup.holds import MOST_HOLD, collector_at_rest, watch_holds
from bot.arena.battles.closing import decide
from bot.arena.models.breaker import CircuitBreakers
from bot.arena.models.roster import Roster
from bot.arena.models.spending import Spending
from bot.arena.moderation.rulings import Rulings
from bot.arena.ratings.member_profiles import Agreement, Voters, agreement, one_by_one, own_sums
from bot.config import BattleDefaults
from bot.domain.audit import Actor
from bot.domain.battle import UnratedReason
from bot.domain.pair_sums import PairSums
from bot.domain.vote import Tally, Vote, without
from bot.storage import rated_votes, votes
from bot.storage.rated_votes import OwnVotes, VoteOutcome
from bot.storage.votes import StoredVote
from tests.arena.stored_battles import GUILD, OPENED, begun

if TYPE_CHECKING:
    from pathlib import Path

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
        own = [each async for batch in rated_votes.own_votes(connection, GUILD, ME) for each in batch]
        outcomes = [each async for batch in rated_votes.outcomes(connection, GUILD, ME) for each in batch]
        elsewhere = [batch async for batch in rated_votes.own_votes(connection, GUILD + 1, ME)]

    assert own == [OwnVotes(counted.a.model_id, counted.b.model_id, Tally(a=1))]
    assert outcomes == [VoteOutcome(Vote.A, Tally(a=2, b=1), 1)]
    assert elsewhere == []


async def test_equal_votes_and_tallies_are_added_up_by_the_database(database: Database) -> None:
    for mine in (Vote.A, Vote.A, Vote.B):
        battle = await begun(database)
        await cast(database, battle, mine, Vote.TIE)
        await decide(database, battle, OPENED)
    async with database.read() as connection:
        own = [each async for batch in rated_votes.own_votes(connection, GUILD, ME) for each in batch]
        outcomes = [each async for batch in rated_votes.outcomes(connection, GUILD, ME) for each in batch]

    assert [each.tally for each in own] == [Tally(a=2, b=1)]
    assert sorted(outcomes) == [
        VoteOutcome(Vote.A, Tally(a=1, tie=1), 2),
        VoteOutcome(Vote.B, Tally(b=1, tie=1), 1),
    ]


MODELS = 120
"""Of which there are 14,280 pairs with one model on side A."""


def vote_on_every_pair(file: Path) -> None:
    pairs = list(enumerate(permutations(range(1, MODELS + 1), 2), start=1))
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("insert into guilds (guild_id, first_seen_at) values (?, 0)", [GUILD])
        connection.executemany(
            "insert into models (model_id, guild_id, name, created_at) values (?, ?, ?, 0)",
            [(number, GUILD, f"Model {number}") for number in range(1, MODELS + 1)],
        )
        connection.executemany(
            "insert into battles (battle_id, guild_id, channel_id, asker_id, prompt, locale, state,"
            " opened_at, closed_at, drawn_probability, votes_a)"
            " values (?, ?, 1, 1, '', 'en', 'closed', 0, 0, 1, 1)",
            [(number, GUILD) for number, _ in pairs],
        )
        connection.executemany(
            "insert into contestants (battle_id, side, model_id) values (?, ?, ?)",
            [row for number, (a, b) in pairs for row in ((number, "a", a), (number, "b", b))],
        )
        connection.executemany(
            "insert into votes (battle_id, user_id, vote, unclear, paper, changed_at)"
            " values (?, ?, 'a', 0, '', 0)",
            [(number, ME) for number, _ in pairs],
        )


async def test_a_profile_of_many_votes_holds_the_event_loop_for_moments_only(
    database: Database, tmp_path: Path
) -> None:
    vote_on_every_pair(tmp_path / "arena.sqlite3")
    breakers = CircuitBreakers(3, lambda: OPENED)
    spending = Spending(database, lambda: OPENED)
    roster = Roster(database, (), breakers, lambda _: None, lambda: OPENED, spending)
    voters = Voters(database, roster, BattleDefaults())
    await voters.of(GUILD, ME + 1)  # what is slow once
    held: dict[str, float] = {}
    with collector_at_rest(), watch_holds(MOST_HOLD, lambda by, seconds: held.update({by: seconds})):
        voter = await voters.of(GUILD, ME)

    assert voter.tally == Tally(a=MODELS * (MODELS - 1))
    assert held == {}
