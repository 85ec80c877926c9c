"""The bot as a process that is killed and started again, and what else goes wrong around it."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bench.setup.setting import ROOT

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from random import Random

    from bot.playground import Playground
    from bot.playground.rest.faults import Fault

KILLED_AT = (30, 60)
CUT_AT = {15: False, 45: True, 150: False, 400: True, 700: False}
"""After so many battles the gateway is cut, and forgets the sessions or not. Rarely, because discord.py waits
ever longer with each cut, and begins anew only after half an hour of quiet."""

SAMPLE_EVERY = 50
START_SECONDS = 30.0
STOP_SECONDS = 15.0
EVERYTHING = re.compile("")
EXPLAINED = (
    ("bot.client", "an interaction failed", "a fault struck the answer to a command or a button"),
    ("bot.client", "a member could not be told of an error", "a fault struck that too"),
    ("bot.client", "an interaction could not be acknowledged", "a fault struck, or Discord closed it"),
    ("discord.gateway", "Can't keep up", "a heartbeat was not answered before the gateway was cut"),
    ("discord.shard", "Attempting a reconnect", "the gateway was cut"),
    ("discord.client", "Attempting a reconnect", "the gateway was cut"),
    ("bot.arena.battles.retries", "Discord did not take a card", "a fault struck; it was offered again"),
    ("bot.arena.battles.runner", "a ballot could not be compared", "a fault struck; the events count"),
    ("discord.http", "We are being rate limited", "429, from a fault or from Discord's own limits"),
    ("discord.http", "Global rate limit has been hit", "twelve channels share 50 requests a second"),
    ("discord.webhook.async_", "Webhook ID", "429, from a fault or from Discord's own limits"),
)


class BotLogLine(msgspec.Struct):
    """What is read of a line of the bot's log."""

    event: str
    level: str = "info"
    logger: str = ""
    exception: msgspec.Raw = msgspec.Raw(b"null")
    seconds: float = 0.0
    by: str = ""

    @property
    def kind(self) -> str:
        """What lines have in common that differ in addresses and times alone."""
        return re.sub(r"https?:\S+|[0-9][0-9.]*", "…", self.event)[:50]

    @property
    def explanation(self) -> str | None:
        return next(
            (
                why
                for logger, event, why in EXPLAINED
                if self.logger == logger and self.event.startswith(event)
            ),
            None,
        )


class Bot:
    """The bot's process, as often as it is started, and its memory in bytes after so many battles."""

    def __init__(self, playground: Playground, folder: Path) -> None:
        self.memory: dict[int, int] = {}
        self.database = folder / "arena.sqlite3"
        self._log = folder / "bot.log"
        self._addresses = (playground.api_url, playground.gateway_url)
        self._process: Process | None = None

    async def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bench.soak", "--bot", *self._addresses, str(self.database)),
                cwd=ROOT,
                stderr=log,
            )

    async def end(self, number: signal.Signals) -> int | None:
        if self._process is None or self._process.returncode is not None:
            return None
        self._process.send_signal(number)
        try:
            return await asyncio.wait_for(self._process.wait(), STOP_SECONDS)
        except TimeoutError:
            self._process.kill()
            return await self._process.wait()

    def sample(self, battles: int) -> None:
        if self._process:
            pages = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
            self.memory[battles] = pages * os.sysconf("SC_PAGE_SIZE")

    def log(self) -> list[BotLogLine]:
        """Read what was logged; a line that a kill cut in two is left out."""
        lines: list[BotLogLine] = []
        for line in self._log.read_bytes().splitlines():
            with suppress(msgspec.DecodeError):
                lines.append(msgspec.json.decode(line, type=BotLogLine))
        return lines


class Trouble:
    """What goes wrong: at certain battles, and all the time."""

    def __init__(self, playground: Playground, bot: Bot, random: Random) -> None:
        self._playground = playground
        self._bot = bot
        self._random = random
        self._battles = 0
        self._more = asyncio.Event()
        self._idle = asyncio.Event()
        self._quiet = asyncio.Lock()

    def count(self) -> None:
        """Note one battle more."""
        self._battles += 1
        self._idle.clear()
        self._more.set()

    async def strike(self) -> None:
        """Kill, cut and measure when it is time for it, for ever."""
        done = 0
        while True:
            await self._more.wait()
            self._more.clear()
            while done < self._battles:
                done += 1
                await self._strike_at(done)
            self._idle.set()

    async def _strike_at(self, battles: int) -> None:
        if battles in KILLED_AT:
            # A start that Discord refuses ends the bot, as it should: what then starts it again is not ours.
            async with self._quiet:
                self._playground.faults.clear()
                await self._bot.end(signal.SIGKILL)
                await self._bot.start()
                await self._playground.ready(timeout=START_SECONDS)
        if battles in CUT_AT:
            await self._playground.gateway.drop(forget=CUT_AT[battles])
        if battles % SAMPLE_EVERY == 0:
            self._bot.sample(battles)

    async def settled(self) -> None:
        """Wait until all that was due has struck."""
        await self._idle.wait()

    async def nag(self) -> None:
        """Add a fault whenever the last one is used up, and now and then move the gateway, for ever."""
        fault: Fault | None = None
        while True:
            await asyncio.sleep(0.5 + self._random.random())
            async with self._quiet:
                if fault is None or fault.times <= 0:
                    fault = self._fault()

    def _fault(self) -> Fault | None:
        faults = self._playground.faults
        faults.clear()
        match self._random.randrange(12):
            case 0:
                self._playground.gateway.reconnect()
                return None
            case 1 | 2 | 3:
                return faults.add("*", EVERYTHING, status=429, retry_after=0.3, times=3)
            case 4 | 5 | 6:
                return faults.add("*", EVERYTHING, status=500, times=2)
            case 7 | 8:
                return faults.add("*", EVERYTHING, delay=0.4, times=5)
            case 9 | 10:
                return faults.add("*", EVERYTHING, drop=True)
            case _:
                return faults.add("*", EVERYTHING, drop=True, after=True)
