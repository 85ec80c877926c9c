"""What the bot takes at rest, to start and for a battle: `python -m bench.footprint [BATTLES] [--starts N]`.

Beside it stands a client of discord.py alone (bench/setup/bare_client.py). Both are processes of their own
that connect to the stand-in: measured is from the start of the process to READY, and the resident memory some
seconds later, when nothing is under way. The bot's database is there already, and up to date. Both start once
more where each answer of the stand-in takes 100 ms, as Discord's may. `arena-bot --help` is timed beside
`import discord`. Of all starts the median and the least are printed, because other programs on the machine
make a start slower, and none makes it quicker.

Then the bot holds battles, one after the other and twenty at once, whose models write 60 words each: what its
process used meanwhile, how often it edited a message, and what it asked its database. Before that it holds
forty, twenty at once, which load and open all that only battles need.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.setup.setting import (
    PATIENCE,
    ROOT,
    TOKEN,
    bot_at_work,
    close_button,
    cpu_seconds_of,
    read_line,
    started,
    two_models,
    write_line,
)
from bench.setup.table import print_setting, print_table
from bot.playground import Playground
from bot.storage.database import open_database

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator, Callable, Sequence
    from contextlib import AbstractAsyncContextManager

    from bench.setup.setting import BenchGuild
    from bot.playground import Channel, RequestRecord

    Start = Callable[[Playground], AbstractAsyncContextManager[Process]]

BATTLES = 20
AT_ONCE = 20
WARM_ROUNDS = 2
STARTS = 7
DISTANCE = 0.1
REST_SECONDS = 3.0
WORDS = 60
PACE = 0.02
VOTING_SECONDS = 600
MIB = 1024**2


@dataclass(frozen=True, slots=True)
class RestFigures:
    """One start: seconds to READY, those of the processor, and the memory at rest, in bytes."""

    seconds: float
    cpu_seconds: float
    memory: int


@dataclass(frozen=True, slots=True)
class CommandTimes:
    """One command from its start to its end, in seconds."""

    seconds: float
    cpu_seconds: float


@dataclass(frozen=True, slots=True)
class TakenSoFar:
    """What a process has used so far, and the memory that it has now, in bytes."""

    memory: int
    cpu_seconds: float
    edits: int
    statements: int
    transactions: int


class EditCount:
    """Counts the requests that change a message."""

    def __init__(self) -> None:
        self.edits = 0

    def see(self, record: RequestRecord) -> None:
        self.edits += record.method == "PATCH"


def memory_of(pid: int) -> int:
    """Return the resident memory of a process, in bytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (resident,) = (line.split()[1] for line in lines if line.startswith("VmRSS:"))
    return int(resident) * 1024


async def rest(start: Start, way: float) -> RestFigures:
    """Start with a stand-in whose answers, and frames, take so many seconds more."""
    async with Playground(token=TOKEN) as playground:
        playground.world.create_guild("Arena")
        playground.gateway.delay = way
        playground.faults.add("*", re.compile(""), times=sys.maxsize, delay=way)
        begun = time.perf_counter()
        async with start(playground) as process:
            await playground.ready(timeout=PATIENCE)
            seconds = time.perf_counter() - begun
            cpu_seconds = cpu_seconds_of(process.pid)
            await asyncio.sleep(REST_SECONDS)
            return RestFigures(seconds, cpu_seconds, memory_of(process.pid))


def bare(playground: Playground) -> AbstractAsyncContextManager[Process]:
    return started(
        "bench.setup.bare_client", playground.api_url, playground.gateway_url, stderr=Path(os.devnull)
    )


def bot_in(folder: Path) -> Start:
    @asynccontextmanager
    async def start(playground: Playground) -> AsyncGenerator[Process]:
        config = folder / "config.toml"
        config.write_text(
            f'[discord]\napi_url = "{playground.api_url}"\ngateway_url = "{playground.gateway_url}"\n'
            f'[storage]\npath = "{folder / "arena.sqlite3"}"\n'
        )
        async with started("bot", "run", "--config", str(config), stderr=folder / "bot.log") as process:
            yield process

    return start


async def rests(way: float, starts: int) -> tuple[list[RestFigures], list[RestFigures]]:
    """Start the bot and the bare client in turn, so that a busy moment meets both."""
    with tempfile.TemporaryDirectory(prefix="arena-bench-") as name:
        await migrate(Path(name) / "arena.sqlite3", 0)
        await rest(bot_in(Path(name)), way)  # compiles what was not
        pairs = [(await rest(bot_in(Path(name)), way), await rest(bare, way)) for _ in range(starts)]
    return [bot for bot, _ in pairs], [client for _, client in pairs]


def run(*arguments: str) -> CommandTimes:
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run((sys.executable, *arguments), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
    seconds, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return CommandTimes(seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


async def migrate(database: Path, _guild_id: int) -> None:
    async with open_database(database):
        pass


async def taken(setting: BenchGuild, count: EditCount) -> TakenSoFar:
    await write_line(setting.bot, b"")
    async with asyncio.timeout(PATIENCE):
        statements, transactions = (await read_line(setting.bot)).split()
    memory = memory_of(setting.bot.pid)
    return TakenSoFar(memory, setting.cpu_seconds(), count.edits, int(statements), int(transactions))


async def battle(setting: BenchGuild, channel: Channel) -> None:
    """Hold a battle from the command to the reveal."""
    world = setting.playground.world
    asker = world.create_member(setting.guild, f"asker-{channel.id}")
    card = await setting.open_ballot(asker, channel)
    button = close_button(card)
    if button is None:
        raise RuntimeError("The vote ended before anyone could close it.")
    await setting.playground.people.press(asker, card, button).finished(timeout=PATIENCE)
    await setting.revealed(card)


async def battles(number: int) -> list[list[str]]:
    rows: list[list[str]] = []
    count = EditCount()
    async with (
        two_models(WORDS, PACE) as models,
        Playground(token=TOKEN, on_request=[count.see]) as playground,
        bot_at_work(playground, models, VOTING_SECONDS, migrate, "bench.setup.counted") as setting,
    ):
        channels = [playground.world.create_channel(setting.guild, f"arena-{at}") for at in range(AT_ONCE)]
        for _ in range(WARM_ROUNDS):
            await battles_at_once(setting, channels)
        before = await taken(setting, count)
        for _ in range(number):
            await battle(setting, channels[0])
        between = await taken(setting, count)
        rows.append(row_of_battles("one after the other", before, between, number))
        number = await battles_at_once(setting, channels)
        after = await taken(setting, count)
        rows.append(row_of_battles(f"{number} at once", between, after, max(number, 1)))
    return rows


async def battles_at_once(setting: BenchGuild, channels: Sequence[Channel]) -> int:
    """Hold a battle in each; returns how many, as a slow machine answers some too late for Discord."""
    held = await asyncio.gather(*(battle(setting, each) for each in channels), return_exceptions=True)
    return held.count(None)


def row_of_battles(name: str, before: TakenSoFar, after: TakenSoFar, number: int) -> list[str]:
    figures = (
        (after.cpu_seconds - before.cpu_seconds) * 1000,
        after.edits - before.edits,
        after.statements - before.statements,
        after.transactions - before.transactions,
    )
    return [name, *(f"{figure / number:.1f}" for figure in figures), f"{after.memory / MIB:.0f}"]


def row_of_rests(name: str, found: Sequence[RestFigures]) -> list[str]:
    seconds, cpu = [each.seconds for each in found], [each.cpu_seconds for each in found]
    memory = statistics.median(each.memory for each in found) / MIB
    return [
        name,
        f"{memory:.0f}",
        f"{statistics.median(seconds):.2f}",
        f"{min(seconds):.2f}",
        f"{min(cpu):.2f}",
    ]


def row_of_runs(name: str, found: Sequence[CommandTimes]) -> list[str]:
    seconds, cpu = [each.seconds for each in found], [each.cpu_seconds for each in found]
    figures = (statistics.median(seconds), min(seconds), min(cpu))
    return [name, *(f"{figure:.2f}" for figure in figures)]


async def main(number: int, starts: int) -> None:
    print_setting(
        f"{starts} starts of each; {number} battles, then {AT_ONCE} at once; {WORDS} words a reply."
    )
    rows: list[list[str]] = []
    for way, place in ((0.0, ""), (DISTANCE, f", {DISTANCE * 1000:.0f} ms away")):
        bots, clients = await rests(way, starts)
        rows += [row_of_rests(f"the bot{place}", bots), row_of_rests(f"bare discord.py{place}", clients)]
    print_table(["at rest", "MiB", "s to READY", "least", "CPU s, least"], rows)
    helps = [run("-m", "bot", "--help") for _ in range(starts)]
    imports = [run("-c", "import discord") for _ in range(starts)]
    rows = [row_of_runs("arena-bot --help", helps), row_of_runs("import discord", imports)]
    print_table(["command", "s", "least", "CPU s, least"], rows)
    print_table(
        ["a battle", "ms CPU", "edits", "statements", "transactions", "MiB afterwards"], await battles(number)
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("battles", nargs="?", type=int, default=BATTLES)
    parser.add_argument("--starts", type=int, default=STARTS)
    given = parser.parse_args()
    asyncio.run(main(given.battles, given.starts))
