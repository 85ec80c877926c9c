"""Models for tests: they implement the product's own `Backend` and say what they are told to."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from bot.arena.models.roster import Competitor
from bot.backends.base import BackendError, ChatMessage, Event, Finished, TextPiece, Usage
from bot.domain.battle import FinishReason

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from bot.domain.image import Image

Piece: TypeAlias = str | float | BackendError | asyncio.Event


@dataclass(slots=True)
class ScriptedBackend:
    """Replies with the given pieces.

    A piece that is an error is raised, an event is awaited, a number is seconds waited. While `troubles`
    holds errors, whoever is asked takes the first one out and fails with it; several models can share them.
    """

    pieces: tuple[Piece, ...] = ("An answer.",)
    later: tuple[Piece, ...] | None = None
    """What is said after the first turn, where that differs."""
    reason: FinishReason = FinishReason.STOP
    usage: Usage = Usage(3, 5)  # noqa: RUF009 - frozen
    troubles: list[BackendError] = field(default_factory=list[BackendError])
    asked: list[str] = field(default_factory=list[str])
    heard: list[tuple[ChatMessage, ...]] = field(default_factory=list["tuple[ChatMessage, ...]"])

    async def reply(
        self, conversation: tuple[ChatMessage, ...], guild_id: int = 0
    ) -> AsyncGenerator[Event, None]:
        del guild_id
        self.asked.append(conversation[-1].content)
        self.heard.append(conversation)
        if self.troubles:
            raise self.troubles.pop(0)
        is_first = len(conversation) == 1
        for piece in self.pieces if is_first or self.later is None else self.later:
            if isinstance(piece, BackendError):
                raise piece
            if isinstance(piece, asyncio.Event):
                await piece.wait()
            elif isinstance(piece, str):
                yield TextPiece(piece)
            else:
                await asyncio.sleep(piece)
        yield Finished(self.reason, self.usage)


def competitor(
    name: str,
    *pieces: Piece,
    later: tuple[Piece, ...] | None = None,
    troubles: list[BackendError] | None = None,
    sees: bool = False,
) -> Competitor:
    """Make a model; told nothing, it says something that tells it from models with names of other lengths."""
    said = pieces or (f"An answer of number {len(name)}.",)
    backend = ScriptedBackend(said, later, troubles=[] if troubles is None else troubles)
    return Competitor(name, backend, (name,), accepts_images=sees)


def heard(one: Competitor) -> list[list[tuple[str, str]]]:
    """Return the conversations that a scripted model was given, as (role, text)."""
    assert isinstance(one.backend, ScriptedBackend)
    return [[(message.role, message.content) for message in said] for said in one.backend.heard]


def asked(one: Competitor) -> list[str]:
    """Return the prompts that a scripted model was asked."""
    assert isinstance(one.backend, ScriptedBackend)
    return one.backend.asked


def images_shown(one: Competitor) -> list[list[Image | None]]:
    """Return, of each conversation that a scripted model was given, the images beside its messages."""
    assert isinstance(one.backend, ScriptedBackend)
    return [[message.image for message in said] for said in one.backend.heard]
