"""How soon commands are acknowledged that come in one instant: `python -m bench.acknowledgement [TIMES]`.

As many members use `/battle`, `/me` and `/leaderboard` in turn, at once, in a channel each; the stand-in and
the bot are processes of this machine. Measured is from when the stand-in sends a command to when its
acknowledgement arrives; Discord waits for one for three seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from typing import TYPE_CHECKING

from bench.setup.setting import PATIENCE, PROMPT, TOKEN, bot_at_work, two_models
from bench.setup.table import print_setting, print_table
from bot.playground import Playground

if TYPE_CHECKING:
    from bench.setup.setting import BenchGuild
    from bot.playground import InteractionRecord, RequestRecord

AT_ONCE = (1, 20, 280)
TIMES = 5
WORDS = 60
PACE = 0.02
VOTING_SECONDS = 600
CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"


class Arrivals:
    """Notes when each interaction was acknowledged."""

    def __init__(self) -> None:
        self.at: dict[str, float] = {}

    def see(self, record: RequestRecord) -> None:
        if record.template == CALLBACK:
            self.at[record.path.split("/interactions/")[1].split("/")[0]] = time.perf_counter()


async def burst(setting: BenchGuild, arrivals: Arrivals, number: int) -> list[float]:
    """Return the milliseconds to each acknowledgement."""
    world = setting.playground.world
    places = [
        (world.create_member(setting.guild, "asker"), world.create_channel(setting.guild, "arena"))
        for _ in range(number)
    ]
    begun: dict[str, float] = {}
    asked: list[InteractionRecord] = []
    for at, (member, channel) in enumerate(places):
        name, options = (("battle", {"prompt": PROMPT}), ("me", {}), ("leaderboard", {}))[at % 3]
        record = world.people.slash(member, channel, name, **options)
        begun[str(record.id)] = time.perf_counter()
        asked.append(record)
    for record in asked:
        await record.answered(timeout=PATIENCE)
    for record in asked:
        await record.finished(timeout=PATIENCE)
    return [(arrivals.at[number] - moment) * 1000 for number, moment in begun.items()]


def row(number: int, found: list[float]) -> list[str]:
    ordered = sorted(found)
    p99 = ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))]
    return [str(number), f"{statistics.median(found):.0f}", f"{p99:.0f}", f"{ordered[-1]:.0f}"]


async def main(times: int) -> None:
    print_setting(f"each number of commands {times} times.")
    arrivals = Arrivals()
    async with (
        two_models(WORDS, PACE) as models,
        Playground(token=TOKEN, on_request=[arrivals.see], rate_limits=False) as playground,
        bot_at_work(playground, models, VOTING_SECONDS) as setting,
    ):
        await burst(setting, arrivals, 3)  # loads what only commands need
        rows = [
            row(number, [each for _ in range(times) for each in await burst(setting, arrivals, number)])
            for number in AT_ONCE
        ]
    print_table(["commands at once", "ms, median", "p99", "most"], rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("times", nargs="?", type=int, default=TIMES)
    asyncio.run(main(parser.parse_args().times))
