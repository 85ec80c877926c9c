from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arena.voting.member_ballot import MemberBallot
from bot.domain.vote import Vote

if TYPE_CHECKING:
    from collections.abc import Sequence

A, B, TIE, BOTH_BAD = Vote.A, Vote.B, Vote.TIE, Vote.BOTH_BAD

votes = st.sampled_from(Vote)
reactions = st.frozensets(votes)
live_events = st.lists(st.tuples(st.sampled_from(["add", "remove"]), votes))
events = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["add", "remove", "ignore"]), votes),
        st.tuples(st.sampled_from(["reconcile", "clear"]), reactions),
    )
)


def after(events: Sequence[tuple[str, Vote | frozenset[Vote]]]) -> MemberBallot:
    member_ballot = MemberBallot()
    for name, value in events:
        match name, value:
            case "reconcile", frozenset():
                member_ballot = member_ballot.reconcile(value)
            case "clear", frozenset():
                member_ballot = member_ballot.clear(value)
            case "add", Vote():
                member_ballot = member_ballot.add(value)
            case "remove", Vote():
                member_ballot = member_ballot.remove(value)
            case _, Vote():
                member_ballot = member_ballot.ignore(value)
            case _:
                raise AssertionError(name)
    return member_ballot


member_ballots = events.map(after)


@given(live_events)
def test_live_the_last_reaction_that_still_stands_is_the_vote(events: list[tuple[str, Vote]]) -> None:
    last_change = {vote: (when, name) for when, (name, vote) in enumerate(events)}
    standing = [(when, vote) for vote, (when, name) in last_change.items() if name == "add"]

    member_ballot = after(events)

    assert member_ballot.vote == (max(standing)[1] if standing else None)
    assert member_ballot.everything == {vote for _, vote in standing}


@given(member_ballots)
def test_a_reaction_is_recorded_in_one_place_only(member_ballot: MemberBallot) -> None:
    places = [*member_ballot.standing, *member_ballot.unordered, *member_ballot.ignored]

    assert len(places) == len(member_ballot.everything)


@given(member_ballots, reactions)
def test_after_reconciling_exactly_what_was_seen_stands(
    member_ballot: MemberBallot, seen: frozenset[Vote]
) -> None:
    once = member_ballot.reconcile(seen)

    assert once.everything == seen
    assert once.reconcile(seen) == once


@given(member_ballots, votes)
def test_a_live_reaction_always_becomes_the_vote(member_ballot: MemberBallot, vote: Vote) -> None:
    added = member_ballot.add(vote)

    assert added.vote == vote
    assert added.everything == member_ballot.everything | {vote}


@given(member_ballots, votes)
def test_a_removed_reaction_leaves_every_place(member_ballot: MemberBallot, vote: Vote) -> None:
    removed = member_ballot.remove(vote)

    assert removed.everything == member_ballot.everything - {vote}


@given(member_ballots, reactions)
def test_a_vote_on_record_survives_several_new_reactions(
    member_ballot: MemberBallot, seen: frozenset[Vote]
) -> None:
    new = seen - member_ballot.everything

    reconciled = member_ballot.reconcile(seen)

    if member_ballot.vote in seen and len(new) != 1:
        assert reconciled.vote == member_ballot.vote


@given(member_ballots)
def test_an_unclear_paper_counts_nothing(member_ballot: MemberBallot) -> None:
    several_left = len(member_ballot.unordered) > 1

    assert member_ballot.unclear == (
        several_left and not member_ballot.standing and not member_ballot.cleared
    )
    assert not (member_ballot.unclear and member_ballot.vote)


@given(member_ballots, reactions)
def test_what_a_moderator_clears_leaves_the_vote(member_ballot: MemberBallot, gone: frozenset[Vote]) -> None:
    left = member_ballot.clear(gone)

    assert left.everything == member_ballot.everything - gone
    assert left.vote == member_ballot.vote or member_ballot.vote is None
    assert left.reconcile(left.everything) == left


@given(member_ballots, votes)
def test_the_next_reaction_counts_in_place_of_a_cleared_one(member_ballot: MemberBallot, vote: Vote) -> None:
    again = member_ballot.clear(frozenset(Vote)).add(vote)

    assert again.vote is vote
    assert again.remove(vote) == MemberBallot()


@given(member_ballots)
def test_a_paper_survives_the_database(member_ballot: MemberBallot) -> None:
    text = member_ballot.encode()

    assert MemberBallot.decode(text) == member_ballot
    assert len(text) < 30


@pytest.mark.parametrize("text", ["", "a", "a|b", "a|b|tie|", "c||", "a,||"])
def test_a_text_that_is_no_paper_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        MemberBallot.decode(text)


def test_the_written_form_does_not_drift() -> None:
    member_ballot = MemberBallot((A, TIE), frozenset({BOTH_BAD}), frozenset({B}))

    assert member_ballot.encode() == "a,tie|both_bad|b"
    assert MemberBallot().encode() == "||"


def test_one_new_reaction_found_later_is_the_last_one() -> None:
    member_ballot = MemberBallot().add(A)

    found = member_ballot.reconcile(frozenset({A, B}))

    assert found == MemberBallot(standing=(A, B))
    assert found.remove(B).vote == A


def test_one_new_reaction_comes_after_those_of_unknown_order() -> None:
    unclear = MemberBallot().reconcile(frozenset({A, B}))

    found = unclear.reconcile(frozenset({A, B, TIE}))

    assert found == MemberBallot(standing=(TIE,), unordered=frozenset({A, B}))


def test_several_new_reactions_leave_the_vote_on_record() -> None:
    member_ballot = MemberBallot().add(B).add(A)

    found = member_ballot.reconcile(frozenset({A, B, TIE, BOTH_BAD}))

    assert found == MemberBallot(standing=(B, A), unordered=frozenset({TIE, BOTH_BAD}))
    assert found.vote == A


def test_the_only_reaction_of_unknown_order_is_a_vote_on_record() -> None:
    member_ballot = MemberBallot().reconcile(frozenset({A, B})).remove(B)

    found = member_ballot.reconcile(frozenset({A, TIE, BOTH_BAD}))

    assert member_ballot.vote == A
    assert found == MemberBallot(standing=(A,), unordered=frozenset({TIE, BOTH_BAD}))


def test_several_new_reactions_in_place_of_the_vote_are_unclear() -> None:
    member_ballot = MemberBallot().add(B).add(A)

    found = member_ballot.reconcile(frozenset({B, TIE, BOTH_BAD}))

    assert found == MemberBallot(unordered=frozenset({B, TIE, BOTH_BAD}))
    assert found.unclear
    assert found.vote is None


def test_taking_back_all_but_one_makes_an_unclear_paper_clear() -> None:
    unclear = MemberBallot().reconcile(frozenset({A, B}))

    clear = unclear.remove(B)

    assert unclear.unclear
    assert clear.vote == A


def test_a_reaction_outside_the_voting_time_does_not_count() -> None:
    early = MemberBallot().ignore(A)

    assert early.vote is None
    assert early.everything == {A}
    assert early.reconcile(frozenset({A})).vote is None


def test_a_late_repeat_of_a_standing_reaction_changes_nothing() -> None:
    member_ballot = MemberBallot().add(A).add(B)

    assert member_ballot.ignore(A) == member_ballot


def test_an_ignored_reaction_counts_once_it_is_cast_anew() -> None:
    early = MemberBallot().ignore(A)

    again = early.remove(A).add(A)

    assert again == MemberBallot(standing=(A,))
