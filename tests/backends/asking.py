"""How the tests build a backend and ask it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.backends.base import BackendError, ChatMessage, Event, Generation, Retraction, TextPiece
from bot.backends.http.backend import HttpBackend
from bot.backends.http.connections import operators_connections
from bot.backends.http.endpoint import Service
from bot.backends.http.secret import Secret
from bot.backends.http.sessions import HttpLimits
from bot.backends.protocols.openai import OpenAIProtocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import aiohttp

    from bot.backends.protocols.protocol import ProtocolAdapter
    from tests.backends.fault_server import FaultServer

KEY = "sk-very-secret-0123456789"
QUESTION = (ChatMessage("user", "Why is the sky blue?"),)


def limits(
    connect: float = 5,
    first_token: float = 5,
    total: float = 10,
    max_reply_chars: int = 1000,
    stall: float = 5,
    queue: float = 60,
) -> HttpLimits:
    return HttpLimits(connect, first_token, total, max_reply_chars, stall, queue)


def backend(  # noqa: PLR0913 - a backend has this many sides, all named at the call
    session: aiohttp.ClientSession,
    server: FaultServer | str,
    *,
    within: HttpLimits | None = None,
    max_concurrent: int = 4,
    generation: Generation | None = None,
    api_key: str | None = KEY,
    protocol: type[ProtocolAdapter] = OpenAIProtocol,
    extra_headers: Mapping[str, str] | None = None,
    extra_body: Mapping[str, object] | None = None,
) -> HttpBackend:
    service = Service(
        server if isinstance(server, str) else server.url,
        "sky-7b",
        Secret(api_key) if api_key else None,
        max_concurrent,
        extra_headers or {},
        extra_body or {},
    )
    return HttpBackend(
        session, service, within or limits(), generation or Generation(), protocol, operators_connections()
    )


async def ask(model: HttpBackend, prompt: str = "") -> list[Event]:
    question = (ChatMessage("user", prompt),) if prompt else QUESTION
    return [event async for event in model.reply(question)]


async def answer_of(model: HttpBackend) -> str:
    return text_of(await ask(model))


def text_of(events: Iterable[Event]) -> str:
    """Return the reply, as a reader has it in the end."""
    pieces: list[str] = []
    for event in events:
        if isinstance(event, TextPiece):
            pieces.append(event.text)
        elif isinstance(event, Retraction):
            pieces.clear()
    return "".join(pieces)


async def failure_of(model: HttpBackend, prompt: str = "") -> BackendError:
    with pytest.raises(BackendError) as caught:
        await ask(model, prompt)
    assert KEY not in f"{caught.value!s} {caught.value!r} {caught.value.detail}"
    return caught.value
