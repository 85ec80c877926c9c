"""GGUF files, each loaded once, on first use, however many models answer from it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from bot.backends.base import BackendError, Failure
from bot.backends.local.process import ModelProcess, Tuning
from bot.errors import StartupError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

_MAGIC = b"GGUF"


class LocalEngine:
    """One file. Where its process has ended, the next reply starts another."""

    def __init__(self, path: Path, tuning: Tuning) -> None:
        self._path = path
        self._tuning = tuning
        self._changing = asyncio.Lock()
        self._process: ModelProcess | None = None
        self._is_closed = False

    async def process(self) -> ModelProcess:
        """Return the process once it has loaded the file."""
        async with self._changing:
            process = await self._running()
        await process.load()
        return process

    async def close(self) -> None:
        self._is_closed = True
        async with self._changing:
            if self._process:
                await self._process.close()

    async def _running(self) -> ModelProcess:
        if self._is_closed:
            raise BackendError(Failure.UNREACHABLE, "local models are being closed")
        if self._process and self._process.is_alive:
            return self._process
        await asyncio.to_thread(_look_at, self._path)
        if self._process:
            await self._process.close()
        self._process = await ModelProcess.start(self._path, self._tuning)
        return self._process


class LocalEngines:
    """The engines of all local models."""

    def __init__(self) -> None:
        self._engines: dict[tuple[Path, Tuning], LocalEngine] = {}

    def at(self, path: Path, tuning: Tuning | None = None) -> LocalEngine:
        """Return the engine of a file, which need not be there yet."""
        if find_spec("xllamacpp") is None:
            raise StartupError("local models need xllamacpp: pip install 'arena-bot[demo]'")
        tuning = tuning or Tuning()
        path = path.expanduser().absolute()
        return self._engines.setdefault((path, tuning), LocalEngine(path, tuning))

    async def close(self) -> None:
        await asyncio.gather(*(engine.close() for engine in self._engines.values()))


@asynccontextmanager
async def open_engines() -> AsyncGenerator[LocalEngines]:
    """Nothing is loaded yet; at the end, no process is left."""
    engines = LocalEngines()
    try:
        yield engines
    finally:
        await engines.close()


def _look_at(path: Path) -> None:
    try:
        with path.open("rb") as file:
            magic = file.read(len(_MAGIC))
    except OSError as exc:
        raise BackendError(
            Failure.NOT_FOUND, f"{path}: {exc.strerror}; a local model's `path` must name a GGUF file"
        ) from exc
    if magic != _MAGIC:
        raise BackendError(Failure.BAD_ANSWER, f"{path} is not a GGUF file")
