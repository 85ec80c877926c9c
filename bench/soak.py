"""A thousand battles with trouble: `python -m bench.soak [--battles N] [--seed N]`.

The bot, with toys to fight, is a process of its own. Members vote and change their minds in twelve channels
at once while requests fail, come late or are lost, and the gateway is moved, cut and forgets its sessions;
twice the bot is killed. What it counted and showed is compared with what the members did, its log is searched
for lines that nothing explains, and its memory is read every fifty battles. Exits with 1 where anything of
this is not as it should be.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random, SystemRandom
from typing import TYPE_CHECKING

import structlog

from bench.setup.contest import VOTERS, Contest
from bench.setup.holds import MOST_HOLD, watch_holds
from bench.setup.setting import TOKEN
from bench.setup.table import print_setting, print_table
from bench.setup.trouble import START_SECONDS, Bot, BotLogLine, Trouble
from bot import logs
from bot.app import run_arena, serve
from bot.arena.models.factory import open_factory
from bot.arena.models.keyring import Keyring
from bot.arena.models.roster import Competitor
from bot.backends.toy import toys
from bot.client import use_addresses
from bot.config import BattleDefaults, Config, Limits
from bot.connection import connecting
from bot.domain.pauses import USUAL
from bot.playground import Playground
from bot.start import until_stopped
from bot.storage.database import open_database

if TYPE_CHECKING:
    from collections.abc import Sequence

CHANNELS = 12
VOTING_SECONDS = 60
WORD_SECONDS = 0.005
WARM = 100
GROWTH = 1.1
"""Of the bot's memory from the hundredth battle to the last: what an allocator does by itself."""

PAUSES = replace(
    USUAL,
    between_matches=1.0,
    before_next_try=2.0,
    before_redraws=(0.5, 1.0, 2.0, 4.0),
    before_deciding_again=1.0,
)
"""Where a fault comes every second, what is tried again after minutes would go on for hours."""

LEAST_HOLD = 0.01
"""In seconds of processor time: what is noted of single callbacks."""

UNFINISHED = "select count(*) from battles where redrawn_at is null"
"""Battles whose end is not shown: the answer was lost on the way."""

HELD = "the event loop was held"
STARTING = {"be_the_bot", "stay_connected"}
"""What these do they do before the bot is connected, when nobody waits for it."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

END_SECONDS = VOTING_SECONDS + 60.0


async def soak(battles: int, seed: int) -> bool:
    """Run, print, and return whether every promise was kept."""
    begun, random = time.monotonic(), Random(seed)
    with tempfile.TemporaryDirectory(prefix="arena-soak-") as name:
        async with Playground(token=TOKEN, requests_kept=1000) as playground:
            world = playground.world
            bot = Bot(playground, Path(name))
            trouble = Trouble(playground, bot, random)
            contest = Contest(playground, bot.database, battles, random, trouble.count)
            guild = world.create_guild("Soak")
            await bot.start()
            try:
                await playground.ready(timeout=START_SECONDS)
                troubling = [asyncio.create_task(each) for each in (trouble.strike(), trouble.nag())]
                async with asyncio.timeout(END_SECONDS + battles), asyncio.TaskGroup() as group:
                    for at in range(CHANNELS):
                        members = [
                            world.create_member(guild, f"member-{at}-{each}") for each in range(VOTERS)
                        ]
                        members.append(world.create_member(guild, f"bot-{at}", bot=True))
                        group.create_task(contest.fight(world.create_channel(guild, f"arena-{at}"), members))
                await trouble.settled()
                for task in troubling:
                    task.cancel()
                playground.faults.clear()
                bot.sample(contest.score.revealed)
                left = await contest.left(UNFINISHED, END_SECONDS)
            finally:
                status = await bot.end(signal.SIGTERM)
        return _report(contest, bot, left, status, time.monotonic() - begun, playground)


def _report(
    contest: Contest, bot: Bot, left: int, status: int | None, seconds: float, playground: Playground
) -> bool:
    score, lines = contest.score, bot.log()
    odd = [line for line in lines if line.level not in ("debug", "info")]
    unexplained = [line for line in odd if line.explanation is None]
    first, last = bot.memory.get(WARM, 0), bot.memory[max(bot.memory)]
    growth = last / first if first else 1.0
    held = max((line.seconds, line.by) for line in [BotLogLine(HELD), *lines] if _counts(line))
    gateway = playground.gateway
    print_table(
        ("the run", ""),
        [
            ("battles revealed", str(score.revealed)),
            ("battles that a fault or a kill voided", str(score.voided)),
            ("commands whose answer was lost", str(score.unanswered)),
            ("votes of unknown order, not counted", str(score.unclear)),
            ("votes and tallies that differ from the truth", str(len(score.wrong))),
            ("battles that never ended", str(left)),
            ("lines in the log that nothing explains", str(len(unexplained))),
            ("memory, last to hundredth battle", f"{growth:.3f}"),
            ("longest hold of the event loop", f"{1000 * held[0]:.0f} ms {held[1]}"),
            ("requests", str(playground.requests.total)),
            ("gateway sessions", f"{gateway.identified} begun, {gateway.resumed} resumed"),
            ("exit status at SIGTERM", str(status)),
            ("seconds", f"{seconds:.0f}"),
        ],
    )
    print_table(("battles", "MB"), [(str(at), f"{size / 1e6:.1f}") for at, size in bot.memory.items()])
    kinds = Counter((line.level, line.logger, line.kind, line.explanation or "?") for line in odd)
    rows = [(f"{level}: {logger}: {event}", why, str(n)) for (level, logger, event, why), n in kinds.items()]
    print_table(("in the log", "because", "times"), rows)
    print(*score.wrong[:20], *(bytes(line.exception)[-1500:] for line in unexplained[:5]), sep="\n")
    return not (score.wrong or unexplained or left or status) and growth <= GROWTH and held[0] <= MOST_HOLD


def _counts(line: BotLogLine) -> bool:
    return line.event == HELD and line.by not in STARTING


async def be_the_bot(api: str, gateway: str, database: str) -> None:
    """Serve until told to stop, with toys."""
    logs.configure(as_json=True, secrets=[TOKEN])
    use_addresses(api, gateway)
    config = Config(
        battle=BattleDefaults(
            voting_seconds=VOTING_SECONDS, cooldown_seconds=0, member_battles_per_day=0, early_close_voters=0
        ),
        limits=Limits(concurrent_battles=CHANNELS, battles_per_day=1_000_000),
    )
    competitors = [Competitor(toy.name, toy.backend, (toy.name,)) for toy in toys(WORD_SECONDS)]
    with watch_holds(LEAST_HOLD, lambda by, seconds: _log.info(HELD, by=by, seconds=seconds)):
        await _serve(config, competitors, database)


async def _serve(config: Config, competitors: Sequence[Competitor], database: str) -> None:
    async with (
        open_factory(config, Keyring([])) as factory,
        open_database(Path(database)) as opened,
        run_arena(factory, opened, competitors, time.time, SystemRandom(), PAUSES) as arena,
        connecting(TOKEN) as connection,
    ):
        await serve(arena, connection)


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--battles", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bot", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args(words)
    if given.bot:
        asyncio.run(until_stopped(be_the_bot(*given.bot)))
        return 0
    print_setting(f"{given.battles} battles with trouble, seed {given.seed}")
    return 0 if asyncio.run(soak(given.battles, given.seed)) else 1


if __name__ == "__main__":
    sys.exit(main())
