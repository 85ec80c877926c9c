from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.arena.battles.card import Progress, shown

lengths = st.integers(min_value=0, max_value=5)
progresses = st.builds(Progress, lengths, st.booleans())


@given(lengths, lengths)
def test_while_both_stream_they_show_the_same_count(a: int, b: int) -> None:
    counts = shown(Progress(a, done=False), Progress(b, done=False))

    assert counts == (min(a, b), min(a, b))


@given(progresses, progresses)
def test_no_more_is_shown_than_there_is(a: Progress, b: Progress) -> None:
    shown_a, shown_b = shown(a, b)

    assert 0 <= shown_a <= a.length
    assert 0 <= shown_b <= b.length


@given(progresses, progresses)
def test_the_sides_are_treated_alike(a: Progress, b: Progress) -> None:
    assert shown(a, b) == shown(b, a)[::-1]


@given(lengths, lengths, progresses)
def test_what_is_shown_never_shrinks(before: int, more: int, other: Progress) -> None:
    earlier = shown(Progress(before, done=False), other)
    longer = shown(Progress(before + more, done=False), other)
    finished = shown(Progress(before + more, done=True), other)

    assert earlier[0] <= longer[0] <= finished[0]
    assert earlier[1] <= longer[1] <= finished[1]


@given(progresses, st.builds(Progress, st.just(0), st.booleans()))
def test_nothing_is_shown_beside_a_side_that_has_nothing(a: Progress, empty: Progress) -> None:
    both_done = a.done and empty.done

    assert shown(a, empty) == (0, 0) or both_done


@given(lengths, lengths)
def test_when_both_are_done_everything_is_shown(a: int, b: int) -> None:
    assert shown(Progress(a, done=True), Progress(b, done=True)) == (a, b)


def test_a_short_finished_reply_lets_the_other_run_on() -> None:
    finished, running = Progress(3, done=True), Progress(5, done=False)

    assert shown(finished, running) == (3, 5)


def test_a_long_finished_reply_waits_for_the_other() -> None:
    finished, running = Progress(9, done=True), Progress(5, done=False)

    assert shown(finished, running) == (5, 5)
