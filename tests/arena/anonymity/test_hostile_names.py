"""Names that somebody chose for their patterns to be slow."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.arena.anonymity.leaks import find_leak
from bot.arena.anonymity.model_names import any_of, spelling
from bot.arena.anonymity.passages import plain
from bot.config import Limits
from tests.examples import examples
from tests.hostile.processor_time import MOST, seconds_of

NAME = 80
REPLY = Limits().max_reply_chars
BOATS = "Tell me something about boats."

pieces = st.sampled_from([*"・-_.:/ ()a1ーァxあ", "GPT", "a1", "4o", "Claude", "Ⅷ", "４"])
repeated = st.lists(pieces, min_size=1, max_size=6).map("".join)
names = repeated.map(lambda piece: (piece * NAME)[:NAME]) | st.lists(pieces, max_size=NAME).map(
    lambda some: "".join(some)[:NAME]
)


@examples(300)
@given(names, repeated, st.sampled_from(["", "begun"]))
@example("・." * 39 + "a", "・", "")
@example("GPT" + "・-" * 12 + "4", "-", "begun")
@example(" ".join("a" * 20) + " 1 " + "b " * 18, "a ", "")
def test_no_name_makes_a_search_slow(name: str, repeated: str, is_begun: str) -> None:
    assume(any(map(str.isalnum, name)))
    text = plain(f"{name[:-1] if is_begun else ''}{repeated * (REPLY // len(repeated))}!")

    words = plain(name).split()
    pattern = any_of(spelling(words[:end]) for end in range(1, len(words) + 1))

    assert seconds_of(lambda: pattern.sub("", text)) < MOST, (name, repeated)


@pytest.mark.parametrize("separators", ["・", "-・", "・・", "_.", "・."])
def test_a_name_that_is_full_of_separators_is_read_in_no_time(separators: str) -> None:
    name = ("GPT" + separators * NAME)[: NAME - 1] + "4"
    reply = "GPT" + separators[0] * REPLY + "!"

    assert seconds_of(lambda: find_leak(reply, BOATS, [name])) < 2


@pytest.mark.parametrize("name", ["GPT・-4", "-GPT-・4", "GPT・・4.", "・GPT_・4"])
def test_separators_within_a_name_may_be_others_in_the_reply(name: str) -> None:
    assert find_leak("Such systems, GPT-4 among them, learn from text.", BOATS, [name])
    assert find_leak("Such systems, GPT5 among them, learn from text.", BOATS, [name]) is None


@pytest.mark.parametrize("name", ["owner/・", "a/", "1/_-"])
def test_a_name_of_which_nothing_is_left_is_found_nowhere(name: str) -> None:
    assert find_leak("I am tired, and I'm late.", BOATS, [name]) is None
