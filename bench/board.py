"""From `/leaderboard` to the posted picture: `python -m bench.board`. The aim is a second for 50 models.

The real bot serves a guild whose database holds a million votes, and the stand-in for Discord takes the time
from the moment that the command is sent to the moment that the message has its picture. "Cold" is the first
picture of the process, "drawn" one that has to be drawn, "kept" one that nothing has changed since.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bench.setup.past import write_past
from bench.setup.setting import PATIENCE, TOKEN, bot_at_work
from bench.setup.table import median_and_p95, print_setting, print_table
from bot.playground import Playground

if TYPE_CHECKING:
    from bench.setup.setting import BenchGuild
    from bot.playground import Channel, Member

VOTES = 1_000_000
STYLES = ("ratings", "matrix", "trend")
REPEATS = 20
AIM = 1.0


@dataclass(frozen=True, slots=True)
class BoardReader:
    """A member in a channel."""

    setting: BenchGuild
    channel: Channel
    member: Member

    @classmethod
    def arrive(cls, setting: BenchGuild) -> BoardReader:
        world = setting.playground.world
        channel = world.create_channel(setting.guild, "arena")
        return cls(setting, channel, world.create_member(setting.guild, "reader"))


async def picture(reader: BoardReader, **options: str) -> float:
    """Ask for a board and return the seconds until its picture is there."""
    world = reader.setting.playground.world
    begun = time.perf_counter()
    asked = world.people.slash(reader.member, reader.channel, "leaderboard", **options)
    await asked.finished(timeout=PATIENCE)
    await world.until(lambda: asked.message is not None and bool(asked.message.attachments), timeout=PATIENCE)
    return time.perf_counter() - begun


async def measure(models: int, votes: int) -> list[list[str]]:
    async with (
        Playground(token=TOKEN, rate_limits=False) as playground,
        bot_at_work(playground, [], 600, partial(write_past, models=models, votes=votes)) as setting,
    ):
        reader = BoardReader.arrive(setting)
        rows: list[list[str]] = []
        for style in STYLES:
            first = await picture(reader, style=style)
            drawn = await picture(reader, style=style, theme="light")
            kept = [await picture(reader, style=style) for _ in range(REPEATS)]
            cold = f"{first * 1000:.0f}" if style == STYLES[0] else "–"
            median, p95 = median_and_p95(kept)
            rows.append(
                [
                    f"{models} models",
                    style,
                    cold,
                    f"{drawn * 1000:.0f}",
                    f"{median * 1000:.1f} ({p95 * 1000:.1f})",
                ]
            )
        return rows


async def compare(votes: int) -> None:
    print_setting(f"Milliseconds from /leaderboard to its picture; {votes:,} votes.")
    rows = [row for models in (5, 50, 200) for row in await measure(models, votes)]
    print_table(["", "style", "cold", "drawn", "kept: median (p95)"], rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--votes", type=int, default=VOTES)
    asyncio.run(compare(parser.parse_args().votes))
