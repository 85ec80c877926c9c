"""How the tests build a local model and ask it, with the demo's real weights where they can be had."""

from __future__ import annotations

import asyncio
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.backends.base import BackendError, ChatMessage, Event, Generation, TextPiece
from bot.backends.http.sessions import HttpLimits
from bot.backends.local.backend import LocalBackend, Sampling
from bot.cli.demo_weights import Phase, WeightsUnavailable, cache_folder, demo_weights

if TYPE_CHECKING:
    from bot.backends.local.engine import LocalEngine

LIMITS = HttpLimits(connect_seconds=5, first_token_seconds=60, total_seconds=90, max_reply_chars=40_000)
STORY = "Tell me a very long story about a lighthouse."
LONG_PROMPT = "The lighthouse keeper counts the waves. " * 250


def _ignore(_phase: Phase, _done: int, _total: int) -> None:
    pass


def cached_weights() -> Path:
    """Skip where the weights cannot be had."""
    if find_spec("xllamacpp") is None:
        pytest.skip("xllamacpp is not installed: pip install -e '.[demo]'")
    try:
        return asyncio.run(demo_weights(cache_folder(), _ignore))
    except WeightsUnavailable as exc:
        pytest.skip(f"the demo's model cannot be had: {exc}")


def model(
    engine: LocalEngine,
    *,
    words: int | None = 40,
    within: HttpLimits = LIMITS,
    system_prompt: str | None = None,
    sampling: Sampling | None = None,
) -> LocalBackend:
    generation = Generation(system_prompt, temperature=0.0, max_output_tokens=words)
    return LocalBackend(engine, limits=within, generation=generation, sampling=sampling)


async def ask(backend: LocalBackend, prompt: str = STORY) -> list[Event]:
    return [event async for event in backend.reply((ChatMessage("user", prompt),))]


def text_of(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextPiece))


async def failure_of(backend: LocalBackend, prompt: str = STORY) -> BackendError:
    with pytest.raises(BackendError) as caught:
        await ask(backend, prompt)
    return caught.value


def processes_with(path: Path) -> list[int]:
    """Find the processes that were started for a file."""
    processes = Path("/proc")
    if not processes.exists():
        pytest.skip("this system does not list its processes in /proc")
    return [
        int(command.parent.name)
        for command in processes.glob("[0-9]*/cmdline")
        if str(path).encode() in read_if_there(command)
    ]


def read_if_there(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
