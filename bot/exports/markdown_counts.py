"""How much Markdown a reply uses: what arena's style control is computed from.

The counts are those of Chatbot Arena's own pipeline: outside code blocks, headings by level, list items by
kind, bold by its mark.
"""

from __future__ import annotations

import re

import msgspec

_CODE_BLOCK = re.compile(r"```[^`]*```")
_HEADING = re.compile(r"^(#{1,6})[ \t].", re.MULTILINE)
_ORDERED = re.compile(r"^[ \t]*\d+\.[ \t].", re.MULTILINE)
_UNORDERED = re.compile(r"^[ \t]*[-*+][ \t].", re.MULTILINE)
_STARS = re.compile(r"\*\*[^*\n]+\*\*")
_UNDERSCORES = re.compile(r"__[^_\n]+__")


class Headings(msgspec.Struct, frozen=True):
    h1: int
    h2: int
    h3: int
    h4: int
    h5: int
    h6: int


class Lists(msgspec.Struct, frozen=True):
    ordered: int
    unordered: int


class Bold(msgspec.Struct, frozen=True):
    stars: int = msgspec.field(name="**")
    underscores: int = msgspec.field(name="__")


class Markup(msgspec.Struct, frozen=True):
    headings: Headings
    lists: Lists
    bold: Bold


def markup(reply: str) -> Markup:
    text = _CODE_BLOCK.sub("", reply)
    levels = [len(mark) for mark in _HEADING.findall(text)]
    return Markup(
        Headings(*(levels.count(level) for level in range(1, 7))),
        Lists(len(_ORDERED.findall(text)), len(_UNORDERED.findall(text))),
        Bold(len(_STARS.findall(text)), len(_UNDERSCORES.findall(text))),
    )
