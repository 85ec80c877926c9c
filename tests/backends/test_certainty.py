"""What of a model's first replies may be shown while they are written."""

from __future__ import annotations

import pytest

from bot.backends.base import TextPiece
from bot.backends.reasoning import ThinkingHabit
from bot.backends.transcript import Transcript

WORDS = "The sky scatters blue light. "


def certainty(transcript: Transcript) -> list[bool]:
    return [event.is_certain for event in transcript.fetch() if isinstance(event, TextPiece)]


def begun(habit: ThinkingHabit) -> Transcript:
    transcript = Transcript(10**6, habit)
    transcript.write(WORDS * 3)
    return transcript


def test_nothing_of_a_model_s_first_reply_is_certain_before_its_end() -> None:
    habit = ThinkingHabit()
    first = begun(habit)
    at_first = certainty(first)
    first.see_reason("stop")
    first.end()

    assert at_first == [False]
    assert certainty(begun(habit)) == [True]


def test_a_first_reply_that_was_cut_off_teaches_nothing() -> None:
    habit = ThinkingHabit()
    first = begun(habit)
    first.see_reason("length")
    first.end()

    assert certainty(begun(habit)) == [False]


def test_the_answer_of_a_model_whose_server_sends_reasoning_apart_is_certain_at_once() -> None:
    transcript = Transcript(10**6, ThinkingHabit())
    transcript.think("Hm.")
    transcript.write(WORDS * 3)

    assert certainty(transcript) == [True]


def test_what_follows_a_closing_marker_that_nothing_opened_is_certain() -> None:
    transcript = begun(ThinkingHabit())
    transcript.fetch()
    transcript.write("</think>" + WORDS * 3)

    assert certainty(transcript) == [True]


@pytest.mark.parametrize(
    ("end", "is_certain"),
    [
        ("<|im_start|>assistant\n", True),
        ("<|im_start|>assistant\n<think>\n\n</think>\n\n", True),
        ("<|start|>assistant", True),
        ("<|im_start|>assistant\n<think>\n", False),
        ("[/INST][THINK]", False),
        ("<|start|>assistant<|channel|>analysis<|message|>", False),
        ("Reason between <think> and </think>.<|im_start|>assistant\n", True),
        ("", False),
    ],
)
def test_a_template_that_opens_no_reasoning_makes_the_first_reply_certain(
    end: str, *, is_certain: bool
) -> None:
    habit = ThinkingHabit()
    habit.see_template(end and f"<|im_start|>user\n?<|im_end|>\n{end}")

    assert certainty(begun(habit)) == [is_certain]


def test_what_a_model_did_counts_more_than_its_template() -> None:
    habit = ThinkingHabit(aloud=True)
    habit.see_template("<|im_start|>assistant\n")

    assert habit.aloud
