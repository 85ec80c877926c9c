"""Processes forked from one that has loaded the bot, which takes three seconds of a core.

Only the start differs: what runs in them is what a fresh interpreter would run.
"""

from __future__ import annotations

import asyncio
import gc
import os
import runpy
import sys
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import get_context
from typing import TYPE_CHECKING

import uvloop

from bot import config, logs, start
from bot.arena.categories.rules import categories_of
from bot.arena.models.keyring import Keyring
from bot.client import EXTENSIONS
from bot.i18n import translations

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from multiprocessing.context import ForkServerProcess
    from pathlib import Path

    from bot.domain.pauses import Pauses

for module in ("bot.app", "bot.cli.main", *EXTENSIONS):
    import_module(module)
for language in ("en-US", "ja"):
    translations(language)
categories_of("What language is this?")
gc.freeze()  # to look through it for garbage would copy it

_forking = get_context("forkserver")
_forking.set_forkserver_preload([__name__])


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A line of a shell in `folder`, in which `arena-bot` is run with exactly these variables."""

    folder: Path
    arguments: Sequence[str]
    environment: Mapping[str, str]
    out: Path
    err: Path

    def run(self) -> None:
        os.chdir(self.folder)
        os.environ.clear()
        os.environ.update(self.environment)
        _write_to(self.out, self.err)
        sys.argv = ["bot", *self.arguments]
        runpy.run_module("bot", run_name="__main__", alter_sys=True)


@dataclass(frozen=True, slots=True)
class BotStart:
    """What `arena-bot run` runs, with other pauses; its log goes into the folder of its config."""

    folder: Path
    token: str
    pauses: Pauses

    def run(self) -> None:
        log = self.folder / "bot.log"
        _write_to(log, log)
        settings, keyring = config.load(self.folder / "config.toml"), Keyring.from_environment()
        logs.configure(as_json=False, secrets=[self.token, *keyring.keys, *config.api_keys(settings)])
        uvloop.run(start.run(settings, keyring, self.token, self.pauses))


class ForkedProcess:
    """A running process, with the part of asyncio's own class for it that tests use."""

    def __init__(self, work: CommandLine | BotStart) -> None:
        self._process: ForkServerProcess = _forking.Process(target=_run, args=(work, dict(os.environ)))
        self._process.start()
        self._ended = asyncio.Event()
        loop, sentinel = asyncio.get_running_loop(), self._process.sentinel

        def end() -> None:
            loop.remove_reader(sentinel)
            self._ended.set()

        loop.add_reader(sentinel, end)

    @property
    def pid(self) -> int:
        return self._process.pid or 0

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


def _run(work: CommandLine | BotStart, environment: Mapping[str, str]) -> None:
    """Be the process; what it was forked from has the variables of its own start."""
    os.environ.clear()
    os.environ.update(environment)
    work.run()


def _write_to(out: Path, err: Path) -> None:
    for number, path in ((1, out), (2, err)):
        with path.open("ab") as file:
            os.dup2(file.fileno(), number)
