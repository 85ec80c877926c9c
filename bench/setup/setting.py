"""What the benchmarks share: the real bot and two models, as processes, and a stand-in for Discord."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.playground.world.messages.components import walk
from cogs.battles.vote_emoji import EMOJI

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence

    from bot.playground import Channel, Guild, Member, Message, Playground

    Prepare = Callable[[Path, int], Awaitable[None]]

TOKEN = "bench.stand-in.token"  # noqa: S105 - opens nothing but the stand-in
ROOT = Path(__file__).parents[2]
PROMPT = "Why is the sky blue?"
PATIENCE = 120.0
"""Seconds: far more than anything should take, on a machine that does other work as well."""

CLOSE, CANCEL = "arena:close:", "arena:cancel:"
DATABASE = "arena.sqlite3"


@dataclass(frozen=True, slots=True)
class WritingTimes:
    """When a model wrote the first and the last text of a reply, in monotonic nanoseconds."""

    first: int
    last: int


class ServingModel:
    """A running model."""

    def __init__(self, process: Process, url: str) -> None:
        self._process = process
        self.url = url

    async def written(self) -> WritingTimes:
        """Return the times of the earliest reply that was not asked about yet."""
        async with asyncio.timeout(PATIENCE):
            first, last = (await read_line(self._process)).split()
        return WritingTimes(int(first), int(last))


@dataclass(frozen=True, slots=True)
class BenchGuild:
    """A bot that is connected, and the guild it serves."""

    playground: Playground
    guild: Guild
    folder: Path
    bot: Process

    @property
    def database(self) -> Path:
        return self.folder / DATABASE

    def cpu_seconds(self) -> float:
        return cpu_seconds_of(self.bot.pid)

    async def open_ballot(self, asker: Member, channel: Channel) -> Message:
        """Hold a battle up to where its card can be voted on; returns the card."""
        world = self.playground.world
        asked = world.people.slash(asker, channel, "battle", prompt=PROMPT)
        await asked.finished(timeout=PATIENCE)
        card = asked.message
        if card is None:
            raise RuntimeError("The bot answered /battle without a card.")
        await world.until(lambda: is_open(card), timeout=PATIENCE)
        return card

    async def revealed(self, card: Message) -> None:
        await self.playground.world.until(lambda: close_button(card) is None, timeout=PATIENCE)


def cpu_seconds_of(pid: int) -> float:
    """Return the processor time that a process has used so far (fields 14 and 15 of proc(5) stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def close_button(card: Message) -> str | None:
    """Return the id of the card's button that closes the vote, while there is one."""
    return _button(card, CLOSE)


def is_decided(card: Message) -> bool:
    """Whether the card shows an end: neither a vote to be closed nor models that write."""
    return _button(card, CLOSE) is None and _button(card, CANCEL) is None


def _button(card: Message, beginning: str) -> str | None:
    ids = (component.custom_id for component in walk(card.components))
    return next((each for each in ids if isinstance(each, str) and each.startswith(beginning)), None)


def is_open(card: Message) -> bool:
    """Whether the card says that one can vote, and all four reactions are there."""
    return close_button(card) is not None and len(card.reactions) == len(EMOJI)


@asynccontextmanager
async def started(*command: str, stderr: Path | None = None) -> AsyncGenerator[Process]:
    """Run one of our own modules, with pipes, until the block ends."""
    with (stderr or Path(os.devnull)).open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", *command),
            cwd=ROOT,
            env=os.environ | {"DISCORD_TOKEN": TOKEN},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=log if stderr else None,
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), 15)
        except TimeoutError:
            process.kill()
            await process.wait()


async def read_line(process: Process) -> str:
    if process.stdout is None:
        raise RuntimeError("The process has no pipe.")
    return (await process.stdout.readline()).decode()


async def write_line(process: Process, line: bytes) -> None:
    if process.stdin is None:
        raise RuntimeError("The process has no pipe.")
    process.stdin.write(line + b"\n")
    await process.stdin.drain()


@asynccontextmanager
async def two_models(words: int, pace: float) -> AsyncGenerator[Sequence[ServingModel]]:
    """Start two models that write so many words each, one every `pace` seconds."""
    async with AsyncExitStack() as stack:
        processes = [
            await stack.enter_async_context(started("bench.setup.writer", str(words), str(pace)))
            for _ in range(2)
        ]
        yield [
            ServingModel(process, f"http://127.0.0.1:{int(await read_line(process))}/v1")
            for process in processes
        ]


@asynccontextmanager
async def bot_at_work(
    playground: Playground,
    models: Sequence[ServingModel],
    voting_seconds: int,
    prepare: Prepare | None = None,
    module: str = "bot",
) -> AsyncGenerator[BenchGuild]:
    """Start `arena-bot run` in a folder of its own; where the benchmark fails, its log is shown.

    `prepare` may fill the database before, for the guild that the bot will serve. `module` is run in place of
    the bot's own.
    """
    with tempfile.TemporaryDirectory(prefix="arena-bench-") as name:
        guild, folder = playground.world.create_guild("Arena"), Path(name)
        config, log = folder / "config.toml", folder / "bot.log"
        tables = "".join(
            f'[[models]]\nname = "Contestant {number}"\nprotocol = "openai"\n'
            f'base_url = "{model.url}"\nmodel = "m-{number}"\n'
            for number, model in enumerate(models)
        )
        config.write_text(
            f'[discord]\napi_url = "{playground.api_url}"\ngateway_url = "{playground.gateway_url}"\n'
            f'[storage]\npath = "{folder / DATABASE}"\n'
            f"[battle]\nvoting_seconds = {voting_seconds}\ncooldown_seconds = 0\nmember_battles_per_day = 0\n"
            f"early_close_voters = 0\n"
            f"[limits]\nconcurrent_battles = 100\nbattles_per_day = 1_000_000\n{tables}"
        )
        if prepare:
            await prepare(folder / DATABASE, guild.id)
        try:
            async with started(module, "run", "--config", str(config), stderr=log) as process:
                await playground.ready(timeout=PATIENCE)
                yield BenchGuild(playground, guild, folder, process)
        except BaseException:
            print(log.read_text()[-4000:], file=sys.stderr)
            raise
