"""A template's tokens are cut at the end of a reply, and nowhere else."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.backends.turn_end import TurnEnd

_WORDS = (
    *(
        "<|im_end|>",
        "<|im_start|>",
        "user",
        "assistant",
        "\n",
        " ",
        "a",
        "<|user|>",
        "</s>",
        "<s>",
        "`",
        "```",
    ),
    *("<end_of_turn>", "<start_of_turn>", "User:", '"', "<", "日"),
)


def _cut(*pieces: str) -> str:
    turn = TurnEnd()
    return "".join(map(turn.feed, pieces)) + turn.finish()


@pytest.mark.parametrize(
    ("reply", "left"),
    [
        ("Blue.<|im_end|>", "Blue."),
        ("Blue.<|im_end|>\n", "Blue."),
        ("Blue.<|im_end|>\n<|im_start|>user\nAnd red?", "Blue."),
        ("Blue.<|im_end|>\nuser\nAnd red?", "Blue."),
        ("Blue.<end_of_turn>\n<start_of_turn>user\nAnd red?", "Blue."),
        ("Blue.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nAnd red?", "Blue."),
        ("Blue.</s>[INST] And red? [/INST]", "Blue."),
        ("Blue.<|endoftext|>Human: And red?", "Blue."),
        ("Blue.\n<|user|>\nAnd red?", "Blue.\n"),
        ("Blue.<|im_start|>user\nAnd red?", "Blue."),
        ("Blue.</s>", "Blue."),
        ("Blue.<|end|><|return|>", "Blue."),
        ("Blue.<｜end▁of▁sentence｜>", "Blue."),
        ("```\ncode\n<|im_end|>", "```\ncode\n"),
    ],
)
def test_tokens_at_the_end_are_cut_with_the_turn_behind_them(reply: str, left: str) -> None:
    assert _cut(reply) == left
    assert _cut(*reply) == left


@pytest.mark.parametrize(
    "reply",
    [
        "The token <|im_end|> ends a turn.",
        "The token `<|im_end|>`",
        'It is called "<|im_end|>"',
        "```\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello<|im_end|>\n```",
        "Say <|user|> now.",
        "Tokens like <|im_end|> and <|im_start|>user mark it.",
        "<s>old</s>",
        "a < b",
        "a <",
        "User: a dialogue\nBot: of one reply",
    ],
)
def test_what_is_written_about_tokens_stays(reply: str) -> None:
    assert _cut(reply) == reply
    assert _cut(*reply) == reply


@given(st.lists(st.sampled_from(_WORDS)).map("".join), st.data())
def test_how_a_reply_is_cut_makes_no_difference(reply: str, draw: st.DataObject) -> None:
    places = draw.draw(st.lists(st.integers(0, len(reply))))
    cuts = [0, *sorted(places), len(reply)]

    assert _cut(*(reply[start:end] for start, end in pairwise(cuts))) == _cut(reply)


@pytest.mark.parametrize("piece", ["<", "<|im_end|>", "<|im_end|> ", "<|im_end|>user", '"<|user|>'])
def test_no_reply_takes_long(piece: str) -> None:
    reply = piece * (40_000 // len(piece))
    begun = time.thread_time()
    _cut(f"{reply}x")

    assert time.thread_time() - begun < 1
