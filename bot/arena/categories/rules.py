"""The categories that a prompt belongs to when its battle opens. Pure; docs/categories.md has them in words.

The first prompt loads a language detector, which takes a tenth of a second: call this in a thread.
"""

from __future__ import annotations

from unicodedata import east_asian_width

from bot.arena.categories.code import holds_code
from bot.arena.categories.language import MIXED_LANGUAGES, UNKNOWN_LANGUAGE, language_of_prompt

__all__ = [
    "CODE",
    "FOLLOW_UP",
    "IMAGE",
    "LANGUAGE_PREFIX",
    "LONG",
    "LONG_COLUMNS",
    "MIXED",
    "UNKNOWN",
    "categories_of",
    "language_of_prompt",
]

CODE = "code"
LONG = "long"
FOLLOW_UP = "follow-up"
IMAGE = "image"
LANGUAGE_PREFIX = "lang:"
MIXED = f"{LANGUAGE_PREFIX}{MIXED_LANGUAGES}"
UNKNOWN = f"{LANGUAGE_PREFIX}{UNKNOWN_LANGUAGE}"

LONG_COLUMNS = 2000
"""A kanji, kana or Hangul character is two columns wide. Chatbot Arena's "longer query" begins at 500 tokens.
A token of English is about four letters, four columns; one of Japanese is one to two characters, two to four
columns, by the tokenizer. Four for both, so that it is certainly long in either."""


def categories_of(prompt: str) -> frozenset[str]:
    """Return the built-in categories: exactly one language, and what else is true of the prompt."""
    others = {CODE: holds_code(prompt), LONG: _columns(prompt) >= LONG_COLUMNS}
    language = f"{LANGUAGE_PREFIX}{language_of_prompt(prompt)}"
    return frozenset((language, *(category for category, holds in others.items() if holds)))


def _columns(prompt: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in prompt)
