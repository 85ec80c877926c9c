"""An answer of a server, with what must become of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.backends.base import BackendError, Finished, Generation
from bot.domain.battle import FinishReason
from tests.backends.asking import ask, backend, limits, text_of
from tests.backends.fault_server import stream_as_told
from tests.backends.protocols.dialects import ALL

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import aiohttp

    from tests.backends.fault_server import FaultServer, Handler

ENDS = {
    FinishReason.STOP: "whole",
    FinishReason.LENGTH: "cut off",
    FinishReason.REFUSAL: "refusal",
    FinishReason.UNKNOWN: "unknown end",
}
PAUSE_SECONDS = 1.5
"""Longer than the bot once waited after a finish reason."""
WHOLE = "whole: Blue light."
HALF = "Blue"


@dataclass(frozen=True, slots=True)
class Example:
    """`point` is that of the list in the issue that asked for these."""

    point: int
    title: str
    protocol: str
    handlers: tuple[Handler, ...]
    becomes: str
    generation: Generation = Generation()  # noqa: RUF009 - frozen

    @property
    def name(self) -> str:
        return f"{self.point} {self.protocol}: {self.title}"


async def outcome_of(example: Example, session: aiohttp.ClientSession, server: FaultServer) -> str:
    """Ask the server, which answers as the example says; tell what became of it in few words."""
    server.answer(*example.handlers)
    model = backend(
        session,
        server,
        protocol=ALL[example.protocol].wire,
        within=limits(stall=6, first_token=4, total=15),
        generation=example.generation,
    )
    try:
        events = await ask(model)
    except BackendError as error:
        return f"fails: {error.failure}"
    finished = events[-1]
    assert isinstance(finished, Finished)
    return f"{ENDS[finished.reason]}: {text_of(events)}"


def slowly(*pieces: bytes, content_type: str = "text/event-stream", pause: float = PAUSE_SECONDS) -> Handler:
    async def told() -> AsyncIterator[bytes]:
        for number, piece in enumerate(pieces):
            if number:
                await asyncio.sleep(pause)
            yield piece

    return stream_as_told(told, content_type)
