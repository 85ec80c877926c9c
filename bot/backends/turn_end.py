"""Cuts a reply where the tokens of its model's template show through at its end."""

from __future__ import annotations

import re

from bot.backends.prose import Prose
from bot.backends.reasoning_markup import Beginnings, any_of

_ENDS = (
    *("<|im_end|>", "<end_of_turn>", "<|eot_id|>", "<|endoftext|>", "</s>", "<|end|>", "<|return|>"),
    *("<|call|>", "<|end_of_text|>", "<|eom_id|>", "<|eot|>", "<|eom|>", "<|eos|>", "<eos>"),
    *("<|end_of_turn|>", "<turn|>", "<|END_OF_TURN_TOKEN|>", "<|endofprompt|>", "<|endofturn|>"),
    *("[|endofturn|]", "<|end_of_sentence|>", "<｜end▁of▁sentence｜>", "<|role_end|>", "<|im_sep|>"),
    *("<|fim_end|>", "<|eod|>", "<|sep|>", "[e~["),
)
_TURNS = (
    *("<|im_start|>", "<start_of_turn>", "<|start_header_id|>", "<|user|>", "<|start|>", "<｜User｜>"),
    *("<|turn>", "<|assistant|>", "<｜Assistant｜>", "<|system|>", "<|observation|>"),
    *("<|START_OF_TURN_TOKEN|>", "[INST]", "<|USER_TOKEN|>", "[|user|]", "<|header_start|>"),
    *("<|begin_of_text|>", "<s>", "<bos>"),
)
_INVENTED = ("user\n", "user:", "User:", "USER:", "Human:", "human\n", "### ", "Q:")
_TOKEN = re.compile(any_of(*_ENDS, *_TURNS))
_MORE_ENDS = re.compile(rf"(?:\s*+(?:{any_of(*_ENDS)}))*+\s*+")
_BEGINNINGS = Beginnings(*_ENDS, *_TURNS)
_MOST_HELD_CHARS = 1000
# What a turn for the user looks like, whose token came without one that ended the model's own.
_USERS = re.compile(r"\s*(?:user|human|User|Human)(?= *[\n:<\[])")
_OPENINGS = (*_INVENTED, "user ", "human ", "User ", "Human ")
_OF_USERS = ("<|user|>", "<｜User｜>", "<|USER_TOKEN|>", "[|user|]")


class TurnEnd:
    """Holds a template's token back until what follows tells whether the model's turn ended there.

    It did at the end of the reply, and before a turn that the model invents for somebody else. What is
    written about such tokens goes on after them, and stays.
    """

    def __init__(self) -> None:
        self._prose = Prose()
        self._rest = ""
        self._is_over = False
        self._strikes_out = False

    def feed(self, text: str) -> str:
        """Return what certainly belongs to the model's own turn."""
        if self._is_over:
            return ""
        work, self._rest = self._rest + text, ""
        passed: list[str] = []
        while work and not self._is_over:
            found = _TOKEN.search(work)
            if found is None:
                passed.append(self._pass(self._without_beginning(work)))
                break
            passed.append(self._pass(work[: found.start()]))
            work = self._judge(found[0], work[found.start() :], passed)
        return "".join(passed)

    def finish(self) -> str:
        """Return what was held back and is no token; what is one has nothing behind it."""
        rest, self._rest = self._rest, ""
        return "" if self._is_over or _TOKEN.match(rest) else rest

    def _judge(self, mark: str, work: str, passed: list[str]) -> str:
        """Look at a token and what follows it; return what is still to be read."""
        rest = work[len(mark) :]
        if mark in _TURNS:
            is_over, is_open = self._begins_users_turn(mark, rest), _is_open(rest.lstrip())
        else:
            after = _without_ends(rest[:_MOST_HELD_CHARS])
            is_over, is_open = _begins_turn(after), _is_open(after)
        if (is_over and not self._prose.is_code) or (is_open and len(rest) > _MOST_HELD_CHARS):
            self._is_over = True
            return ""
        if is_open and not (mark == "</s>" and self._strikes_out):
            self._rest = work
            return ""
        passed.append(self._pass(mark))
        return rest

    def _begins_users_turn(self, mark: str, rest: str) -> bool:
        if mark in _OF_USERS:
            return rest.startswith("\n") or (self._prose.line_is_blank and bool(rest.strip()))
        return _USERS.match(rest) is not None and not self._prose.is_quoted

    def _without_beginning(self, work: str) -> str:
        cut = len(work) - _BEGINNINGS.chars(work)
        self._rest = work[cut:]
        return work[:cut]

    def _pass(self, text: str) -> str:
        self._prose.read(text)
        self._strikes_out = self._strikes_out or "<s>" in text
        return text


def _without_ends(text: str) -> str:
    found = _MORE_ENDS.match(text)
    return text[found.end() :] if found else text


def _begins_turn(after: str) -> bool:
    return _TOKEN.match(after) is not None or after.startswith(_INVENTED)


def _is_open(after: str) -> bool:
    """Tell whether too little is known of what follows."""
    return not after or after in _BEGINNINGS or any(words.startswith(after) for words in _OPENINGS)
