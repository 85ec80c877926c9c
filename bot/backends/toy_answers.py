"""What toys say: each in its own manner, but always what was asked for."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from enum import Enum, auto

from bot.backends.toy_knowledge import known_answer

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


class Form(Enum):
    POEM = auto()
    LIST = auto()
    SUM = auto()
    TALK = auto()


@dataclass(frozen=True, slots=True)
class Wish:
    """What a prompt asks for; `result` is that of a sum."""

    prompt: str
    form: Form
    subject: str
    points: int
    result: str
    japanese: bool


class SeededPicks:
    """Picks that depend on nothing but the seed."""

    def __init__(self, seed: str) -> None:
        self._state = zlib.crc32(seed.encode())

    def one(self, choices: tuple[str, ...]) -> str:
        self._state = zlib.crc32(self._state.to_bytes(4, "big"))
        return choices[self._state % len(choices)]

    def some(self, choices: tuple[str, ...], count: int) -> list[str]:
        """Pick so many different ones, in their order from a place."""
        first = choices.index(self.one(choices))
        return [*choices[first:], *choices[:first]][:count]


def wish_of(prompt: str) -> Wish:
    japanese = _JAPANESE.search(prompt) is not None
    result = _result(prompt)
    form = Form.TALK
    if result:
        form = Form.SUM
    elif _POEM.search(prompt):
        form = Form.POEM
    elif _LIST.search(prompt):
        form = Form.LIST
    return Wish(prompt, form, _subject(prompt, japanese=japanese), _points(prompt), result, japanese)


def poet(wish: Wish, draw: SeededPicks) -> str:
    subject = wish.subject
    if wish.japanese:
        first = draw.one(("春の風", "秋の暮れ", "朝の霧", "冬の月"))
        last = draw.one(("ただ静か", "鐘の音", "猫眠る", "雨やどり"))
        lines = (first, f"{subject}ひとつ", last)
        return _by_form(
            wish,
            lines=lines,
            points=(
                f"{subject}を雨のように眺める。",
                "声に出してゆっくり言う。",
                "ひとつだけ残す。",
                "遠回りして帰る。",
                "また始める。",
            ),
            total=f"*指を折り*\n*{wish.result}と知る*\n*{last}*",
            talk=_poem(lines),
        )
    first = draw.one(("Morning light returns", "An old pond, waiting", "Snow on quiet roofs"))
    last = draw.one(("and the tea grows cold", "nobody asks why", "a frog jumps in, splash"))
    lines = (f"{first},", f"{subject} drifts past the window,", f"{last}.")
    return _by_form(
        wish,
        lines=lines,
        points=(
            f"Watch {subject} the way one watches rain.",
            "Say it aloud, slowly.",
            "Leave one thing out.",
            "Walk home the long way.",
            "Begin again.",
        ),
        total=f"*I count on my hands:*\n*{wish.result} it is, no more,*\n*{last}.*",
        talk=_poem(lines),
    )


def philosopher(wish: Wish, draw: SeededPicks) -> str:
    subject = wish.subject
    if wish.japanese:
        thought = draw.one(
            ("川に二度入ることはできません。", "私が知るのは、何も知らないということだけです。")
        )
        return _by_form(
            wish,
            lines=(f"{subject}よ", "おまえは何か", "風が問う"),
            points=(
                f"{subject}とは何かを問う。",
                "自分がなぜ知りたいのかを問う。",
                "答えを急がない。",
                "人に尋ねる。",
                thought,
            ),
            total=f"{wish.result}です。しかし、数とは何でしょう。",
            talk=f"「{subject}」とおっしゃいましたか。では、そもそも{subject}とは何でしょう。\n\n{thought}"
            + draw.one(("答えは問いの中にあります。", "まず歩いてみましょう。")),
        )
    thought = draw.one(("One never steps twice into the same river.", "All I know is that I know nothing."))
    return _by_form(
        wish,
        lines=(
            f"What is {subject}, friend,",
            "when nobody looks at it?",
            draw.one(("The wind asks as well", "Still, it answers you")),
        ),
        points=(
            f"Ask what {subject} is.",
            "Ask why you want to know.",
            "Do not hurry the answer.",
            "Talk with somebody who disagrees.",
            thought,
        ),
        total=f"It is {wish.result}. But what is a number? {thought}",
        talk=f"You say *{subject}*. But what is {subject}, when nobody looks at it?\n\n{thought} "
        + draw.one((f"Perhaps {subject} is asking about you.", "The question was the answer all along.")),
    )


def sceptic(wish: Wish, draw: SeededPicks) -> str:
    subject = wish.subject
    if wish.japanese:
        doubt = draw.one(("証拠はあるのでしょうか。", "昔はもっと単純でした。", "誰が得をするのでしょう。"))
        return _by_form(
            wish,
            lines=(f"{subject}か", "本当だろうか", "夏の雲"),
            points=(
                f"{subject}の話をうのみにしない。",
                "出どころを確かめる。",
                "うまい話は疑う。",
                "一晩おいて考える。",
                doubt,
            ),
            total=f"{wish.result}です。念のため、もう一度計算してください。{doubt}",
            talk=f"{subject}ですか。正直に言うと、少し疑っています。{doubt}とはいえ、やってみる価値はあります。",
        )
    doubt = draw.one(("Where is the evidence?", "It used to be simpler.", "Who gains by it?"))
    return _by_form(
        wish,
        lines=(
            f"They praise {subject}",
            "in every book and song.",
            draw.one(("I have seen better", "Well. I have my doubts")),
        ),
        points=(
            f"Do not believe all you hear about {subject}.",
            "Look for the source.",
            "Beware of whoever sells a course.",
            "Sleep on it.",
            doubt,
        ),
        total=f"{wish.result}, they say. I would work it out once more. {doubt}",
        talk=f"{subject.capitalize()}? Honestly, I have my doubts. {doubt} Still, it might be worth a try.",
    )


def scholar(wish: Wish, draw: SeededPicks) -> str:
    """Knows a little, and says it well; of all else, how one would find out."""
    if known := known_answer(wish.prompt, japanese=wish.japanese):
        return known
    subject = wish.subject
    if wish.japanese:
        return _by_form(
            wish,
            lines=(f"{subject}や", draw.one(("窓辺に深き", "遠き山より")), "夕明かり"),
            points=(
                f"{subject}について、まず目的をひとつ決める。",
                "毎日15分、短くても続ける。",
                "誰かに説明して、わからない所を見つける。",
                "週に一度ふり返る。",
                "できたことを書き留める。",
            ),
            total=f"答えは**{wish.result}**です。",
            talk=f"**{subject}**を知るには、定義、しくみ、例の順に見るのが近道です。\n"
            + draw.one(
                (
                    "まず身近な例をひとつ挙げてみましょう。",
                    "どこで使われるかを考えると、しくみが見えてきます。",
                )
            ),
        )
    return _by_form(
        wish,
        lines=(
            f"{subject.capitalize()} at the window,",
            draw.one(("one small lamp left burning late", "a cat that will not look up")),
            "and a page half read",
        ),
        points=(
            f"Decide what you want from {subject}, in one sentence.",
            "Give it fifteen minutes every day rather than a whole Sunday.",
            "Explain it to somebody: where you stumble is what to look up.",
            "Look back once a week.",
            "Write down what worked.",
        ),
        total=f"It is **{wish.result}**.",
        talk=f"The short way to **{subject}**: first what it is, then how it works, then one example.\n"
        + draw.one(
            (
                f"Start from where you last met {subject}.",
                "Ask what would be missing without it: that shows what it does.",
            )
        ),
    )


def _by_form(
    wish: Wish, *, lines: tuple[str, str, str], points: tuple[str, ...], total: str, talk: str
) -> str:
    match wish.form:
        case Form.POEM:
            return _poem(lines)
        case Form.LIST:
            return "\n".join(f"{number}. {point}" for number, point in enumerate(points[: wish.points], 1))
        case Form.SUM:
            return total
        case Form.TALK:
            return talk


def _poem(lines: tuple[str, ...]) -> str:
    return "\n".join(f"*{line}*" for line in lines)


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
