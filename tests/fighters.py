"""Models for tests: they implement the product's own `Backend` and say what they are told to."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.arena.roster import Fighter
from bot.backends.base import BackendError, Event, Finished, FinishReason, Message, TextPiece, Usage

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


@dataclass(slots=True)
class ScriptedBackend:
    """Replies with the given pieces; a piece that is an error is raised, one that is an event is awaited."""

    pieces: tuple[str | BackendError | asyncio.Event, ...] = ("An answer.",)
    reason: FinishReason = FinishReason.STOP
    usage: Usage = Usage(3, 5)  # noqa: RUF009 - frozen
    asked: list[str] = field(default_factory=list[str])

    async def reply(self, conversation: tuple[Message, ...]) -> AsyncGenerator[Event, None]:
        self.asked.append(conversation[-1].content)
        for piece in self.pieces:
            if isinstance(piece, BackendError):
                raise piece
            if isinstance(piece, asyncio.Event):
                await piece.wait()
            else:
                yield TextPiece(piece)
        yield Finished(self.reason, self.usage)


def fighter(name: str, *pieces: str | BackendError | asyncio.Event) -> Fighter:
    backend = ScriptedBackend(pieces) if pieces else ScriptedBackend((f"An answer of number {len(name)}.",))
    return Fighter(name, backend, (name,))
