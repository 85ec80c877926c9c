"""How quickly a local model lets go: `python -m bench.local [FILE.gguf] [--attempts N]`.

The demo's file is taken where none is named; `arena-bot demo` fetches it, and it lies in the cache.

For how long the event loop was held while the file was loaded and replied, as seen every millisecond; how
long closing a reply takes; and how long after that the only place is free for the next one, both in the
middle of a reply and while a long prompt is still being read.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bench.setup.table import median_and_p95, print_setting, print_table
from bot.backends.base import ChatMessage, Generation
from bot.backends.http.sessions import HttpLimits
from bot.backends.local.backend import LocalBackend
from bot.backends.local.engine import LocalEngine, open_engines
from bot.backends.local.process import Tuning
from bot.backends.places import QueueDeadline
from bot.cli.demo_weights import SMOLLM2, cache_folder

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

LIMITS = HttpLimits(connect_seconds=5, first_token_seconds=60, total_seconds=90, max_reply_chars=40_000)
STORY = "Tell me a very long story about a lighthouse."
LONG_PROMPT = "The lighthouse keeper counts the waves. " * 250
BEFORE_GIVING_UP = 0.5
ATTEMPTS = 20
WORDS = 120


@asynccontextmanager
async def measured_holds() -> AsyncGenerator[list[float]]:
    """Collect for how long the event loop was held, in seconds."""
    holds: list[float] = []

    async def tick() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            holds.append(time.perf_counter() - before - 0.001)

    ticking = asyncio.create_task(tick())
    try:
        yield holds
    finally:
        ticking.cancel()


async def load_and_reply(engine: LocalEngine) -> list[float]:
    backend = LocalBackend(engine, limits=LIMITS, generation=Generation(max_output_tokens=WORDS))
    async with measured_holds() as holds:
        async for _ in backend.reply((ChatMessage("user", STORY),)):
            pass
    return holds


async def give_up(engine: LocalEngine, prompt: str, attempts: int) -> tuple[list[float], list[float]]:
    """Return the seconds until a reply was closed, and until the next one had its place."""
    process = await engine.process()
    backend = LocalBackend(engine, limits=LIMITS, generation=Generation())
    closed: list[float] = []
    free: list[float] = []
    for attempt in range(attempts):
        # Not the same beginning, which would be remembered.
        reply = backend.reply((ChatMessage("user", f"{attempt} {prompt}"),))
        first = asyncio.ensure_future(anext(reply))
        await asyncio.wait({first}, timeout=BEFORE_GIVING_UP)
        begun = time.perf_counter()
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        await reply.aclose()
        closed.append(time.perf_counter() - begun)
        with process.places.join(0) as turn:
            async with aclosing(turn.wait(QueueDeadline(LIMITS.queue_seconds))) as waits:
                async for _ in waits:
                    pass
            async with process.ask(b"{}", turn):
                free.append(time.perf_counter() - begun)
    return closed, free


async def main(path: Path, attempts: int) -> None:
    print_setting(f"A local model, {path.name}")
    async with open_engines() as engines:
        rows = [_row("event loop held, loading and replying", await load_and_reply(engines.at(path)))]
        single = engines.at(path, Tuning(parallel=1))
        for doing, prompt in (("writing", STORY), ("reading a long prompt", LONG_PROMPT)):
            closed, free = await give_up(single, prompt, attempts)
            rows += [_row(f"closed while {doing}", closed), _row(f"free again after {doing}", free)]
    print_table(("ms", "median", "p95", "most"), rows)


def _row(what: str, seconds: Sequence[float]) -> tuple[str, ...]:
    figures = (*median_and_p95(seconds), max(seconds))
    return (what, *(f"{1000 * each:.1f}" for each in figures))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", nargs="?", type=Path, default=cache_folder() / SMOLLM2.file_name)
    parser.add_argument("--attempts", type=int, default=ATTEMPTS)
    given = parser.parse_args()
    asyncio.run(main(given.file, given.attempts))
