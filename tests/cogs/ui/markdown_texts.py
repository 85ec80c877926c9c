"""Texts for the Markdown tests, rich in all that opens, closes, or must not be torn apart."""

import regex
from hypothesis import strategies as st

DELIMITERS = (
    "**",
    "__",
    "~~",
    "||",
    "``",
    "```",
    "```py\n",
    "\n```",
    "```c++\nint x;\n```\n",
    "`code`",
    "* ",
)
GRAPHEMES = ("👩‍👩‍👧", "🇯🇵", "か\u3099", "e\u0301", "\r\n")
WORDS = ("word ", "文。", "\n\n", "[label](http://x)", "<:a_b:1>", "a" * 30)
SNIPPETS = (*"*_|~`[]()<>@#\\\n \t.a絵", *DELIMITERS, *GRAPHEMES, *WORDS)

MARKDOWN = st.lists(st.sampled_from(SNIPPETS), max_size=80).map("".join)


def grapheme_ends(text: str) -> set[int]:
    return {0} | {grapheme.end() for grapheme in regex.finditer(r"\X", text)}
