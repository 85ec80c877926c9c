"""What toys say: each in its own manner, but always what was asked for."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

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


class Phrases(NamedTuple):
    """What a toy says in one language: a poem, points of a list, the result of a sum, or about a subject.

    `{0}`, `{1}` … are one of each of the `picks`; without a `talk` the poem is said.
    """

    picks: tuple[tuple[str, ...], ...]
    poem: tuple[str, str, str]
    points: tuple[str, ...]
    total: str
    talk: str = ""

    def said(self, wish: Wish) -> str:
        draw = SeededPicks(wish.prompt)
        words = {"subject": wish.subject, "Subject": wish.subject.capitalize(), "result": wish.result}
        picked = [draw.one(choices).format(**words) for choices in self.picks]
        return self._template(wish).format(*picked, **words)

    def _template(self, wish: Wish) -> str:
        match wish.form:
            case AnswerForm.LIST:
                points = enumerate(self.points[: wish.points], 1)
                return "\n".join(f"{number}. {point}" for number, point in points)
            case AnswerForm.SUM:
                return self.total
            case AnswerForm.TALK if self.talk:
                return self.talk
            case _:
                return "\n".join(f"*{line}*" for line in self.poem)


@dataclass(frozen=True, slots=True)
class ToyVoice:
    """A manner to answer, in the language of the prompt; a learned one knows a few things."""

    english: Phrases
    japanese: Phrases
    is_learned: bool = False

    def answer(self, wish: Wish) -> str:
        known = known_answer(wish.prompt, japanese=wish.japanese) if self.is_learned else None
        return known or (self.japanese if wish.japanese else self.english).said(wish)


POET = ToyVoice(
    Phrases(
        picks=(
            ("Morning light returns", "An old pond, waiting", "Snow on quiet roofs"),
            ("and the tea grows cold", "nobody asks why", "a frog jumps in, splash"),
        ),
        poem=("{0},", "{subject} drifts past the window,", "{1}."),
        points=(
            "Watch {subject} the way one watches rain.",
            "Say it aloud, slowly.",
            "Leave one thing out.",
            "Walk home the long way.",
            "Begin again.",
        ),
        total="*I count on my hands:*\n*{result} it is, no more,*\n*{1}.*",
    ),
    Phrases(
        picks=(
            ("春の風", "秋の暮れ", "朝の霧", "冬の月"),
            ("ただ静か", "鐘の音", "猫眠る", "雨やどり"),
        ),
        poem=("{0}", "{subject}ひとつ", "{1}"),
        points=(
            "{subject}を雨のように眺める。",
            "声に出してゆっくり言う。",
            "ひとつだけ残す。",
            "遠回りして帰る。",
            "また始める。",
        ),
        total="*指を折り*\n*{result}と知る*\n*{1}*",
    ),
)
PHILOSOPHER = ToyVoice(
    Phrases(
        picks=(
            ("One never steps twice into the same river.", "All I know is that I know nothing."),
            ("The wind asks as well", "Still, it answers you"),
            ("Perhaps {subject} is asking about you.", "The question was the answer all along."),
        ),
        poem=("What is {subject}, friend,", "when nobody looks at it?", "{1}"),
        points=(
            "Ask what {subject} is.",
            "Ask why you want to know.",
            "Do not hurry the answer.",
            "Talk with somebody who disagrees.",
            "{0}",
        ),
        total="It is {result}. But what is a number? {0}",
        talk="You say *{subject}*. But what is {subject}, when nobody looks at it?\n\n{0} {2}",
    ),
    Phrases(
        picks=(
            ("川に二度入ることはできません。", "私が知るのは、何も知らないということだけです。"),
            ("答えは問いの中にあります。", "まず歩いてみましょう。"),
        ),
        poem=("{subject}よ", "おまえは何か", "風が問う"),
        points=(
            "{subject}とは何かを問う。",
            "自分がなぜ知りたいのかを問う。",
            "答えを急がない。",
            "人に尋ねる。",
            "{0}",
        ),
        total="{result}です。しかし、数とは何でしょう。",
        talk="「{subject}」とおっしゃいましたか。では、そもそも{subject}とは何でしょう。\n\n{0}{1}",
    ),
)
SCEPTIC = ToyVoice(
    Phrases(
        picks=(
            ("Where is the evidence?", "It used to be simpler.", "Who gains by it?"),
            ("I have seen better", "Well. I have my doubts"),
        ),
        poem=("They praise {subject}", "in every book and song.", "{1}"),
        points=(
            "Do not believe all you hear about {subject}.",
            "Look for the source.",
            "Beware of whoever sells a course.",
            "Sleep on it.",
            "{0}",
        ),
        total="{result}, they say. I would work it out once more. {0}",
        talk="{Subject}? Honestly, I have my doubts. {0} Still, it might be worth a try.",
    ),
    Phrases(
        picks=(("証拠はあるのでしょうか。", "昔はもっと単純でした。", "誰が得をするのでしょう。"),),
        poem=("{subject}か", "本当だろうか", "夏の雲"),
        points=(
            "{subject}の話をうのみにしない。",
            "出どころを確かめる。",
            "うまい話は疑う。",
            "一晩おいて考える。",
            "{0}",
        ),
        total="{result}です。念のため、もう一度計算してください。{0}",
        talk="{subject}ですか。正直に言うと、少し疑っています。{0}とはいえ、やってみる価値はあります。",
    ),
)
SCHOLAR = ToyVoice(
    Phrases(
        picks=(
            ("one small lamp left burning late", "a cat that will not look up"),
            (
                "Start from where you last met {subject}.",
                "Ask what would be missing without it: that shows what it does.",
            ),
        ),
        poem=("{Subject} at the window,", "{0}", "and a page half read"),
        points=(
            "Decide what you want from {subject}, in one sentence.",
            "Give it fifteen minutes every day rather than a whole Sunday.",
            "Explain it to somebody: where you stumble is what to look up.",
            "Look back once a week.",
            "Write down what worked.",
        ),
        total="It is **{result}**.",
        talk="The short way to **{subject}**: first what it is, then how it works, then one example.\n{1}",
    ),
    Phrases(
        picks=(
            ("窓辺に深き", "遠き山より"),
            ("まず身近な例をひとつ挙げてみましょう。", "どこで使われるかを考えると、しくみが見えてきます。"),
        ),
        poem=("{subject}や", "{0}", "夕明かり"),
        points=(
            "{subject}について、まず目的をひとつ決める。",
            "毎日15分、短くても続ける。",
            "誰かに説明して、わからない所を見つける。",
            "週に一度ふり返る。",
            "できたことを書き留める。",
        ),
        total="答えは**{result}**です。",
        talk="**{subject}**を知るには、定義、しくみ、例の順に見るのが近道です。\n{1}",
    ),
    is_learned=True,
)
