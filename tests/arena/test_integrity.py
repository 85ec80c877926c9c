from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arena.integrity import asks_identity, find_leak
from tests.arena.leaks import judge_replies, read_corpus, score


def test_leaks_are_told_from_harmless_replies() -> None:
    corpus = read_corpus()

    found = score(judge_replies(corpus, corpus.development))

    assert found.precision >= 0.94
    assert found.recall >= 0.64


def test_a_leak_quotes_the_reply() -> None:
    leak = find_leak("Well, I'm **GPT-4o**, hello.", "hi", [])

    assert leak is not None
    assert leak.text == "I'm GPT-4o"


def test_full_width_and_invisible_characters_hide_no_name() -> None:
    assert find_leak("私はChatGPTです", "hi", []) is not None
    assert find_leak("I am Cl\u200baude.", "hi", []) is not None


@pytest.mark.parametrize("name", ["", " ", ".", "!?", "/"])
def test_a_name_without_letters_is_nothing_to_find(name: str) -> None:
    reply = "I am . ! ? /, and I'm tired."

    assert find_leak(reply, "hi", [name]) is None


@pytest.mark.parametrize(
    "text", ["私は、Googleが", "I am a large ", "as an AI model made by ", "AI, ", "OpenAI "]
)
def test_a_long_reply_is_read_in_good_time(text: str) -> None:
    started = perf_counter()

    find_leak(text * (20_000 // len(text)), "hi", ["Aurora 7"])

    assert perf_counter() - started < 1


@given(st.text(), st.text(), st.lists(st.text(max_size=12), max_size=3))
def test_any_text_is_read_without_trouble(reply: str, prompt: str, names: list[str]) -> None:
    leak = find_leak(reply, prompt, names)

    assert leak is None or leak.text


@pytest.mark.parametrize(
    "prompt",
    [
        "Who are you?",
        "what are you?",
        "What's your name?",
        "Which language model are you?",
        "Who created you and why?",
        "Are you ChatGPT?",
        "Are you made by OpenAI?",
        "Please introduce yourself.",
        "Tell me a little about yourself",
        "あなたは誰ですか?",
        "君の名前は?",
        "お名前を教えてください",
        "自己紹介してください。",
        "あなたを開発した会社はどこですか",
        "あなたはClaudeですか",
        "誰があなたを作ったの?",
    ],
)
def test_a_prompt_that_asks_who_is_speaking_is_seen(prompt: str) -> None:
    assert asks_identity(prompt)


@pytest.mark.parametrize(
    "prompt",
    [
        "Who are you voting for?",
        "What are you cooking?",
        "Who was Claude Monet?",
        "Are you hungry?",
        "Write a poem about names.",
        "転職の自己紹介文を書いて",
        "君はどう思う?",
        "猫の名前を考えて",
        "日本の首都はどこですか?",
    ],
)
def test_another_prompt_is_not(prompt: str) -> None:
    assert not asks_identity(prompt)
