"""What toys say: each in its own manner, but always what was asked for."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from bot.backends.toy_knowledge import known_answer
from bot.backends.toy_wishes import AnswerForm

if TYPE_CHECKING:
    from bot.backends.toy_wishes import Wish


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
        case AnswerForm.POEM:
            return _poem(lines)
        case AnswerForm.LIST:
            return "\n".join(f"{number}. {point}" for number, point in enumerate(points[: wish.points], 1))
        case AnswerForm.SUM:
            return total
        case AnswerForm.TALK:
            return talk


def _poem(lines: tuple[str, ...]) -> str:
    return "\n".join(f"*{line}*" for line in lines)
