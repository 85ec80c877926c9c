"""Leaves out the reasoning that some models write as text before their answer."""

from __future__ import annotations

from enum import Enum, auto

_CLOSING = {"<think>": "</think>", "<thinking>": "</thinking>"}
# A reply that starts with a closing tag comes from a template that opened the block in the prompt,
# for a model that did not reason.
_LEADING_TAGS = (*_CLOSING, *_CLOSING.values())


class _Place(Enum):
    BEFORE = auto()
    INSIDE = auto()
    AFTER = auto()
    ANSWER = auto()


class ReasoningFilter:
    """Removes one `<think>…</think>` or `<thinking>…</thinking>` from the very start of a reply.

    Text is held back only while it could still become a tag. A block that is never closed swallows
    the rest. Tags later in a reply are the model's text and stay.

    What it cannot do: where the prompt template opened the block (as DeepSeek's does) and the server
    does not split the reasoning off, the reply has a closing tag only. By the time that arrives the
    reasoning has been passed on, so it stays visible; such a server must be set to separate it
    (vLLM: `--reasoning-parser`, llama.cpp: `--reasoning-format deepseek`).
    """

    def __init__(self) -> None:
        self._place = _Place.BEFORE
        self._spaces: list[str] = []
        self._held = ""
        self._closing = ""

    def feed(self, text: str) -> str:
        """Return the part of the answer that is now certain, possibly empty."""
        match self._place:
            case _Place.ANSWER:
                return text
            case _Place.AFTER:
                return self._strip(text)
            case _Place.INSIDE:
                return self._seek_closing(text)
            case _Place.BEFORE:
                return self._seek_tag(text)

    def finish(self) -> str:
        """Return what was held back and turned out to be no tag."""
        return "".join(self._spaces) + self._held if self._place is _Place.BEFORE else ""

    def _seek_tag(self, text: str) -> str:
        if not self._held:
            start = text.lstrip()
            self._spaces.append(text[: len(text) - len(start)])
            text = start
        self._held += text
        for tag in _LEADING_TAGS:
            if self._held.startswith(tag):
                return self._enter(tag, self._held.removeprefix(tag))
        if any(tag.startswith(self._held) for tag in _LEADING_TAGS):
            return ""
        self._place = _Place.ANSWER
        return "".join(self._spaces) + self._held

    def _enter(self, tag: str, rest: str) -> str:
        self._held = ""
        if tag not in _CLOSING:
            return self._strip(rest)
        self._place, self._closing = _Place.INSIDE, _CLOSING[tag]
        return self._seek_closing(rest)

    def _seek_closing(self, text: str) -> str:
        reasoning, closing, answer = (self._held + text).partition(self._closing)
        if closing:
            return self._strip(answer)
        # Only as much as may be the beginning of the tag: long reasoning must not pile up.
        self._held = reasoning[-len(self._closing) + 1 :]
        return ""

    def _strip(self, text: str) -> str:
        answer = text.lstrip()
        self._place = _Place.ANSWER if answer else _Place.AFTER
        return answer
