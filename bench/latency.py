"""Time that the bot adds between the models and the card: `python -m bench.latency [BATTLES]`.

Two models write 60 words, one every 20 ms. Fifty battles, one after the other, are held by the real bot, and
in turn with them fifty by a bare loop (bench/setup/bare.py), which does the same edits without a Discord
library or storage; a first battle of each, to warm up, is left out.

Measured is from the write of the first text to the arrival of the first edit that shows it, and from the
write of the last text to the arrival of the card with the whole replies and Close voting; of the two models
the later one counts, because the card shows both in lockstep. Each party is a process of its own, and all
read the monotonic clock. The stand-in has Discord's rate limits on.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from bench.setup.bare import Job
from bench.setup.setting import (
    CLOSE,
    PATIENCE,
    TOKEN,
    bot_at_work,
    close_button,
    read_line,
    started,
    two_models,
    write_line,
)
from bench.setup.table import median_and_p95, print_setting, print_table
from bench.setup.writer import TEXT
from bot.playground import Playground
from bot.playground.world.interactions.asking import InteractionKind

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Sequence

    from bench.setup.setting import BenchGuild, ServingModel
    from bot.playground import Channel, Member, RequestRecord

BATTLES = 50
WORDS = 60
PACE = 0.02
VOTING_SECONDS = 600
FIRST_TEXT = re.compile(rf'"content": ?"{TEXT[0]}'.encode())
"""In an edit that shows a reply; the card without any is one of the edits too."""


class EditTimes:
    """Notes when the edits of a card arrive, in monotonic nanoseconds, up to the one that opens the vote."""

    def __init__(self) -> None:
        self.edits: list[int] = []
        self.with_text: list[int] = []
        self.is_complete = False

    def begin(self) -> None:
        self.edits, self.with_text, self.is_complete = [], [], False

    def see(self, record: RequestRecord) -> None:
        if record.method == "PATCH" and not self.is_complete:
            self.edits.append(time.monotonic_ns())
            if FIRST_TEXT.search(record.content):
                self.with_text.append(self.edits[-1])
            self.is_complete = CLOSE in str(record.body)


@dataclass(frozen=True, slots=True)
class Added:
    """What one battle took beyond its models, in milliseconds."""

    first: float
    final: float
    edits: int


async def compare(watch: EditTimes, models: Sequence[ServingModel]) -> Added:
    """Measure the battle that has just been shown complete."""
    written = [await model.written() for model in models]
    return Added(
        first=(watch.with_text[0] - max(each.first for each in written)) / 1e6,
        final=(watch.edits[-1] - max(each.last for each in written)) / 1e6,
        edits=len(watch.edits),
    )


async def by_bot(setting: BenchGuild, asker: Member, channel: Channel) -> None:
    """Hold a battle and end it, so that nothing of it is left while the next one is measured."""
    card = await setting.open_ballot(asker, channel)
    button = close_button(card)
    if button is None:
        raise RuntimeError("The vote ended before anyone could close it.")
    await setting.playground.people.press(asker, card, button).finished(timeout=PATIENCE)
    await setting.revealed(card)


class BareLoop:
    """The process of bench/setup/bare.py, and a stand-in of its own with somebody who asks."""

    def __init__(self, process: Process, playground: Playground, models: Sequence[ServingModel]) -> None:
        self._process = process
        self._playground = playground
        self._models = models
        world = playground.world
        self._guild = world.create_guild("Bare")
        self._channel = world.create_channel(self._guild)
        self._asker = world.create_member(self._guild, "asker")

    async def battle(self) -> None:
        world, api = self._playground.world, self._playground.api_url
        asked = world.interactions.open(InteractionKind.COMMAND, self._asker, self._channel, {})
        job = Job(
            callback=f"{api}/interactions/{asked.id}/{asked.token}/callback",
            card=f"{api}/webhooks/{world.bot.id}/{asked.token}/messages/@original",
            models=[model.url for model in self._models],
        )
        await write_line(self._process, msgspec.json.encode(job))
        async with asyncio.timeout(PATIENCE):
            if await read_line(self._process) != "done\n":
                raise RuntimeError("The bare loop failed.")


async def measure(battles: int) -> tuple[list[Added], list[Added]]:
    """Hold battles in turn by the bot and by the bare loop, so that a busy moment meets both."""
    bot, bare = EditTimes(), EditTimes()
    bots: list[Added] = []
    bares: list[Added] = []
    async with (
        two_models(WORDS, PACE) as models,
        Playground(token=TOKEN, on_request=[bot.see]) as playground,
        Playground(token=TOKEN, on_request=[bare.see]) as other,
        bot_at_work(playground, models, VOTING_SECONDS) as setting,
        started("bench.setup.bare") as process,
    ):
        loop = BareLoop(process, other, models)
        channel = playground.world.create_channel(setting.guild)
        asker = playground.world.create_member(setting.guild, "asker")
        for _ in range(1 + battles):
            bot.begin()
            await by_bot(setting, asker, channel)
            bots.append(await compare(bot, models))
            bare.begin()
            await loop.battle()
            bares.append(await compare(bare, models))
    return bots[1:], bares[1:]


async def main(battles: int) -> None:
    print_setting(
        f"{battles} battles, {WORDS} words each {PACE * 1000:.0f} ms; milliseconds added to the models'."
    )
    bots, bares = await measure(battles)
    rows = [
        row("the bot: first text", [each.first for each in bots]),
        row("bare loop: first text", [each.first for each in bares]),
        row("the bot: last text, ballot card", [each.final for each in bots]),
        row("bare loop: last text, final card", [each.final for each in bares]),
    ]
    print_table(["ms from the later model's text to the card's", "median", "p95", "least", "most"], rows)
    edits = [sorted({each.edits for each in added}) for added in (bots, bares)]
    print(f"Edits a battle: the bot {edits[0]}, the bare loop {edits[1]}.")


def row(name: str, values: Sequence[float]) -> list[str]:
    figures = (*median_and_p95(values), min(values), max(values))
    return [name, *(f"{value:.1f}" for value in figures)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("battles", nargs="?", type=int, default=BATTLES)
    asyncio.run(main(parser.parse_args().battles))
