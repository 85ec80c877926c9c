"""The real programs, started from the command line and ended by their id."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator, Mapping

    from bot.playground import Playground

TOKEN = "wire.test.token"
ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def model_server(reply: str, pace: float = 0.0) -> AsyncGenerator[str]:
    """Start a model server; yields its base URL."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.wire.model_server", reply, "--pace", str(pace)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        port = int(await process.stdout.readline())
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        await _end(process, signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class Installation:
    """A folder with a config, from which the bot is started again and again."""

    folder: Path
    token: str = TOKEN

    @classmethod
    def make(
        cls, folder: Path, playground: Playground, models: Mapping[str, str], voting_seconds: int
    ) -> Installation:
        tables = "".join(
            f'[[models]]\nname = "{name}"\nprotocol = "openai"\nbase_url = "{url}"\nmodel = "m-{number}"\n'
            for number, (name, url) in enumerate(models.items())
        )
        (folder / "config.toml").write_text(
            f'[discord]\napi_url = "{playground.api_url}"\ngateway_url = "{playground.gateway_url}"\n'
            f'[storage]\npath = "{folder / "arena.sqlite3"}"\n'
            f"[battle]\nvoting_seconds = {voting_seconds}\n{tables}"
        )
        return cls(folder)

    @property
    def database(self) -> Path:
        return self.folder / "arena.sqlite3"

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(self.database) as database:
            return database.execute(statement).fetchall()

    def change(self, statement: str) -> None:
        """Do something to the database behind the bot's back."""
        with sqlite3.connect(self.database) as database:
            database.execute(statement)

    async def until(self, statement: str, rows: list[tuple[object, ...]]) -> None:
        """Wait until the bot's database answers so."""
        async with asyncio.timeout(30):
            while self.rows(statement) != rows:  # noqa: ASYNC110 - another process writes it
                await asyncio.sleep(0.02)

    def holds(self, secret: str) -> bool:
        """Tell whether anything in the folder says this, the database and the log included."""
        files = (file for file in self.folder.iterdir() if file.is_file())
        return any(secret.encode() in file.read_bytes() for file in files)

    def edit(self, old: str, new: str) -> None:
        config = self.folder / "config.toml"
        config.write_text(config.read_text().replace(old, new))

    def start_log(self) -> None:
        """Forget what was logged so far."""
        (self.folder / "bot.log").write_text("")

    def log(self) -> str:
        return (self.folder / "bot.log").read_text()

    @asynccontextmanager
    async def bot(self, *command: str) -> AsyncGenerator[Process]:
        """Run `arena-bot run` (or another command) until the block ends; its log is kept in the folder."""
        with (self.folder / "bot.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", *(command or ("run",))),
                *("--config", str(self.folder / "config.toml")),
                cwd=ROOT,
                env=os.environ | {"DISCORD_TOKEN": self.token},
                stdout=log,
                stderr=log,
            )
        try:
            yield process
        finally:
            await _end(process, signal.SIGTERM)


async def _end(process: Process, number: signal.Signals) -> None:
    if process.returncode is None:
        process.send_signal(number)
        try:
            async with asyncio.timeout(15):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
