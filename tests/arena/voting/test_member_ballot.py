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
        st.tuples(st.just("reconcile"), reactions),
    )
)


def after(events: Sequence[tuple[str, Vote | frozenset[Vote]]]) -> MemberBallot:
    paper = MemberBallot()
    for name, value in events:
        match name, value:
            case "reconcile", frozenset():
                paper = paper.reconcile(value)
            case "add", Vote():
                paper = paper.add(value)
            case "remove", Vote():
                paper = paper.remove(value)
            case _, Vote():
                paper = paper.ignore(value)
            case _:
                raise AssertionError(name)
    return paper


papers = events.map(after)


@given(live_events)
def test_live_the_last_reaction_that_still_stands_is_the_vote(events: list[tuple[str, Vote]]) -> None:
    last_change = {vote: (when, name) for when, (name, vote) in enumerate(events)}
    standing = [(when, vote) for vote, (when, name) in last_change.items() if name == "add"]

    paper = after(events)

    assert paper.vote == (max(standing)[1] if standing else None)
    assert paper.everything == {vote for _, vote in standing}


@given(papers)
def test_a_reaction_is_recorded_in_one_place_only(paper: MemberBallot) -> None:
    places = [*paper.standing, *paper.unordered, *paper.ignored]

    assert len(places) == len(paper.everything)


@given(papers, reactions)
def test_after_reconciling_exactly_what_was_seen_stands(paper: MemberBallot, seen: frozenset[Vote]) -> None:
    once = paper.reconcile(seen)

    assert once.everything == seen
    assert once.reconcile(seen) == once


@given(papers, votes)
def test_a_live_reaction_always_becomes_the_vote(paper: MemberBallot, vote: Vote) -> None:
    added = paper.add(vote)

    assert added.vote == vote
    assert added.everything == paper.everything | {vote}


@given(papers, votes)
def test_a_removed_reaction_leaves_every_place(paper: MemberBallot, vote: Vote) -> None:
    removed = paper.remove(vote)

    assert removed.everything == paper.everything - {vote}


@given(papers, reactions)
def test_a_vote_on_record_survives_several_new_reactions(paper: MemberBallot, seen: frozenset[Vote]) -> None:
    new = seen - paper.everything

    reconciled = paper.reconcile(seen)

    if paper.vote in seen and len(new) != 1:
        assert reconciled.vote == paper.vote


@given(papers)
def test_an_unclear_paper_counts_nothing(paper: MemberBallot) -> None:
    several_left = len(paper.unordered) > 1

    assert paper.unclear == (several_left and not paper.standing)
    assert not (paper.unclear and paper.vote)


@given(papers)
def test_a_paper_survives_the_database(paper: MemberBallot) -> None:
    text = paper.encode()

    assert MemberBallot.decode(text) == paper
    assert len(text) < 30


@pytest.mark.parametrize("text", ["", "a", "a|b", "a|b|tie|", "c||", "a,||"])
def test_a_text_that_is_no_paper_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        MemberBallot.decode(text)


def test_the_written_form_does_not_drift() -> None:
    paper = MemberBallot((A, TIE), frozenset({BOTH_BAD}), frozenset({B}))

    assert paper.encode() == "a,tie|both_bad|b"
    assert MemberBallot().encode() == "||"


def test_one_new_reaction_found_later_is_the_last_one() -> None:
    paper = MemberBallot().add(A)

    found = paper.reconcile(frozenset({A, B}))

    assert found == MemberBallot(standing=(A, B))
    assert found.remove(B).vote == A


def test_one_new_reaction_comes_after_those_of_unknown_order() -> None:
    unclear = MemberBallot().reconcile(frozenset({A, B}))

    found = unclear.reconcile(frozenset({A, B, TIE}))

    assert found == MemberBallot(standing=(TIE,), unordered=frozenset({A, B}))


def test_several_new_reactions_leave_the_vote_on_record() -> None:
    paper = MemberBallot().add(B).add(A)

    found = paper.reconcile(frozenset({A, B, TIE, BOTH_BAD}))

    assert found == MemberBallot(standing=(B, A), unordered=frozenset({TIE, BOTH_BAD}))
    assert found.vote == A


def test_the_only_reaction_of_unknown_order_is_a_vote_on_record() -> None:
    paper = MemberBallot().reconcile(frozenset({A, B})).remove(B)

    found = paper.reconcile(frozenset({A, TIE, BOTH_BAD}))

    assert paper.vote == A
    assert found == MemberBallot(standing=(A,), unordered=frozenset({TIE, BOTH_BAD}))


def test_several_new_reactions_in_place_of_the_vote_are_unclear() -> None:
    paper = MemberBallot().add(B).add(A)

    found = paper.reconcile(frozenset({B, TIE, BOTH_BAD}))

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
    paper = MemberBallot().add(A).add(B)

    assert paper.ignore(A) == paper


def test_an_ignored_reaction_counts_once_it_is_cast_anew() -> None:
    early = MemberBallot().ignore(A)

    again = early.remove(A).add(A)

    assert again == MemberBallot(standing=(A,))
