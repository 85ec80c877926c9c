from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arena.anonymity.leaks import (
    FIRST_LINES,
    LAST_LINES,
    QUESTIONS,
    SELF_NAMING,
    UNASKED,
    asks_identity,
    find_leak,
)
from bot.arena.anonymity.passages import LONGEST, OVERLAP, sentences
from tests.arena.anonymity.leaks import judge_prompts, judge_replies, read_corpus, score

corpus = read_corpus()
LANGUAGES = (["en"], ["ja"], ["en", "ja"])
BOATS = "Tell me something about boats."
WRITE_A_STORY = "Write a story about a baker."


@pytest.mark.parametrize("languages", LANGUAGES, ids=" ".join)
def test_leaks_are_told_from_harmless_replies(languages: list[str]) -> None:
    judged = judge_replies(corpus, corpus.development)

    found = score(one for one in judged if one.language in languages)

    assert found.precision >= 0.98, found.false_alarms
    assert found.recall >= 0.95, found.missed


@pytest.mark.parametrize("languages", LANGUAGES, ids=" ".join)
def test_prompts_that_ask_who_is_speaking_are_told_from_others(languages: list[str]) -> None:
    judged = judge_prompts(corpus.development)

    found = score(one for one in judged if one.language in languages)

    assert found.precision >= 0.98, found.false_alarms
    assert found.recall >= 0.95, found.missed


def test_what_the_rules_were_not_made_with_is_told_apart_nearly_as_well() -> None:
    replies = score(judge_replies(corpus, corpus.held_out))
    prompts = score(judge_prompts(corpus.held_out))

    assert min(replies.precision, prompts.precision) >= 0.95
    assert min(replies.recall, prompts.recall) >= 0.9


def test_the_examples_are_many_in_both_languages_and_no_two_the_same() -> None:
    parts = (corpus.development, corpus.held_out)
    groups = [group for part in parts for group in part.replies]
    replies = [(reply, group.prompt) for group in groups for reply in (*group.leaks, *group.harmless)]
    japanese = [group for group in groups if group.language == "ja"]

    assert len(replies) >= 240
    assert sum(len(group.leaks) + len(group.harmless) for group in japanese) >= len(replies) * 0.4
    assert len(set(replies)) == len(replies)


def test_the_words_that_gave_the_model_away_are_quoted() -> None:
    assert find_leak("Well, I'm **GPT-4o**, hello.", BOATS, []) == "I'm GPT-4o"


@pytest.mark.parametrize(
    "reply",
    [
        "私はＣｈａｔＧＰＴです",
        "I am Cl\u200baude.",
        "I am Cl\u00adaude.",
        "I’m _Claude_.",
        "I am ||Claude||.",
    ],
)
def test_widths_emphasis_and_invisible_characters_hide_no_name(reply: str) -> None:
    assert find_leak(reply, BOATS, [])


@pytest.mark.parametrize(
    "reply", ["ドラマの名場面です。", "アップルパイです。", "私はドラマです。", "I am a geminid meteor."]
)
def test_a_name_within_a_word_is_none(reply: str) -> None:
    assert find_leak(reply, BOATS, []) is None


@pytest.mark.parametrize(
    "reply",
    [
        "I am Claude Monet.",
        "I am Claude-Marie.",
        "I am Jean-Claude.",
        "私はクロード・モネです。",
        "私はジャン=クロードです。",
    ],
)
def test_a_person_is_no_model(reply: str) -> None:
    assert find_leak(reply, BOATS, []) is None


def test_no_spaces_are_needed_around_a_name_in_japanese() -> None:
    assert find_leak("昔も今も私はGPT-4です。", BOATS, [])


def test_speech_in_quotation_marks_is_not_the_replys_own() -> None:
    assert find_leak('"I am ChatGPT," said the toaster.', BOATS, []) is None
    assert find_leak("冷蔵庫は「私はChatGPTです」と言った。", BOATS, []) is None


def test_a_reply_that_is_nothing_but_a_quotation_is_its_own() -> None:
    assert find_leak('"I am ChatGPT."', BOATS, [])


def test_code_is_not_the_replys_own() -> None:
    code = 'print("x")\nI am ChatGPT.'

    assert find_leak(f"Run this:\n```python\n{code}\n```", BOATS, []) is None
    assert find_leak(f"Run this:\n```\n{code}\n```", BOATS, [])


def test_a_maker_whom_the_prompt_asks_about_may_be_named_but_not_as_ones_own() -> None:
    prompt = "Who is behind OpenAI?"

    assert find_leak("OpenAI was founded in 2015; OpenAI's policies are public.", prompt, []) is None
    assert find_leak("I was made by OpenAI.", prompt, [])


def test_a_reply_may_refuse_by_no_makers_rules() -> None:
    refusal = "I can't help with that under OpenAI's usage policies."

    assert find_leak(refusal, BOATS, [])
    assert find_leak(refusal, "What do OpenAI's policies forbid?", []) is None


def test_a_signature_and_a_label_give_away() -> None:
    assert find_leak("Row slowly.\n\n— Claude", BOATS, [])
    assert find_leak("ChatGPT: Row slowly.", BOATS, [])
    assert find_leak("【Gemini】ゆっくり漕いでください。", BOATS, [])


def test_a_list_of_models_is_no_label() -> None:
    assert find_leak("Claude: slow\nGemini: fast", BOATS, []) is None
    assert find_leak("ChatGPT: row slowly.", "Which chatbot rows best?", []) is None


def test_a_character_may_be_called_like_a_model_but_not_be_one() -> None:
    assert find_leak("My name is Claude, and I bake.", WRITE_A_STORY, []) is None
    assert find_leak("My name is Claude, and I bake.", BOATS, [])
    assert find_leak("I'm Claude, an AI assistant, and I can't bake.", WRITE_A_STORY, [])


def test_a_role_that_the_prompt_names_may_be_played() -> None:
    prompt = "Pretend to be ChatGPT."

    assert find_leak("I am ChatGPT, at your service.", prompt, []) is None
    assert find_leak("I am Qwen, at your service.", prompt, [])


def test_what_is_hardly_ever_a_model_counts_beside_its_maker() -> None:
    assert find_leak("I am Nova, queen of the boats.", BOATS, []) is None
    assert find_leak("I am Nova, built by Amazon.", BOATS, [])


@pytest.mark.parametrize(
    ("names", "reply"),
    [
        (["GPT-4o mini"], "Such systems, GPT-4o among them, learn from text."),
        (["Qwen/Qwen2.5-7B-Instruct"], "この文章はQwen2.5が生成しました。"),
        (["Claude Sonnet"], "Answered by Claude Sonnet."),
        (["ELYZA"], "これは東京のELYZAの回答です。"),
        (["Aurora 7"], "答えは42です。Aurora7より"),
    ],
)
def test_ones_own_name_gives_away_wherever_it_stands(names: list[str], reply: str) -> None:
    assert find_leak(reply, BOATS, names)
    assert find_leak(reply, BOATS, ["Quillon"]) is None


@pytest.mark.parametrize("name", ["Banana", "o3", "R1", "はやぶさ"])
def test_a_name_that_is_also_a_word_gives_away_only_who_calls_himself_so(name: str) -> None:
    assert find_leak(f"I'm {name}.", BOATS, [name])
    assert find_leak(f"私は{name}です。", BOATS, [name])
    assert find_leak(f"A {name} on a boat.", BOATS, [name]) is None
    assert find_leak(f"I'm {name}.", BOATS, []) is None


def test_a_name_that_is_also_a_word_counts_only_as_it_is_written() -> None:
    assert find_leak("I am calm.", BOATS, ["CALM"]) is None
    assert find_leak("I am CALM.", BOATS, ["CALM"])


def test_ones_own_name_within_a_word_is_none() -> None:
    assert find_leak("The Superaurora 7 has sunk.", BOATS, ["Aurora 7"]) is None
    assert find_leak("The Aurora 7b has sunk.", BOATS, ["Aurora 7"]) is None


def test_ones_own_name_in_the_prompt_may_be_repeated_but_not_be_ones_own() -> None:
    prompt = "Compare Aurora 7 with its rivals."

    assert find_leak("Aurora 7 is faster than most.", prompt, ["Aurora 7"]) is None
    assert find_leak("I am Aurora 7, so I am partial.", prompt, ["Aurora 7"])


def test_an_answer_to_who_are_you_gives_away_with_the_bare_name() -> None:
    assert find_leak("ChatGPT.", "What is your name?", []) == "ChatGPT"
    assert find_leak("Not Qwen.", "Are you Qwen?", []) is None


@pytest.mark.parametrize("name", ["", " ", ".", "!?", "/"])
def test_a_name_without_letters_is_nothing_to_find(name: str) -> None:
    assert find_leak("I am . ! ? /, and I'm tired.", BOATS, [name]) is None


def test_a_question_that_is_quoted_is_not_asked() -> None:
    assert asks_identity("Who are you?")
    assert not asks_identity('Translate "Who are you?" into Greek.')
    assert not asks_identity("「あなたは誰ですか」を英語にして")


@given(st.text(), st.text(), st.lists(st.text(max_size=12), max_size=3))
def test_any_text_is_read_without_trouble(reply: str, prompt: str, names: list[str]) -> None:
    leak = find_leak(reply, prompt, names)

    assert leak is None or leak


@given(st.text(st.sampled_from("ab .!?\n。」「"), max_size=2000))
def test_sentences_are_short_and_together_not_much_longer_than_the_text(text: str) -> None:
    found = list(sentences(text))

    assert max(map(len, found), default=0) <= LONGEST
    assert sum(map(len, found)) <= len(text) * LONGEST / (LONGEST - OVERLAP)


@given(st.text(st.sampled_from("ab "), min_size=LONGEST, max_size=3 * LONGEST), st.integers(min_value=0))
def test_a_phrase_is_whole_in_one_part_of_a_long_sentence(text: str, at: int) -> None:
    start = at % (len(text.strip()) - OVERLAP) if len(text.strip()) > OVERLAP else 0
    phrase = text.strip()[start : start + OVERLAP]

    assert any(phrase in part for part in sentences(text))


@pytest.mark.parametrize("pattern", [*SELF_NAMING, *UNASKED, *FIRST_LINES, *LAST_LINES, *QUESTIONS])
def test_no_pattern_repeats_without_limit(pattern: re.Pattern[str]) -> None:
    """Sentences are short, too, and a pattern takes limited steps at a letter: time grows with the text."""
    without_sets = re.sub(r"\\.|\[[^\]]*\]", "x", pattern.pattern)

    assert not re.search(r"[*+]|\{\d+,\}", without_sets)
