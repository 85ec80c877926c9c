"""Limited requests per battle: `python -m bench.requests [--battles N]`. The aim is at most six.

The real bot holds battles between two quick models, with five voters each who change their minds, and the
stand-in, with Discord's rate limits on, counts the requests that fall under the global fifty a second (an
interaction's answers and edits do not). Each battle has a channel of its own, by which its requests are
known. Three kinds: closed early by Close voting, left to the end of the ten-second window, and left to the
end with a vote every quarter of a second throughout and a gateway that is 40 ms late with each event, so
that some votes are on their way while the bot compares the counts. N is the most battles of a kind.
"""

from __future__ import annotations

import argparse
import asyncio
from collections import Counter
from random import Random
from typing import TYPE_CHECKING

from bench.setup.crowd import ReactingCrowd
from bench.setup.setting import PATIENCE, TOKEN, bot_at_work, close_button, two_models
from bench.setup.table import print_setting, print_table
from bot.playground import Playground

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bench.setup.setting import BenchGuild
    from bot.playground import Channel, Member, Message

    Vote = Callable[[BenchGuild, ReactingCrowd, Member, Message], Awaitable[None]]
    Counts = Counter[tuple[str, str]]

VOTERS = 5
CHANGES = 12
VOTING_SECONDS = 10
BUSY_SECONDS = 0.25
GATEWAY_DELAY = 0.04
AT_ONCE = 5
BATTLES = 20
AIM = 6


async def close_early(setting: BenchGuild, crowd: ReactingCrowd, asker: Member, card: Message) -> None:
    for _ in range(CHANGES):
        crowd.act(card)
    button = close_button(card)
    if button is None:
        raise RuntimeError("The vote ended before anyone could close it.")
    await setting.playground.people.press(asker, card, button).finished(timeout=PATIENCE)


async def vote_and_wait(_setting: BenchGuild, crowd: ReactingCrowd, _asker: Member, card: Message) -> None:
    for _ in range(CHANGES):
        crowd.act(card)


async def vote_to_the_end(_setting: BenchGuild, crowd: ReactingCrowd, _asker: Member, card: Message) -> None:
    while close_button(card) is not None:
        crowd.act(card)
        await asyncio.sleep(BUSY_SECONDS)


COURSES: dict[str, tuple[int, Vote, float]] = {
    "closed early": (BATTLES, close_early, 0.0),
    "full window": (5, vote_and_wait, 0.0),
    "votes to the end": (10, vote_to_the_end, GATEWAY_DELAY),
}
"""How many battles, how they go, and by how many seconds each event of the gateway is late."""


async def battle(setting: BenchGuild, vote: Vote, seed: int) -> Channel:
    """Hold a battle from the command to the reveal."""
    world = setting.playground.world
    channel = world.create_channel(setting.guild, f"battle-{seed}")
    crowd = ReactingCrowd(world, setting.guild, VOTERS, Random(seed))
    asker = crowd.newcomer()
    card = await setting.open_ballot(asker, channel)
    await vote(setting, crowd, asker, card)
    await setting.revealed(card)
    return channel


async def battles(setting: BenchGuild, number: int, vote: Vote, delay: float) -> list[Channel]:
    channels: list[Channel] = []
    setting.playground.gateway.delay = delay
    for first in range(0, number, AT_ONCE):
        seeds = range(first, min(first + AT_ONCE, number))
        channels += await asyncio.gather(*(battle(setting, vote, seed) for seed in seeds))
    return channels


def limited(setting: BenchGuild, channel: Channel) -> Counts:
    """Count by route what was asked about a channel; a 429 is a request too."""
    return Counter(
        (record.method, record.template.replace("{channel_id}", "…").replace("{message_id}", "…"))
        for record in setting.playground.requests
        if record.limited and f"/channels/{channel.id}/" in record.path
    )


async def main(most: int) -> None:
    print_setting(f"Requests under the global limit, per battle; {VOTERS} voters in each.")
    async with (
        two_models(words=20, pace=0.0) as models,
        Playground(token=TOKEN) as playground,
        bot_at_work(playground, models, VOTING_SECONDS) as setting,
    ):
        start = playground.requests.total
        counts = {
            name: [
                limited(setting, channel)
                for channel in await battles(setting, min(number, most), vote, delay)
            ]
            for name, (number, vote, delay) in COURSES.items()
        }
        total = len(playground.requests.limited_since(start))
        refused = playground.requests.by_status[429]
    print_counts(counts)
    elsewhere = total - sum(each.total() for every in counts.values() for each in every)
    print(
        f"Limited requests that belong to no battle, after the start: {elsewhere}. Answers of 429: {refused}."
    )


def print_counts(counts: dict[str, list[Counts]]) -> None:
    every = [each for course in counts.values() for each in course]
    routes = sorted({route for each in every for route in each})
    rows = [
        [
            " ".join(route),
            *(f"{sum(each[route] for each in course) / len(course):.2f}" for course in counts.values()),
        ]
        for route in routes
    ]
    totals = [[each.total() for each in course] for course in counts.values()]
    rows += [
        ["mean per battle", *(f"{sum(course) / len(course):.2f}" for course in totals)],
        ["most of a battle", *(str(max(course)) for course in totals)],
        ["battles", *(str(len(course)) for course in totals)],
        [f"battles over {AIM}", *(str(sum(each > AIM for each in course)) for course in totals)],
    ]
    print_table(["route", *counts], rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--battles", type=int, default=BATTLES)
    asyncio.run(main(parser.parse_args().battles))
