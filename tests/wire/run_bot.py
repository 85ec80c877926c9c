"""The bot as `arena-bot run` starts it, in a process forked from one that has imported everything.

Such a start takes a tenth of the time, and the test hands in the pauses.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import get_context
from typing import TYPE_CHECKING

import uvloop

from bot import app, config, logs
from bot.arena.models.keyring import Keyring
from bot.client import EXTENSIONS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from multiprocessing.context import ForkServerProcess
    from pathlib import Path

    from bot.domain.pauses import Pauses

for extension in EXTENSIONS:
    import_module(extension)

_forking = get_context("forkserver")
_forking.set_forkserver_preload([__name__])


@dataclass(frozen=True, slots=True)
class Start:
    """What a process is told."""

    folder: Path
    environment: Mapping[str, str]
    pauses: Pauses


class ForkedBot:
    """A running bot, with the part of asyncio's `Process` that tests use."""

    def __init__(self, start: Start) -> None:
        self._process: ForkServerProcess = _forking.Process(target=_run, args=(start,))
        self._process.start()
        loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        sentinel = self._process.sentinel

        def end() -> None:
            loop.remove_reader(sentinel)
            self._ended.set()

        loop.add_reader(sentinel, end)

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()

    async def wait(self) -> int:
        await self._ended.wait()
        self._process.join()
        return self._process.exitcode or 0


def _run(start: Start) -> None:
    os.environ.update(start.environment)
    with (start.folder / "bot.log").open("ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    settings = config.load(start.folder / "config.toml")
    keyring, token = Keyring.from_environment(), os.environ["DISCORD_TOKEN"]
    logs.configure(as_json=False, secrets=[token, *keyring.keys, *config.api_keys(settings)])
    uvloop.run(app.run(settings, keyring, token, start.pauses))
