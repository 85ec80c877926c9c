"""How one model's server wants to be asked, as it is learned from what it refuses."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.backends.base import ChatMessage, Failure, Generation
from bot.backends.protocols.json_values import fields, is_object

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from bot.backends.protocols.complaints import Complaint

SAMPLING = (
    *("temperature", "top_p", "top_k", "min_p", "typical_p", "seed", "logit_bias", "topP", "topK"),
    *("presence_penalty", "frequency_penalty", "repetition_penalty", "repeat_penalty"),
)
LIMITS = ("max_tokens", "max_output_tokens", "max_completion_tokens", "max_new_tokens", "num_predict")
"""What the longest reply is called anywhere: gateways pass on what the server behind them says."""
FEW_CHARS = 500
"""The smallest contexts hold 512 tokens, and hardly a script takes more than a token a character."""
STREAM_OPTIONS = "stream_options"
SYSTEM = "system prompt"

# Templates of Gemma and others know no such role; o1-mini and Gemini's API for Gemma say so in other words.
_REFUSES_SYSTEM = re.compile(
    r"system['\"`]? (?:role|message|prompt|instruction)s?\b.{0,60}\b(?:not|unsupported|invalid|unknown)\b"
    r"|(?:developer|system)[ _]?instructions?\b.{0,60}\bnot\b|\bunknown name.{0,3}system"
    r"|(?:unexpected|invalid|unknown|unsupported|unrecognized)\b.{0,30}\brole\b.{0,10}\bsystem\b"
    r"|\brole\b.{0,40}\bshould be ['\"`]?(?:user|assistant|model)\b|\bsystem: extra inputs"
    r"|not (?:support|allow|accept)\w*.{0,30}\bsystem\b|['\"`]system['\"`].{0,40}\bnot\b"
    r"|does not support ['\"`]?system|roles must alternate"
    r"|only (?:supports? )?user(?:,| and) (?:model|assistant)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Asking:
    """How a model is asked next: `left_out` are the parameters that its server refuses."""

    generation: Generation
    left_out: tuple[str, ...] = ()
    limit: int = 0
    """Which of the names that its protocol has for the longest reply."""

    @property
    def system_prompt(self) -> str | None:
        return self.generation.system_prompt if self.has(SYSTEM) else None

    @property
    def temperature(self) -> float | None:
        return self.generation.temperature if self.has("temperature") else None

    def has(self, parameter: str) -> bool:
        return parameter not in self.left_out

    def extras(self, extra_body: Mapping[str, object]) -> dict[str, object]:
        """Return what is asked for besides, also in objects such as Gemini's `generationConfig`."""
        return {name: self._kept(value) for name, value in extra_body.items() if self.has(name)}

    def _kept(self, value: object) -> object:
        if not is_object(value):
            return value
        return {name: inner for name, inner in fields(value).items() if self.has(name)}

    def without(self, parameter: str) -> Asking:
        return replace(self, left_out=(*self.left_out, parameter))

    def without_limit(self, name: str) -> Asking:
        return replace(self.without(name), generation=replace(self.generation, max_output_tokens=None))


class Habits:
    """What was learned of one model's server, for as long as the process lives."""

    def __init__(self, generation: Generation, limits: Sequence[str]) -> None:
        """`limits`: the names of the longest reply, in the order in which they are tried."""
        self.asking = Asking(generation)
        self._limits = limits

    @property
    def left_out(self) -> tuple[str, ...]:
        return self.asking.left_out

    def worded(self, conversation: tuple[ChatMessage, ...]) -> tuple[ChatMessage, ...]:
        """Put the system prompt before the first message's words, where the server knows no such role."""
        prompt = self.asking.generation.system_prompt
        if prompt is None or self.asking.has(SYSTEM):
            return conversation
        first, *others = conversation
        return (replace(first, content=f"{prompt}\n\n{first.content}"), *others)

    def learn(self, complaint: Complaint, sent: Collection[str], chars: int) -> str | None:
        """Ask otherwise from now on, if that may help.

        `sent` are the parameters of the refused request, `chars` is the length of its conversation. Returns
        what changed, in words; `None` where there is nothing to try.
        """
        message = complaint.message
        if complaint.failure is Failure.PROMPT_TOO_LONG:
            # What does not fit into the context beside a few words is the room that the reply is to have.
            return self._learn_limit(message, sent) if chars < FEW_CHARS else None
        if complaint.failure in (Failure.AUTH, Failure.RATE_LIMITED):
            return None
        if changed := self._learn_limit(message, sent):
            return changed
        for name in (STREAM_OPTIONS, *SAMPLING):
            if name in sent and self.asking.has(name) and _names(message, name):
                self.asking = self.asking.without(name)
                return f"{name} is left out"
        return self._learn_system(message)

    def _learn_limit(self, message: str, sent: Collection[str]) -> str | None:
        asking = self.asking
        now, *later = self._limits[asking.limit :]
        if now not in sent or not asking.has(now):
            return None
        names = (now, *later, *LIMITS)
        if not any(_names(message, name) for name in names) and "in the completion" not in message:
            return None
        if later:
            self.asking = replace(asking, limit=asking.limit + 1)
            return f"{later[0]} in place of {now}"
        self.asking = asking.without_limit(now)
        return f"{now} is left out"

    def _learn_system(self, message: str) -> str | None:
        asking = self.asking
        if asking.generation.system_prompt is None or not asking.has(SYSTEM):
            return None
        if _REFUSES_SYSTEM.search(message) is None:
            return None
        self.asking = asking.without(SYSTEM)
        return "the system prompt goes before the first message"


def _names(message: str, parameter: str) -> bool:
    """Tell whether a parameter is named, as it is written or in words: `topP`, `top_p`, "Top P"."""
    words = re.split(r"_|(?<=[a-z])(?=[A-Z])", parameter)
    pattern = rf"(?<![A-Za-z_]){'[_ ]?'.join(words)}(?![A-Za-z_])"
    return re.search(pattern, message, re.IGNORECASE) is not None


def joined(request: dict[str, object], extras: Mapping[str, object]) -> dict[str, object]:
    """Put extras into a request; of an object that both have, such as `options`, the others' fields stay."""
    found = dict(request)
    for name, value in extras.items():
        own = found.get(name)
        found[name] = {**fields(own), **fields(value)} if is_object(own) and is_object(value) else value
    return found
