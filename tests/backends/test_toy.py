"""Toys answer at once, in the prompt's language, always the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arena.models.probe import IMAGE
from bot.backends.base import ChatMessage, Event, Finished, TextPiece
from bot.backends.toy import Toy, toys
from bot.domain.battle import FinishReason

TOYS = toys(pace=0)
each_toy = pytest.mark.parametrize("toy", TOYS, ids=lambda toy: toy.name)


async def ask(toy: Toy, prompt: str) -> list[Event]:
    return [event async for event in toy.backend.reply((ChatMessage("user", prompt),))]


async def answer_of(toy: Toy, prompt: str) -> str:
    return "".join([event.text for event in await ask(toy, prompt) if isinstance(event, TextPiece)])


def is_japanese(text: str) -> bool:
    return any("\u3040" <= character <= "\u30ff" for character in text)


@each_toy
async def test_a_toy_streams_pieces_and_ends_with_one_finished(toy: Toy) -> None:
    *pieces, last = await ask(toy, "Why is the sky blue?")

    assert len(pieces) >= 10
    assert all(isinstance(piece, TextPiece) and piece.text for piece in pieces)
    assert isinstance(last, Finished)
    assert last.reason is FinishReason.STOP
    assert last.usage.output_tokens == len(pieces)


@each_toy
@pytest.mark.parametrize(
    ("prompt", "subject"), [("Explain gravity to me", "gravity"), ("チェスについて教えて", "チェス")]
)
async def test_a_toy_answers_about_the_subject_in_the_prompts_language(
    toy: Toy, prompt: str, subject: str
) -> None:
    answer = await answer_of(toy, prompt)

    assert subject in answer.lower()
    assert is_japanese(answer) == is_japanese(prompt)


@each_toy
async def test_the_same_prompt_gets_the_same_answer(toy: Toy) -> None:
    assert await answer_of(toy, "Tell me about tea") == await answer_of(toy, "Tell me about tea")


async def test_no_two_toys_say_the_same() -> None:
    answers = {await answer_of(toy, "Tell me about tea") for toy in TOYS}

    assert len(answers) == len(TOYS)


@each_toy
async def test_another_prompt_about_the_same_thing_can_get_another_answer(toy: Toy) -> None:
    answers = {await answer_of(toy, f"{number} gravity") for number in range(10)}

    assert len(answers) > 1


@each_toy
@pytest.mark.parametrize(
    ("prompt", "subject"),
    [
        ("Write a haiku about rain", "rain"),
        ("Please, a poem on old trains", "old"),
        ("雨について俳句を詠んで", "雨"),
    ],
)
async def test_who_asks_for_a_poem_gets_three_lines(toy: Toy, prompt: str, subject: str) -> None:
    answer = await answer_of(toy, prompt)

    lines = answer.split("\n")
    assert len(lines) == 3
    assert all(line.startswith("*") and line.endswith("*") for line in lines)
    assert subject in answer.lower()


@each_toy
@pytest.mark.parametrize(
    ("prompt", "points"),
    [
        ("Give me three tips for learning a language", 3),
        ("5 ways to sleep better", 5),
        ("Reasons to walk", 3),
        ("外国語を身につけるコツを3つ教えて", 3),
        ("朝食のポイントを四つ", 4),
    ],
)
async def test_who_asks_for_points_gets_as_many(toy: Toy, prompt: str, points: int) -> None:
    lines = (await answer_of(toy, prompt)).split("\n")

    assert [line.partition(".")[0] for line in lines] == [str(number) for number in range(1, points + 1)]


@each_toy
@pytest.mark.parametrize(
    ("prompt", "result"),
    [("What is 17*23?", "391"), ("7 ÷ 2 は？", "3.5"), ("12 - 30", "-18"), ("2 + 2", "4")],
)
async def test_a_toy_can_count(toy: Toy, prompt: str, result: str) -> None:
    assert result in await answer_of(toy, prompt)


@pytest.mark.parametrize("prompt", ["Why is the sky blue?", "空はなぜ青いのですか？"])
async def test_one_toy_knows_why_the_sky_is_blue(prompt: str) -> None:
    answers = [await answer_of(toy, prompt) for toy in TOYS]

    assert sum("scatter" in answer or "散らす" in answer for answer in answers) == 1


def test_toys_have_japanese_names_too() -> None:
    assert all(toy.name.startswith("ダミー") for toy in toys(pace=0, language="ja"))


async def test_a_toy_says_that_it_is_one_but_not_in_its_reply() -> None:
    for toy in TOYS:
        assert "toy" in toy.name.lower()
        assert "toy" not in (await answer_of(toy, "Who are you?")).lower()


@each_toy
@pytest.mark.parametrize(
    ("prompt", "seen"),
    [
        ("What of this?", "I see a PNG of 64 × 64 pixels."),
        ("これは何？", "64 × 64ピクセルのPNG画像が見えます。"),
    ],
)
async def test_a_toy_tells_all_that_it_knows_of_an_image(toy: Toy, prompt: str, seen: str) -> None:
    asked = toy.backend.reply((ChatMessage("user", prompt, IMAGE),))
    answer = "".join([event.text async for event in asked if isinstance(event, TextPiece)])

    assert answer == f"{seen}\n\n{await answer_of(toy, prompt)}"


@given(st.text(max_size=200))
async def test_any_prompt_gets_a_short_answer(prompt: str) -> None:
    for toy in TOYS:
        assert 10 <= len(await answer_of(toy, prompt)) <= 400
