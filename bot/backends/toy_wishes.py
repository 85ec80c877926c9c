"""What a prompt asks a toy for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

_SUBJECT_CHARS = 24
_MOST_POINTS = 5
_USUAL_POINTS = 3
_JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
# Hiragana mostly joins the words that others write.
_JAPANESE_WORD = re.compile(r"[\u30a1-\u30ff\u4e00-\u9fff々]+")
_OTHER_WORD = re.compile(r"(?:(?![\u3040-\u9fff])[^\W\d_]){4,}")
_ABOUT = re.compile(
    r"\b(?:about|of|for|on|to|(?:why|how|what)\s+(?:is|are|do|does))\s+(?:learning\s+)?(?:an?\s+|the\s+)?"
    r"((?:(?![\u3040-\u9fff])[^\W\d_]){3,})",
    re.IGNORECASE,
)
_JAPANESE_ABOUT = re.compile(r"([\u30a1-\u30ff\u4e00-\u9fff々]+)(?:について|を|の)")
_POEM = re.compile(r"\b(?:haikus?|poems?|verses?|rhymes?)\b|俳句|詩|川柳|短歌", re.IGNORECASE)
_LIST = re.compile(
    r"\b(?:lists?|tips?|points?|ways?|steps?|reasons?|ideas?)\b|箇条書き|コツ|ポイント|[3-5三四五]つ|理由",
    re.IGNORECASE,
)
_COUNT = re.compile(r"\b(two|three|four|five|[2-5])\b|([2-5２-５二三四五])(?:つ|個)", re.IGNORECASE)
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "二": 2, "三": 3, "四": 4, "五": 5}
_SUM = re.compile(r"(?<![\d.])(\d{1,6})\s*([-+*×x÷/])\s*(\d{1,6})(?![\d.])")
_WORDS_OF_FORM = frozenset({"haiku", "poem", "list", "tips", "write", "give", "three", "about", "explain"})
_JAPANESE_WORDS_OF_FORM = frozenset({"俳句", "詩", "川柳", "短歌", "詠", "教", "書", "コツ", "説明"})


class AnswerForm(Enum):
    POEM = auto()
    LIST = auto()
    SUM = auto()
    TALK = auto()


@dataclass(frozen=True, slots=True)
class Wish:
    """What a prompt asks for; `result` is that of a sum."""

    prompt: str
    form: AnswerForm
    subject: str
    points: int
    result: str
    japanese: bool


def wish_of(prompt: str) -> Wish:
    japanese = _JAPANESE.search(prompt) is not None
    result = _result(prompt)
    form = AnswerForm.TALK
    if result:
        form = AnswerForm.SUM
    elif _POEM.search(prompt):
        form = AnswerForm.POEM
    elif _LIST.search(prompt):
        form = AnswerForm.LIST
    return Wish(prompt, form, _subject(prompt, japanese=japanese), _points(prompt), result, japanese)


def _result(prompt: str) -> str:
    """Work out a sum of two whole numbers; nothing where there is none."""
    found = _SUM.search(prompt)
    if found is None:
        return ""
    one, other = int(found[1]), int(found[3])
    match found[2]:
        case "+":
            return str(one + other)
        case "-":
            return str(one - other)
        case "÷" | "/":
            return f"{one / other:g}" if other else ""
        case _:
            return str(one * other)


def _points(prompt: str) -> int:
    found = _COUNT.search(prompt)
    if found is None:
        return _USUAL_POINTS
    figure = (found[1] or found[2]).lower()
    return min(_COUNTS.get(figure) or int(figure), _MOST_POINTS)


def _subject(prompt: str, *, japanese: bool) -> str:
    """Return what follows "about" or the like, or the longest word: of several the last, after the verb."""
    about, word, of_form = (
        (_JAPANESE_ABOUT, _JAPANESE_WORD, _JAPANESE_WORDS_OF_FORM)
        if japanese
        else (_ABOUT, _OTHER_WORD, _WORDS_OF_FORM)
    )
    if japanese and not word.search(prompt):
        word = _OTHER_WORD
    named = [found for found in about.findall(prompt) if found.lower() not in of_form]
    if named:
        return named[0][:_SUBJECT_CHARS]
    words = word.findall(prompt)
    better = [each for each in words if each.lower() not in of_form] or words
    return max(reversed(better), key=len, default="それ" if japanese else "it")[:_SUBJECT_CHARS]
