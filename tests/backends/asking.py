"""How the tests build a backend and ask it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.backends.base import BackendError, Event, Generation, Message, TextPiece
from bot.backends.network import Limits
from bot.backends.openai import OpenAIBackend
from bot.backends.secret import Secret

if TYPE_CHECKING:
    import aiohttp

    from tests.backends.fault_server import FaultServer

KEY = "sk-very-secret-0123456789"
QUESTION = (Message("user", "Why is the sky blue?"),)


def limits(
    connect: float = 5, first_token: float = 5, total: float = 10, max_reply_chars: int = 1000
) -> Limits:
    return Limits(connect, first_token, total, max_reply_chars)


def backend(
    session: aiohttp.ClientSession,
    server: FaultServer | str,
    *,
    within: Limits | None = None,
    max_concurrent: int = 4,
    generation: Generation | None = None,
    api_key: str | None = KEY,
) -> OpenAIBackend:
    return OpenAIBackend(
        session,
        server if isinstance(server, str) else server.url,
        "sky-7b",
        api_key=Secret(api_key) if api_key else None,
        limits=within or limits(),
        max_concurrent=max_concurrent,
        generation=generation or Generation(),
    )


async def ask(model: OpenAIBackend) -> list[Event]:
    return [event async for event in model.reply(QUESTION)]


async def answer_of(model: OpenAIBackend) -> str:
    return "".join([event.text for event in await ask(model) if isinstance(event, TextPiece)])


async def failure_of(model: OpenAIBackend) -> BackendError:
    with pytest.raises(BackendError) as caught:
        await ask(model)
    assert KEY not in f"{caught.value!s} {caught.value!r} {caught.value.detail}"
    return caught.value
