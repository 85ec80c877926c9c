"""What of a reply is reasoning, however it is cut."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.backends.reasoning import ReasoningFilter

_WORDS = ("<think>", "</think>", "<thinking>", "</thinking>", "<thi", "nk>", " ", "\n", "a", "<", ">", "日")


def _filter(*pieces: str) -> str:
    reasoning = ReasoningFilter()
    return "".join([reasoning.feed(piece) for piece in pieces]) + reasoning.finish()


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        ("<think>hm</think>\n\nYes", "Yes"),
        ("<thinking>hm</thinking>Yes ", "Yes "),
        (" \n<think>a</think> b <think>c</think>", "b <think>c</think>"),
        ("<think>a</thinking>b</think>c", "c"),
        ("<think></think>c", "c"),
        ("<think>never closed", ""),
        ("</think>\nYes", "Yes"),
    ],
)
def test_a_block_at_the_start_is_left_out(reply: str, answer: str) -> None:
    assert _filter(reply) == answer
    assert _filter(*reply) == answer


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "plain",
        "  indented",
        "<thi",
        "<b>bold</b>",
        "use `<think>`",
        "a</think>b",
        "<Think>no</Think>",
        "\n",
    ],
)
def test_a_reply_without_such_a_block_stays_as_it_is(reply: str) -> None:
    assert _filter(reply) == reply


def test_text_is_held_back_only_while_it_may_be_a_tag() -> None:
    reasoning = ReasoningFilter()

    passed = [reasoning.feed(piece) for piece in ("<", "thin", "gs>", "<think>")]

    assert passed == ["", "", "<things>", "<think>"]


def test_leading_space_passes_with_the_first_word() -> None:
    reasoning = ReasoningFilter()

    assert [reasoning.feed(piece) for piece in (" ", "\n", "Hi", " ")] == ["", "", " \nHi", " "]


@given(st.lists(st.sampled_from(_WORDS)).map("".join), st.data())
def test_how_a_reply_is_cut_makes_no_difference(reply: str, draw: st.DataObject) -> None:
    places = draw.draw(st.lists(st.integers(0, len(reply))))
    cuts = [0, *sorted(places), len(reply)]

    answer = _filter(*(reply[start:end] for start, end in pairwise(cuts)))

    assert answer == _filter(reply)


@given(st.text(), st.text())
def test_a_whole_block_leaves_the_stripped_answer(thoughts: str, answer: str) -> None:
    thoughts = thoughts.replace("</think>", "")

    assert _filter("<think>", thoughts, "</think>", answer) == answer.lstrip()
