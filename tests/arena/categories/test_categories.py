from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arena.categories.rules import (
    CODE,
    LANGUAGE_PREFIX,
    LONG,
    LONG_COLUMNS,
    MIXED,
    UNKNOWN,
    categories_of,
    language_of_prompt,
)


class PromptCorpus(msgspec.Struct, forbid_unknown_fields=True):
    """`language` holds prompts by language, `code` by `yes` and `no`."""

    language: dict[str, list[str]]
    code: dict[str, list[str]]

    def languages(self) -> list[tuple[str, str]]:
        return [(prompt, language) for language, prompts in self.language.items() for prompt in prompts]


def read_corpus() -> PromptCorpus:
    text = Path(__file__).with_name("prompts.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), PromptCorpus)


corpus = read_corpus()


@pytest.mark.parametrize(("prompt", "language"), corpus.languages())
def test_a_prompt_is_sorted_under_its_language(prompt: str, language: str) -> None:
    assert language_of_prompt(prompt) == language


@pytest.mark.parametrize("prompt", corpus.code["yes"])
def test_code_in_a_prompt_is_seen(prompt: str) -> None:
    assert CODE in categories_of(prompt)


@pytest.mark.parametrize("prompt", [*corpus.code["no"], *(prompt for prompt, _ in corpus.languages())])
def test_prose_is_not_code(prompt: str) -> None:
    fenced_or_quoted = "```" in prompt or "`print" in prompt

    assert (CODE in categories_of(prompt)) == fenced_or_quoted


def test_a_question_about_code_is_in_the_language_of_its_prose() -> None:
    code = "def greet(name):\n    return 'Guten Morgen, wie geht es dir?' + name"

    assert categories_of(f"{code}\nこれを説明して") == {"lang:ja", CODE}
    assert categories_of(f"Explain what this does, please.\n{code}") == {"lang:en", CODE}


def test_full_width_letters_are_read_as_any_others() -> None:
    full_width = "".join(
        chr(ord(letter) + 0xFEE0) if letter.isalpha() else letter for letter in "why is it so"
    )

    assert language_of_prompt(full_width) == "en"


def test_capitals_say_nothing_about_the_language() -> None:
    assert language_of_prompt("WARUM IST DER HIMMEL BLAU?") == "de"


def test_han_beside_kana_is_japanese() -> None:
    assert language_of_prompt("次の都市を比べて:\n北京\n上海") == "ja"


def test_a_quoted_sentence_is_what_a_prompt_is_about_and_a_quoted_passage_a_part_of_it() -> None:
    sentence, passage = "「吾輩は猫である。」", "「吾輩は猫である。名前はまだ無い。」"

    assert language_of_prompt(f"What does {sentence} mean?") == "en"
    assert language_of_prompt(f"What does {passage} mean?") == "mixed"


def test_a_prompt_in_no_language_is_unknown() -> None:
    assert categories_of("😀 42") == {UNKNOWN}


def test_a_prompt_in_two_languages_is_mixed() -> None:
    assert categories_of("Please answer in Japanese. 空はなぜ青いのですか?") == {MIXED}


@pytest.mark.parametrize("letter", ["a", "猫", "가", "カ"])
def test_a_long_prompt_is_measured_in_columns(letter: str) -> None:
    columns = 1 if letter == "a" else 2

    long, shorter = letter * (LONG_COLUMNS // columns), letter * (LONG_COLUMNS // columns - 1)

    assert LONG in categories_of(long)
    assert LONG not in categories_of(shorter)


WORDS = (
    "the cat is here",
    "ich habe das nicht",
    "猫である",
    "你好吗",
    "안녕하세요",
    "что это",
    "`a = 1`",
    "\n",
    ". ",
    "「",
    "」",
)


@given(st.text() | st.lists(st.sampled_from(WORDS)).map("".join))
def test_any_prompt_has_exactly_one_language_and_always_the_same(prompt: str) -> None:
    categories = categories_of(prompt)

    assert len([key for key in categories if key.startswith(LANGUAGE_PREFIX)]) == 1
    assert categories == categories_of(prompt)
