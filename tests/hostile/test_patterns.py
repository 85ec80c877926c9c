"""No regular expression of ours takes long over a text that somebody made for it."""

from __future__ import annotations

import pkgutil
import re
from importlib import import_module
from typing import TYPE_CHECKING, cast

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

import bot
import cogs
from bot.arena.anonymity import leaks, model_names
from bot.config import Limits
from tests.examples import examples
from tests.hostile.processor_time import MOST, seconds_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

LONGEST = Limits().max_reply_chars
SENTENCE = 320
"""What `sentences` gives at once; the lines that are searched are as short."""
QUOTED = 500
TRIES = 3
PROMPT = 6_000
"""The longest option of a command; what sorts prompts reads nothing else."""

READ_IN_SENTENCES = {
    f"bot.arena.anonymity.leaks.{name}"
    for name in ("SELF_NAMING", "UNASKED", "FIRST_LINES", "LAST_LINES", "QUESTIONS")
}
SHORT = {
    "bot.backends.protocols.complaints._NO_SUCH_MODEL": QUOTED,
    "bot.backends.toy._PIECE": QUOTED,  # reads what a toy says, which repeats one word of the prompt
}
AT_THE_START = {"bot.arena.categories.language._OPENING", "bot.backends.turn_end._USERS"}
OF_BYTES = {"_EVENT_FIELD"}  # without a repetition
WORDS = re.compile(r"[^\W\d_]{2,}")
ALWAYS = list(" \n\t.a1A`-_・")


def found_patterns() -> dict[str, list[re.Pattern[str]]]:
    """Return the patterns that modules hold, by the name that holds them."""
    patterns: dict[str, list[re.Pattern[str]]] = {}
    seen: set[int] = set()
    for module in _modules():
        for name, value in vars(module).items():
            for pattern in _patterns_in(value):
                if id(pattern) not in seen and name not in OF_BYTES:
                    seen.add(id(pattern))
                    patterns.setdefault(f"{module.__name__}.{name}", []).append(pattern)
    patterns["bot.arena.anonymity.model_names.known_names"] = [model_names.known_names()]
    return patterns


def _modules() -> Iterator[ModuleType]:
    for package in (bot, cogs):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__") and ".migrations" not in found.name:
                yield import_module(found.name)


def _patterns_in(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern | regex.Pattern):
        yield cast("re.Pattern[str]", value)  # the two libraries' patterns are asked alike
    elif isinstance(value, tuple | leaks.LazyPatterns):
        for one in cast("tuple[object, ...]", value):
            yield from _patterns_in(one)
    elif isinstance(value, dict):
        for one in cast("dict[object, object]", value).values():
            yield from _patterns_in(one)


PATTERNS = found_patterns()


def hostile_texts(pattern: re.Pattern[str], length: int) -> st.SearchStrategy[str]:
    """Return texts that repeat what a pattern speaks of, and then end otherwise."""
    spelled = pattern.pattern
    piece = st.sampled_from(sorted({*spelled, *WORDS.findall(spelled), *ALWAYS}))
    end = st.sampled_from(["", "\n", "!", "\0"]) | piece

    def text(first: str, repeated: str, last: str) -> str:
        return f"{first}{repeated * (length // len(repeated) + 1)}"[:length] + last

    return st.builds(text, st.just("") | piece, st.lists(piece, min_size=1, max_size=4).map("".join), end)


def searches(name: str, pattern: re.Pattern[str], text: str) -> Callable[[], object]:
    """Return what reads the whole of a text with a pattern, as the code does."""
    if name in AT_THE_START:
        return lambda: pattern.match(text)
    return lambda: sum(1 for _ in pattern.finditer(text))


def test_the_patterns_of_every_module_are_known() -> None:
    assert READ_IN_SENTENCES | SHORT.keys() | AT_THE_START <= PATTERNS.keys()
    assert {"bot.arena.anonymity.model_names.known_names", "cogs.ui.markdown._LINK"} <= PATTERNS.keys()


@pytest.mark.parametrize("name", PATTERNS)
def test_no_pattern_holds_the_interpreter(name: str) -> None:
    for pattern in PATTERNS[name]:
        try_with_hostile_texts(name, pattern)


def try_with_hostile_texts(name: str, pattern: re.Pattern[str]) -> None:
    length = SENTENCE if name in READ_IN_SENTENCES else SHORT.get(name, LONGEST)
    if name.startswith("bot.arena.categories."):
        length = PROMPT
    times = LONGEST // length if name in READ_IN_SENTENCES else 1

    @examples(30)
    @given(hostile_texts(pattern, length))
    def is_quick(text: str) -> None:
        search = searches(name, pattern, text)
        # Some sentences take less than a collection of garbage that happens to fall into them.
        assert any(seconds_of(search) * times < MOST for _ in range(TRIES)), (pattern, text[:100])

    is_quick()
