"""Built-in toy contestants: they need no model and no network, and say the same to the same prompt.

They show how the arena works where no real model can be had; whoever lists them must call them toys.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.backends.base import Finished, TextPiece, Usage
from bot.backends.toy_answers import PHILOSOPHER, POET, SCEPTIC, SCHOLAR, ToyVoice
from bot.backends.toy_wishes import wish_of
from bot.domain.battle import FinishReason

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from bot.backends.base import ChatMessage, Event
    from bot.domain.image import Image

_PIECE = re.compile(r"\s*(?:[\u3000-\u9fff\uff00-\uffef]{1,3}|[^\s\u3000-\u9fff\uff00-\uffef]+)")


_TOYS: tuple[tuple[ToyVoice, str, str], ...] = (
    (SCHOLAR, "Toy Scholar", "ダミー博士"),
    (POET, "Toy Poet", "ダミー詩人"),
    (PHILOSOPHER, "Toy Philosopher", "ダミー哲学者"),
    (SCEPTIC, "Toy Sceptic", "ダミー懐疑派"),
)
"""Each with its name in English and in Japanese."""


@dataclass(frozen=True, slots=True)
class ToyBackend:
    """Speaks piece by piece, about a word or three characters every `pace` seconds."""

    voice: ToyVoice
    pace: float

    async def reply(
        self, conversation: tuple[ChatMessage, ...], guild_id: int = 0
    ) -> AsyncGenerator[Event, None]:
        del guild_id
        prompt, image = conversation[-1].content, conversation[-1].image
        wish = wish_of(prompt)
        text = self.voice.answer(wish)
        if image:
            text = f"{_glance(image, japanese=wish.japanese)}\n\n{text}"
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


def toys(pace: float, language: str = "en") -> tuple[Toy, ...]:
    """`pace`: seconds a word; 0.08 reads like a person typing fast, 0 is as fast as it goes."""
    return tuple(
        Toy(japanese if language == "ja" else english, ToyBackend(voice, pace))
        for voice, english, japanese in _TOYS
    )


def _glance(image: Image, *, japanese: bool) -> str:
    """Say all that a toy knows of an image."""
    kind, size = image.kind.upper(), f"{image.width} × {image.height}"
    if japanese:
        return f"{size}ピクセルの{kind}画像が見えます。"
    return f"I see a {kind} of {size} pixels."


def _pieces(text: str) -> Iterator[str]:
    """Cut a text into words with the space before them, and into three characters where it has no spaces."""
    return (found[0] for found in _PIECE.finditer(text))
