"""What of a reply is reasoning, however it is marked and cut."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.backends.reasoning import ReasoningFilter, ThinkingHabit
from bot.backends.reasoning_markup import MARKUPS, ReasoningMarkup

_WORDS = (
    *(
        "<think>",
        "</think>",
        "<thinking>",
        "[/THINK]",
        "<thi",
        "nk>",
        " ",
        "\n",
        "a",
        "<",
        ">",
        "日",
        "`",
        "```",
    ),
    *('"', "<|channel|>", "final", "<|message|>", "<|start|>", "analysis", "The", "Okay", "> "),
)


def _filter(*pieces: str, is_whole: bool = True, habit: ThinkingHabit | None = None) -> str:
    reasoning = ReasoningFilter(habit)
    answer = ""
    for is_retracted, certain in (*map(reasoning.feed, pieces), reasoning.finish(is_whole=is_whole)):
        answer = certain if is_retracted else answer + certain
    return answer


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        ("<think>hm</think>\n\nYes", "Yes"),
        ("<thinking>hm</thinking>Yes ", "Yes "),
        (" \n<think>a</think> b <think>c</think>", "b "),
        ("<think>a</think>\nSure.\n<think>b</think>\nBlue.", "Sure.\nBlue."),
        ("<think>a</thinking>b</think>c", "c"),
        ("<think></think>c", "c"),
        ("<think>never closed", ""),
        ("Sure!\n<think>never closed", "Sure!\n"),
        ("<|think|>hm<|end|>Yes", "Yes"),
        ("<|think|>hm<|end|><|begin|>assistant<|content|>Yes<|end|>", "Yes<|end|>"),
        ("Sure.<|end|>Yes", "Sure.<|end|>Yes"),
        ("</think>\nYes", "Yes"),
        ("The sky scatters. </think>\nYes", "Yes"),
        ("<Think>no</THINK>Yes", "Yes"),
        ("<think>not yet `</think>` but now</think>Yes", "Yes"),
        ("<|channel|>analysis<|message|>Hm<|end|><|start|>assistant<|channel|>final<|message|>Yes", "Yes"),
        ("<|start|>assistant<|channel|>commentary<|message|>Hm<|end|><|channel|>final<|message|>Yes", "Yes"),
        ("<|channel|>final <|constrain|>json<|message|>Yes", "Yes"),
        ("analysisThe user asks.assistantfinalYes", "Yes"),
        ("Here is my thought process: hm\nHere is my response: Yes", "Yes"),
        ("<think>\nhm\n</think>\n<answer>\nYes\n</answer>", "Yes\n"),
        ("hm\n</think>\n\n<response>\nYes</response>", "Yes"),
        ("<Thought>hm</Thought>\n<Output>\nYes</Output>", "Yes"),
        ("<|inner_prefix|>hm<|inner_suffix|>Yes", "Yes"),
        ("<longcat_think>hm</longcat_think>Yes", "Yes"),
        ("It isn't '<think>' that matters.</think>Yes", "Yes"),
        ("<|START_THINKING|>a<|END_THINKING|><|START_RESPONSE|>Yes<|END_RESPONSE|>", "Yes"),
    ],
)
def test_reasoning_is_left_out(reply: str, answer: str) -> None:
    assert _filter(reply) == answer
    assert _filter(*reply) == answer


@pytest.mark.parametrize("markup", MARKUPS, ids=lambda markup: markup.opening)
def test_every_family_s_block_is_left_out(markup: ReasoningMarkup) -> None:
    reply = f"{markup.opening}Hm, {markup.closing[:-1]}, why?{markup.closing}\nYes"

    assert _filter(reply) == "Yes"
    assert _filter(*reply) == "Yes"


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "plain",
        "  indented",
        "<thi",
        "<b>bold</b>",
        "use `<think>`",
        "Models write `<think>` first and `</think>` after it.",
        'The tag "<think>" opens, and "</think>" closes.',
        'He wrote "first <think>, then </think>" on the board.',
        "「<think>」で始まり「</think>」で終わります。",
        "It stands between <think> and </think> tags.",
        "A reply opens with <think> there",
        "```\n<think>\nhm\n</think>\nYes\n```\nThat is all.",
        "~~~xml\n<reasoning>hm</reasoning>\n~~~\n",
        "> <think>hm</think>\nwas quoted.",
        "`<|channel|>final<|message|>` begins the answer.",
        "Analysis: it is blue.",
        "re.sub('<think>.*?</think>', '', text) removes it.",
        "    re.sub('<think>.*?</think>', '', text)\n",
        "‘<think> … </think>’ marks it.",
        "<answer>42</answer>",
        "<output>\nIt is blue.\n</output>",
        "Write <answer> before it and </answer> after it.",
        "analysis of the sky",
        "\n",
    ],
)
def test_a_reply_that_only_talks_about_markers_stays_as_it_is(reply: str) -> None:
    assert _filter(reply) == reply
    assert _filter(*reply) == reply


def test_text_is_held_back_only_while_it_may_be_a_marker() -> None:
    reasoning = ReasoningFilter()

    passed = [reasoning.feed(piece)[1] for piece in ("<", "thin", "gs>", "<b>")]

    assert passed == ["", "", "<things>", "<b>"]


def test_leading_space_passes_with_the_first_word() -> None:
    reasoning = ReasoningFilter()

    assert [reasoning.feed(piece)[1] for piece in (" ", "\n", "Yes", " ")] == ["", "", " \nYes", " "]


def test_a_closing_marker_alone_takes_back_what_was_passed_on() -> None:
    reasoning = ReasoningFilter()

    passed = [reasoning.feed(piece) for piece in ("Scattering.", "</think>", "\nYes")]

    assert passed == [(False, "Scattering."), (True, ""), (False, "Yes")]


@pytest.mark.parametrize("beginning", ["Okay, so the user", "Let me see", "嗯，用户"])
def test_a_model_that_seems_to_think_aloud_is_not_heard_before_its_end(beginning: str) -> None:
    reasoning = ReasoningFilter()

    passed = [reasoning.feed(piece)[1] for piece in (beginning, " wonders.", "</think>Yes")]

    assert passed == ["", "", "Yes"]


def test_a_model_that_was_heard_thinking_aloud_is_not_heard_before_its_answer_again() -> None:
    habit = ThinkingHabit()
    _filter("Scattering.</think>Yes", habit=habit)
    reasoning = ReasoningFilter(habit)

    assert reasoning.feed("Light is scattered.") == (False, "")
    assert _filter("Cut off while", habit=habit, is_whole=False) == ""
    assert _filter("It did not think.", habit=habit) == "It did not think."


def test_a_model_that_only_seemed_to_think_aloud_is_heard_at_once_the_next_time() -> None:
    habit = ThinkingHabit()
    _filter("Okay, blue.", habit=habit)

    assert ReasoningFilter(habit).feed("Okay, blue.") == (False, "Okay, blue.")


@given(st.lists(st.sampled_from(_WORDS)).map("".join), st.data())
def test_how_a_reply_is_cut_makes_no_difference(reply: str, draw: st.DataObject) -> None:
    places = draw.draw(st.lists(st.integers(0, len(reply))))
    cuts = [0, *sorted(places), len(reply)]

    answer = _filter(*(reply[start:end] for start, end in pairwise(cuts)))

    assert answer == _filter(reply)


@given(st.text(alphabet="abc 日\n"), st.text(alphabet="abc 日\n"))
def test_a_whole_block_leaves_the_stripped_answer(thoughts: str, answer: str) -> None:
    assert _filter("<think>", thoughts, "</think>", answer) == answer.lstrip()


@pytest.mark.parametrize(
    "piece", ["<", "`", '"', "<think>", "a</think>", "\n<think>and</think>", "<|channel|>"]
)
def test_no_reply_takes_long(piece: str) -> None:
    reply = piece * (40_000 // len(piece))
    begun = time.thread_time()
    _filter(reply)

    assert time.thread_time() - begun < 1
