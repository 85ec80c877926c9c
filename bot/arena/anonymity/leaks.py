"""Does a reply give its model away? Pure.

Two things do. One is the contestant's own name, wherever it stands. The other is a reply that names itself:
"I am X", "made by X" of the speaker, for any X of the known makers and families. Their names alone are more
often a reply's subject than its signature ("Claude Monet", "a llama", "phi = 1.618").

How well that works is measured: `python -m bench.leaks`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from bot.arena.anonymity import english, japanese
from bot.arena.anonymity.model_names import any_of, bracketed, kind_of, spelling, with_version, word
from bot.arena.anonymity.passages import own_words, plain, sentences
from bot.domain.battle import Side, UnratedReason

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from bot.domain.battle import Battle


ENDS = 300
"""Characters of a reply's first and last lines that are searched."""
# Whoever says "I" in an answer to these is somebody else.
_ROLES = re.compile(
    r"(?<![a-z])(?:story|tale|poem|haiku|limerick|sonnet|scene|monologue|dialogue|script|skit|sketch|lyrics"
    r"|song|letter|bio|biography|résumé|resume|cv|novel|fan ?fiction|speech|diary|puppet|pretend|role-?play"
    r"|act (?:as|like)|imagine (?:that )?you|you are now|in the (?:voice|style|role) of|as if you were"
    r"|perspective of)(?![a-z])"
    r"|小説|物語|詩を|台本|脚本|会話劇|コント|セリフ|台詞|童話|昔話|紙芝居|手紙|日記|歌詞|自己PR|経歴書|履歴書"
    r"|志望動機|なりき|演じ|ロールプレイ|ふりをし|振る舞|口調で|ブログ",
    re.IGNORECASE,
)
# What prompts about models hold: their replies may well name some.
_MODELS = re.compile(
    r"⟦[^W]|(?<![a-z])(?:AIs?|LLMs?|language models?|chatbots?|assistants?)(?![a-z])"
    r"|人工知能|言語モデル|チャットボット|アシスタント",
    re.IGNORECASE,
)
_FAINTER = {"P": "W", "M": "N", "C": "N"}
"""How the kinds of names count where a reply speaks in somebody else's voice."""
Names: TypeAlias = "Mapping[Side, Collection[str]]"
"""What gives each side's model away."""


class LazyPatterns:
    """Patterns that are compiled with the first reply: all of them take longer than the rest of the start."""

    def __init__(self, *patterns: str) -> None:
        self._patterns = patterns

    def __iter__(self) -> Iterator[re.Pattern[str]]:
        return iter(self._compiled)

    @cached_property
    def _compiled(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(pattern, re.IGNORECASE) for pattern in self._patterns)


SELF_NAMING = LazyPatterns(*english.SELF_NAMING, *japanese.SELF_NAMING)
UNASKED = LazyPatterns(*english.UNASKED, *japanese.UNASKED)
FIRST_LINES = LazyPatterns(*english.FIRST_LINES, *japanese.FIRST_LINES)
LAST_LINES = LazyPatterns(*english.LAST_LINES, *japanese.LAST_LINES)
QUESTIONS = LazyPatterns(*english.QUESTIONS, *japanese.QUESTIONS)


def find_leak(reply: str, prompt: str, names: Collection[str]) -> str | None:
    """Return the words by which `reply` gives its model away, or None.

    `names` are the contestant's own: its display name, model id, aliases. What the prompt names already may
    be mentioned freely, but no reply may call itself by it, unless it plays a role. The words are as in the
    reply, save for widths, quotation marks and emphasis.
    """
    own = [name for name in names if any(map(str.isalnum, name))]
    asked = plain(prompt)
    naming = _own_mention(plain(reply), asked, own) or _self_naming(own_words(reply), asked, own)
    if naming is None and asks_identity(prompt):
        naming = _new_name(own_words(reply), asked, own)
    return naming and re.sub("⟦.|⟧", "", naming)


def asks_identity(prompt: str) -> bool:
    """Say whether a prompt, in English or Japanese, asks the models who they are or who made them."""
    return any(_first(QUESTIONS, sentence) for sentence in sentences(bracketed(own_words(prompt))))


def _first(patterns: Iterable[re.Pattern[str]], text: str) -> str | None:
    return next((found.group() for pattern in patterns if (found := pattern.search(text))), None)


def _own_mention(said: str, asked: str, names: Collection[str]) -> str | None:
    """Return a distinctive part of one of the names that stands in the reply but not in the prompt."""
    parts = (part for name in names for part in _distinctive_parts(name))
    unasked = (part for part in parts if not any_of([_family(part), spelling(part)]).search(asked))
    return _first([any_of(map(spelling, unasked))], said)


def _self_naming(said: str, asked: str, names: Collection[str]) -> str | None:
    """Return the words with which a reply calls itself by a name."""
    text = bracketed(said, [_own_spelling(name) for name in names])
    if "⟦" not in text:
        return None
    is_about_models = _MODELS.search(bracketed(asked)) is not None
    if _ROLES.search(asked):
        text = _in_another_voice(text, asked)
    patterns = SELF_NAMING if is_about_models else (*SELF_NAMING, *UNASKED)
    named = (sentence for sentence in sentences(text) if "⟦" in sentence)
    naming = next((words for sentence in named if (words := _first(patterns, sentence))), None)
    if naming is None and not is_about_models:
        lines = [line for line in text.strip().split("\n") if line.strip()]
        naming = _first(FIRST_LINES, "\n".join(lines[:2])[:ENDS]) or _first(
            LAST_LINES, "\n".join(lines[-2:])[-ENDS:]
        )
    return naming


def _in_another_voice(text: str, asked: str) -> str:
    """Let names count for less, and those of the prompt for nothing."""

    def fainter(name: re.Match[str]) -> str:
        if name[2].casefold() in asked.casefold():
            return name[2]
        return f"⟦{_FAINTER.get(name[1], name[1])}{name[2]}⟧"

    return re.sub("⟦(.)([^⟧]{0,300})⟧", fainter, text)


def _new_name(said: str, asked: str, names: Collection[str]) -> str | None:
    """Return the first unmistakable name in a reply that the prompt does not hold."""
    text = bracketed(said, [_own_spelling(name) for name in names])
    found = re.finditer("⟦[OFMB]([^⟧]*)⟧", text)
    return next((name.group() for name in found if name[1].casefold() not in asked.casefold()), None)


def _words(name: str) -> list[str]:
    """Split a name, or a model id without its `owner/`, at its separators."""
    return re.split(r"[\s\-_:()]+", plain(name).rsplit("/", 1)[-1].strip("-_:() "))


def _family(words: list[str]) -> str:
    """Return a pattern of the letters that a name begins with: `gpt` of GPT-4o, found in ChatGPT too."""
    letters = re.match(r"[^\W\d_]{3,}", words[0])
    return with_version(letters.group()) if letters else "(?!)"


def _distinctive_parts(name: str) -> Iterator[list[str]]:
    """Yield the beginnings of a name that cannot well be anything else, the longest first.

    They hold a number (`gpt-4o` of gpt-4o-mini) or are a family's name and more (Claude Sonnet); or the whole
    name is a family's that is no other word (ELYZA). Of other names, such as a code name that is a plain
    word, there are none: those count only where the reply calls itself so.
    """
    words = _words(name)
    beginnings = (words[:end] for end in range(len(words), 0, -1))
    yield from (part for part in beginnings if _is_numbered(part) or _is_of_a_family(part))
    if kind_of(name) in {"F", "B"}:
        yield words


def _is_numbered(words: list[str]) -> bool:
    """Say whether the words are long enough with their number: O3 is ozone, 70B only a size."""
    return re.fullmatch(r"(?=.{4})\D.*\d.*", "".join(words)) is not None


def _is_of_a_family(words: list[str]) -> bool:
    """Say whether the words are a family's name and more; Command-R is also what one presses on a Mac."""
    return len(words) > 1 < len(words[-1]) and any(kind_of(part) in {"F", "P", "B"} for part in words)


def _own_spelling(name: str) -> str:
    """Spell a name; a plain word only as it is written: someone who is calm is not the model CALM."""
    spelled = spelling(_words(name))
    return spelled if any(_distinctive_parts(name)) else word(spelled)


def judge(battle: Battle, names: Names) -> Battle:
    """Find out whether the replies keep the secret; a battle where one does not is not rated."""
    replies = {side: battle.contestant(side).reply for side in Side}
    return _judged(battle, battle.prompt, replies, names)


def judge_turn(battle: Battle, names: Names) -> Battle:
    """Find out whether the replies of the last turn keep the secret, as `judge` does for the first.

    What an earlier prompt names already is known to everyone.
    """
    turn = battle.turns[-1]
    replies = {side: turn.answer(side).reply for side in Side}
    prompts = "\n".join(prompt for prompt, _ in battle.exchanges(Side.A))
    return _judged(battle, prompts, replies, names)


def _judged(battle: Battle, prompt: str, replies: Mapping[Side, str], names: Names) -> Battle:
    a, b = (
        replace(contestant, leak=contestant.leak or find_leak(replies[side], prompt, names[side]))
        for side in Side
        for contestant in [battle.contestant(side)]
    )
    return replace(battle, a=a, b=b, unrated=battle.unrated or _reason(prompt, a.leak or b.leak))


def _reason(prompt: str, leak: str | None) -> UnratedReason | None:
    if asks_identity(prompt):
        return UnratedReason.ASKED_IDENTITY
    return UnratedReason.LEAK if leak else None
