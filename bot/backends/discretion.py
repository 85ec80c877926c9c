"""What a model server said of a failure, without the words of those who asked and of those who answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.backends.base import ChatMessage

LENGTH = 8
"""Characters that are a quotation; fewer are found in what any two people write."""
OMITTED = "[…]"


def without_quotations(detail: str, conversation: Iterable[ChatMessage], reply: str = "") -> str:
    """Leave out of `detail` every passage that stands in the conversation or the reply as well.

    A text shorter than such a passage is left out whole. Spaces and capitals do not count: servers shorten
    what they quote, and so do we.
    """
    places = [place for place, character in enumerate(detail) if not character.isspace()]
    said = _squeezed(detail)
    quoted: set[int] = set()
    for text in map(_squeezed, (*(message.content for message in conversation), reply)):
        length = min(LENGTH, max(len(text), 1))
        for start in range(len(said) - length + 1):
            if said[start : start + length] in text:
                quoted.update(range(places[start], places[start + length - 1] + 1))
    return _without(detail, quoted)


def _squeezed(text: str) -> str:
    """Return the text without spaces, in capitals of one kind, and as long as that leaves it."""
    return "".join(character.lower()[:1] for character in text if not character.isspace())


def _without(text: str, places: set[int]) -> str:
    pieces: list[str] = []
    for place, character in enumerate(text):
        if place not in places:
            pieces.append(character)
        elif pieces[-1:] != [OMITTED]:
            pieces.append(OMITTED)
    return "".join(pieces)
