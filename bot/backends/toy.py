"""Built-in toy contestants: they need no model and no network, and say the same to the same prompt.

They show how the arena works where no real model can be had; whoever lists them must call them toys.
"""

from __future__ import annotations

import asyncio
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.backends.base import Finished, TextPiece, Usage
from bot.domain.battle import FinishReason

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from bot.backends.base import ChatMessage, Event
    from bot.domain.image import Image

_SUBJECT_CHARS = 24
_JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
# Hiragana mostly joins the words that others write.
_JAPANESE_WORD = re.compile(r"[\u30a1-\u30ff\u4e00-\u9fff々]+")
_OTHER_WORD = re.compile(r"(?:(?![\u3040-\u9fff])[^\W\d_]){4,}")
_PIECE = re.compile(r"\s*(?:[\u3000-\u9fff\uff00-\uffef]{1,3}|[^\s\u3000-\u9fff\uff00-\uffef]+)")


class Poem(Protocol):
    """A way to answer about a subject."""

    def __call__(self, subject: str, draw: SeededPicks, *, japanese: bool) -> str: ...


class SeededPicks:
    """Picks that depend on nothing but the seed."""

    def __init__(self, seed: str) -> None:
        self._state = zlib.crc32(seed.encode())

    def one(self, choices: tuple[str, ...]) -> str:
        self._state = zlib.crc32(self._state.to_bytes(4, "big"))
        return choices[self._state % len(choices)]


def haiku(subject: str, draw: SeededPicks, *, japanese: bool) -> str:
    if japanese:
        first = draw.one(("春の風", "秋の暮れ", "朝の霧", "冬の月"))
        last = draw.one(("ただ静か", "鐘の音", "猫眠る", "雨やどり"))
        return f"*{first}*\n*{subject}ひとつ*\n*{last}*"
    first = draw.one(("Morning light returns", "An old pond, waiting", "Snow on quiet roofs"))
    last = draw.one(("and the tea grows cold", "nobody asks why", "a frog jumps in, splash"))
    return f"*{first},*\n*{subject} drifts past the window,*\n*{last}.*"


def philosopher(subject: str, draw: SeededPicks, *, japanese: bool) -> str:
    if japanese:
        return (
            f"「{subject}」とおっしゃいましたか。では、そもそも{subject}とは何でしょう。\n\n"
            + draw.one(("川に二度入ることはできません。", "私が知るのは、何も知らないということだけです。"))
            + draw.one(("答えは問いの中にあります。", "まず歩いてみましょう。"))
        )
    return (
        f"You say *{subject}*. But what is {subject}, when nobody looks at it?\n\n"
        + draw.one(("One never steps twice into the same river. ", "All I know is that I know nothing. "))
        + draw.one((f"Perhaps {subject} is asking about you.", "The question was the answer all along."))
    )


def lister(subject: str, draw: SeededPicks, *, japanese: bool) -> str:
    if japanese:
        third = draw.one(("お茶を一杯飲む。", "一晩寝かせる。", "友だちに説明してみる。"))
        return (
            f"**{subject}：三つの要点**\n\n- {subject}を小さく分ける。\n- 簡単なところから始める。\n- {third}"
        )
    third = draw.one(("Have a cup of tea.", "Sleep on it.", "Explain it to a friend."))
    return (
        f"**{subject.capitalize()} in three points**\n\n"
        f"- Take {subject} apart into small pieces.\n- Start with the easiest one.\n- {third}"
    )


def sceptic(subject: str, draw: SeededPicks, *, japanese: bool) -> str:
    if japanese:
        doubt = draw.one(("証拠はあるのでしょうか。", "昔はもっと単純でした。", "誰が得をするのでしょう。"))
        return f"{subject}ですか。正直に言うと、少し疑っています。{doubt}とはいえ、やってみる価値はあります。"
    doubt = draw.one(("Where is the evidence?", "It used to be simpler.", "Who gains by it?"))
    return f"{subject.capitalize()}? Honestly, I have my doubts. {doubt} Still, it might be worth a try."


@dataclass(frozen=True, slots=True)
class ToyBackend:
    """Speaks `poem` piece by piece, about a word or three characters every `pace` seconds."""

    poem: Poem
    pace: float

    async def reply(
        self, conversation: tuple[ChatMessage, ...], guild_id: int = 0
    ) -> AsyncGenerator[Event, None]:
        del guild_id
        prompt, image = conversation[-1].content, conversation[-1].image
        japanese = _JAPANESE.search(prompt) is not None
        text = self.poem(_subject(prompt, japanese=japanese), SeededPicks(prompt), japanese=japanese)
        if image:
            text = f"{_glance(image, japanese=japanese)}\n\n{text}"
        pieces = list(_pieces(text))
        for piece in pieces:
            await asyncio.sleep(self.pace)
            yield TextPiece(piece)
        yield Finished(FinishReason.STOP, Usage(len(list(_pieces(prompt))), len(pieces)))


@dataclass(frozen=True, slots=True)
class Toy:
    """`name` says that it is a toy."""

    name: str
    backend: ToyBackend


def toys(pace: float) -> tuple[Toy, ...]:
    """`pace`: seconds a word; 0.08 reads like a person typing fast, 0 is as fast as it goes."""
    poems: dict[str, Poem] = {
        "Toy Poet": haiku,
        "Toy Philosopher": philosopher,
        "Toy Lister": lister,
        "Toy Sceptic": sceptic,
    }
    return tuple(Toy(name, ToyBackend(poem, pace)) for name, poem in poems.items())


def _glance(image: Image, *, japanese: bool) -> str:
    """Say all that a toy knows of an image."""
    kind, size = image.kind.upper(), f"{image.width} × {image.height}"
    if japanese:
        return f"{size}ピクセルの{kind}画像が見えます。"
    return f"I see a {kind} of {size} pixels."


def _subject(prompt: str, *, japanese: bool) -> str:
    """Return the longest word; of several the last, because the first is often the verb."""
    words = _JAPANESE_WORD.findall(prompt) or _OTHER_WORD.findall(prompt)
    return max(reversed(words), key=len, default="それ" if japanese else "it")[:_SUBJECT_CHARS]


def _pieces(text: str) -> Iterator[str]:
    """Cut a text into words with the space before them, and into three characters where it has no spaces."""
    return (found[0] for found in _PIECE.finditer(text))
