"""What is logged of a server's complaint quotes nobody."""

from __future__ import annotations

import time

from bot.backends.base import ChatMessage
from bot.backends.discretion import OMITTED, without_quotations


def asked(prompt: str) -> tuple[ChatMessage, ...]:
    return (ChatMessage("user", prompt),)


def test_a_complaint_that_quotes_nobody_stays_as_it_is() -> None:
    said = "HTTP 429: quota  exceeded, try again in 20 s"

    assert without_quotations(said, asked("Who was Fukuzawa?"), "A writer.") == said


def test_what_was_asked_and_answered_is_left_out_of_a_complaint() -> None:
    said = "HTTP 400: 'WHO WAS  Fukuzawa' is forbidden (a writer of Osaka)"
    told = without_quotations(said, asked("Tell me: who was\nFukuzawa?"), "He was a writer of Osaka.")

    assert told == f"HTTP 400: '{OMITTED}' is forbidden ({OMITTED})"


def test_a_prompt_of_few_characters_is_left_out_too() -> None:
    assert without_quotations("no answer to 猫とは", asked("猫とは")) == f"no answer to {OMITTED}"


def test_the_longest_texts_take_no_time_to_speak_of() -> None:
    began = time.perf_counter()
    without_quotations("a" * 600, asked("ab" * 20_000), "a" * 7 + "b" * 40_000)

    assert time.perf_counter() - began < 1
