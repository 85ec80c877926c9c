"""How the families of models mark their reasoning, as vLLM's, SGLang's and llama.cpp's parsers know them."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReasoningMarkup:
    """`closing` ends what `opening` began, and all before it where nothing did."""

    opening: str
    closing: str
    at_start: bool = False
    """Ordinary words, which mean reasoning only where a reply begins with them."""
    turn_end: str = ""
    """Ends it too, but nothing that nobody opened: a token that ends any turn."""

    @property
    def end(self) -> re.Pattern[str]:
        """Find the closing marker, other than one that the reasoning is about."""
        closings = "|".join(re.escape(each) for each in (self.closing, self.turn_end) if each)
        return re.compile(f"(?<![`\"'“「])(?:{closings})", re.IGNORECASE)

    @property
    def end_chars(self) -> int:
        return max(len(self.closing), len(self.turn_end))


def _tag(name: str) -> ReasoningMarkup:
    return ReasoningMarkup(f"<{name}>", f"</{name}>")


CHANNEL = "<|channel|>"
"""Harmony, of gpt-oss: a header of role and channel, `<|message|>`, and then what is said in that channel."""
HEADERS = (CHANNEL, "<|start|>")
HEADER_END = "<|message|>"
HEADER_CHARS = 200
BARE_CHANNEL = "analysis"
"""Harmony, of which the server dropped the special tokens alone."""

MARKUPS = (
    *map(_tag, ("think", "thinking", "thought", "thoughts", "reasoning", "reason", "reflection")),
    *map(_tag, ("scratchpad", "antThinking", "inner_monologue", "seed:think", "mm:think")),
    *map(_tag, ("long_think", "longcat_think")),
    ReasoningMarkup("[THINK]", "[/THINK]"),
    ReasoningMarkup("[THINKING]", "[/THINKING]"),
    ReasoningMarkup("[REASONING]", "[/REASONING]"),
    ReasoningMarkup("◁think▷", "◁/think▷"),
    ReasoningMarkup("<|START_THINKING|>", "<|END_THINKING|>"),
    ReasoningMarkup("<|begin_of_thought|>", "<|end_of_thought|>"),
    ReasoningMarkup("<|inner_prefix|>", "<|inner_suffix|>"),
    ReasoningMarkup("<|think|>", "<|/think|>", turn_end="<|end|>"),
    ReasoningMarkup("<|thinking|>", "<|/thinking|>"),
    ReasoningMarkup("<think_start>", "<think_end>"),
    ReasoningMarkup("<|channel>", "<channel|>"),
    ReasoningMarkup("<unused94>", "<unused95>"),
    ReasoningMarkup("Here is my thought process:", "Here is my response:", at_start=True),
    ReasoningMarkup("Here's my thought process:", "Here's my response:", at_start=True),
    ReasoningMarkup("Here are my reasoning steps:", "[BEGIN FINAL RESPONSE]", at_start=True),
    ReasoningMarkup(BARE_CHANNEL, "assistantfinal", at_start=True),
)
WRAPPERS = (
    "<|START_RESPONSE|>",
    "<|END_RESPONSE|>",
    "<|begin_of_solution|>",
    "<|end_of_solution|>",
    "<|begin_of_box|>",
    "<|end_of_box|>",
    "[END FINAL RESPONSE]",
    "<|begin|>assistant<|content|>",
)
"""What some families put around the answer itself."""
_ANSWERS = ("answer", "response", "output")
ANSWER_OPENINGS = frozenset(f"<{name}>" for name in _ANSWERS)
ANSWER_CLOSINGS = frozenset(f"</{name}>" for name in _ANSWERS)
"""What Hunyuan, ERNIE and Marco put around it, in common words: that right behind a reasoning alone."""

BY_OPENING = {markup.opening.lower(): markup for markup in MARKUPS}
CLOSINGS = frozenset(markup.closing.lower() for markup in MARKUPS if not markup.at_start)
_ANYWHERE = [each for markup in MARKUPS if not markup.at_start for each in (markup.opening, markup.closing)]
_FRAMES = (*WRAPPERS, *sorted(ANSWER_OPENINGS | ANSWER_CLOSINGS))
_AT_START = [markup.opening for markup in MARKUPS if markup.at_start and markup.opening != BARE_CHANNEL]


def any_of(*markers: str) -> str:
    """Write a pattern that fails at once where the second character does: most texts have many a `<`."""
    grouped: dict[str, list[str]] = {}
    for marker in sorted(markers, key=len, reverse=True):
        grouped.setdefault(marker[0], []).append(marker[1:])
    return "|".join(
        f"{re.escape(first)}(?=[{re.escape(''.join({rest[0] for rest in rests}))}])"
        f"(?:{'|'.join(map(re.escape, rests))})"
        for first, rests in grouped.items()
    )


MARKER = re.compile(any_of(*_ANYWHERE, *_FRAMES, *HEADERS), re.IGNORECASE)
# No sentence begins with that word in small letters and goes on with a capital one.
_BARE_CHANNEL = rf"(?-i:{BARE_CHANNEL}(?=[A-Z]))"
MARKER_AT_START = re.compile(
    f"{any_of(*_ANYWHERE, *_FRAMES, *HEADERS, *_AT_START)}|{_BARE_CHANNEL}", re.IGNORECASE
)


class Beginnings:
    """Recognises at the end of a text the first characters of a marker."""

    def __init__(self, *markers: str) -> None:
        self._known = {marker[:length] for marker in markers for length in range(1, len(marker))}
        self._first = re.compile(f"[{re.escape(''.join({marker[0] for marker in markers}))}]")
        self.longest = max(map(len, self._known))

    def __contains__(self, text: str) -> bool:
        return text in self._known

    def chars(self, text: str) -> int:
        """Count the last characters that may become a marker; the most there can be."""
        for found in self._first.finditer(text, max(0, len(text) - self.longest)):
            if text[found.start() :] in self._known:
                return len(text) - found.start()
        return 0


_FOLDED = [marker.lower() for marker in (*_ANYWHERE, *_FRAMES, *HEADERS)]
BEGINNINGS = Beginnings(*_FOLDED)
BEGINNINGS_AT_START = Beginnings(*_FOLDED, *map(str.lower, _AT_START), f"{BARE_CHANNEL}.")

CONNECTIVES = frozenset(
    {"and", "or", "to", "through", "until", "...", "…", "/", "-", "と", "から", "や", "〜"}
)
"""What stands between two markers where a sentence names them both."""

# How models begin that think before they answer, and do not say so. Where their template opened the block
# and their server does not split it off, nothing else tells until the closing marker comes.
_ALOUD = (
    *("Okay", "OK, ", "Ok, ", "Alright", "All right", "Hmm", "hmm", "Let me ", "Let's ", "Wait"),
    *("The user ", "User ", "We need ", "We have ", "We are ", "I need ", "I should ", "I have to "),
    *("So the user ", "So, ", "First, I ", "First, the user", "Thinking", "Thought", "Now, ", "Got it"),
    *("嗯", "好的", "好，", "首先", "用户", "我需要", "让我", "まず", "ユーザー", "うーん", "えっと"),
)


def may_think_aloud(beginning: str) -> bool:
    """Tell whether a reply that begins so, as far as it is known, may be a reasoning that nothing opened."""
    return any(beginning.startswith(words) or words.startswith(beginning) for words in _ALOUD)


def opens_reasoning(prompt: str) -> bool:
    """Tell whether a prompt ends within a block of reasoning, so that the reply begins in the midst of it."""
    last = next(reversed(MARKER.findall(prompt)), "").lower()
    return last in BY_OPENING or last == CHANNEL
