"""The real programs, started from the command line and ended by their id."""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
import sys
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.pauses import USUAL
from tests.databases import put_database
from tests.forked import BotStart, ForkedProcess

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator, Callable, Mapping

    from bot.domain.pauses import Pauses
    from bot.playground import Playground

TOKEN = "wire.test.token"
ROOT = Path(__file__).parents[2]


NO_PAUSES = replace(USUAL, before_cleanup=0.0, between_cards=0.0, between_matches=0.0, between_seeds=0.0)
"""What is tried again after trouble waits as long as ever, and edits are as many as ever."""


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
            f"[battle]\nvoting_seconds = {voting_seconds}\nearly_close_voters = 0\n"
            f'cooldown_seconds = 0\nmember_battles_per_day = 0\nresult_notice = "silent"\n{tables}'
        )
        (folder / "bot.log").touch()
        put_database(folder / "arena.sqlite3")
        return cls(folder)

    @property
    def database(self) -> Path:
        return self.folder / "arena.sqlite3"

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.database)) as database, database:
            return database.execute(statement).fetchall()

    def change(self, statement: str) -> None:
        """Do something to the database behind the bot's back."""
        with closing(sqlite3.connect(self.database)) as database, database:
            database.execute(statement)

    async def until(self, statement: str, rows: list[tuple[object, ...]]) -> None:
        """Wait until the bot's database answers so."""
        await self.until_true(lambda: self.rows(statement) == rows)

    async def until_true(self, holds: Callable[[], bool]) -> None:
        """Wait for what the bot writes into the folder."""
        async with asyncio.timeout(60):
            while not holds():  # noqa: ASYNC110 - another process writes it
                await asyncio.sleep(0.02)

    def taken_up(self) -> int:
        """Count the votes that processes went on with."""
        return len(re.findall("taking up a battle .*state=voting", self.log()))

    def open_battles(self) -> int:
        """Count the votes that the next process has to go on with."""
        ((count,),) = self.rows("select count(*) from battles where state = 'voting'")
        return int(str(count))

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
    async def bot(
        self, pauses: Pauses = NO_PAUSES, start: type[BotStart] = BotStart
    ) -> AsyncGenerator[ForkedProcess]:
        """Run the bot with these pauses until the block ends; its log is kept in the folder."""
        process = ForkedProcess(start(self.folder, self.token, pauses))
        try:
            yield process
        finally:
            await _end(process)

    @asynccontextmanager
    async def command(self, *command: str) -> AsyncGenerator[Process]:
        """Run a command of the command line, such as `run`, until the block ends; its log is kept too."""
        with (self.folder / "bot.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", *command),
                *("--config", str(self.folder / "config.toml")),
                cwd=ROOT,
                env=os.environ | {"DISCORD_TOKEN": self.token},
                stdout=log,
                stderr=log,
            )
        try:
            yield process
        finally:
            await _end(process)


async def _end(process: Process | ForkedProcess) -> None:
    if process.returncode is None:
        process.terminate()
        try:
            async with asyncio.timeout(60):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
