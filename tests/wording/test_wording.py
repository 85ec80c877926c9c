"""One term for one thing: what terms.toml forbids is in no text, in either language."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from tests.wording.copy_texts import LANGUAGES, copy_of


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"pattern": "not"}):
    """A wording that was given up, and what is said instead."""

    pattern: str
    such_as: str
    say: str
    why: str


TEXT = (Path(__file__).parent / "terms.toml").read_text(encoding="utf-8")
TERMS = msgspec.convert(tomllib.loads(TEXT), dict[str, list[Term]])
EVERY_TERM = [pytest.param(lang, each, id=f"{lang}-{each.say}") for lang in TERMS for each in TERMS[lang]]

of_every_term = pytest.mark.parametrize(("language", "term"), EVERY_TERM)


def test_both_languages_have_terms() -> None:
    assert set(TERMS) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_kinds_of_texts_are_read(language: str) -> None:
    places = {re.sub(r":\d+$", "", place) for place, _ in copy_of(language)}

    readme = "README.md" if language == "en" else "docs/README.ja.md"
    assert {f"{language} catalogue", f"words-{language}.js", readme} <= places


@of_every_term
def test_a_term_finds_what_it_forbids_and_not_what_is_said_instead(language: str, term: Term) -> None:
    assert re.search(term.pattern, term.such_as), language
    assert not re.search(term.pattern, term.say), language


@of_every_term
def test_no_text_says_what_was_given_up(language: str, term: Term) -> None:
    found = [f"{place}: {text}" for place, text in copy_of(language) if re.search(term.pattern, text)]

    assert not found, f"say “{term.say}”: {term.why}"
