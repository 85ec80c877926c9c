"""Votes per second committed: `python -m bench.votes [EVENTS]`.

Two thousand members react at random, and take reactions off, under five open ballots: 10,000 events, which
the stand-in sends over its gateway as fast as it can to the real bot, a process of its own. The clock runs
from the first event until the database, read from outside, holds the last of them; then every row is
compared with the truth. The number of transactions is read from SQLite's wal-index, where each commit
raises a counter. Two hundred single votes, one at a time, follow: how long one waits for its commit.

The comparison is the bot's own storage without its batches, on the same disk: a transaction for each event
(as many as fit into ten seconds), and all events in a single transaction.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from bench.setup.crowd import ReactingCrowd
from bench.setup.setting import PATIENCE, TOKEN, bot_at_work, two_models
from bench.setup.table import median_and_p95, print_setting, print_table
from bot.arena.voting.member_ballot import MemberBallot
from bot.domain.vote import Vote
from bot.playground import Playground
from bot.storage import votes
from bot.storage.database import open_database
from bot.storage.votes import StoredVote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.setup.setting import BenchGuild
    from bot.playground import Message

EVENTS = 10_000
MEMBERS = 2_000
BALLOTS = 5
SINGLE_VOTES = 200
VOTING_SECONDS = 3600
NAIVE_SECONDS = 10.0
POLL_SECONDS = 0.001
STANDING = """
    select vote from votes join battles using (battle_id) where message_id = ? and user_id = ?
"""
EVERYTHING = "select message_id, user_id, vote from votes join battles using (battle_id)"


class Observer:
    """Looks at the bot's database from outside, without a lock and without changing it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)

    def close(self) -> None:
        self._database.close()

    @property
    def commits(self) -> int:
        """Count the transactions so far: `iChange` in the header of the wal-index (walformat.html, 2.1)."""
        with Path(f"{self._path}-shm").open("rb") as index:
            return int.from_bytes(index.read(12)[8:], sys.byteorder)

    def votes(self) -> dict[tuple[int, int], str | None]:
        rows: list[tuple[int, int, str | None]] = self._database.execute(EVERYTHING).fetchall()
        return {(message_id, user_id): vote for message_id, user_id, vote in rows}

    def copy(self, path: Path) -> Path:
        with closing(sqlite3.connect(path)) as target:
            self._database.backup(target)
        return path

    async def until(self, place: tuple[int, int], vote: str | None) -> float:
        """Return the moment at which the vote is seen in the database."""
        async with asyncio.timeout(PATIENCE):
            while self._database.execute(STANDING, place).fetchone() != (vote,):  # noqa: ASYNC110 - another process writes it
                await asyncio.sleep(POLL_SECONDS)
        return time.perf_counter()


@dataclass(frozen=True, slots=True)
class Burst:
    """Moments in seconds from the first event."""

    events: int
    sent: float
    committed: float
    commits: int
    bot_cpu: float
    stand_in_cpu: float


async def burst(
    setting: BenchGuild, observer: Observer, crowd: ReactingCrowd, cards: Sequence[Message], events: int
) -> Burst:
    random, commits = Random(2), observer.commits
    bot_cpu, stand_in_cpu = setting.cpu_seconds(), time.process_time()
    start = time.perf_counter()
    for number in range(events - 1):
        crowd.act(random.choice(cards))
        if number % 20 == 0:
            await asyncio.sleep(0)  # the gateway writes meanwhile
    # A newcomer's row appears only once, and what was sent before it is committed by then.
    last = crowd.act(cards[0], crowd.newcomer())
    outboxes = [session.link.outbox for session in setting.playground.gateway.connected if session.link]
    while any(not outbox.empty() for outbox in outboxes):  # noqa: ASYNC110 - a queue tells nobody
        await asyncio.sleep(POLL_SECONDS)
    sent = time.perf_counter() - start
    committed = await observer.until(last, crowd.vote(*last)) - start
    return Burst(
        events,
        sent,
        committed,
        observer.commits - commits,
        setting.cpu_seconds() - bot_cpu,
        time.process_time() - stand_in_cpu,
    )


async def single_votes(observer: Observer, crowd: ReactingCrowd, card: Message) -> list[float]:
    """Return how many seconds each vote took to be committed, when nothing else goes on."""
    seconds: list[float] = []
    for _ in range(SINGLE_VOTES):
        newcomer = crowd.newcomer()
        start = time.perf_counter()
        place = crowd.act(card, newcomer)
        seconds.append(await observer.until(place, crowd.vote(*place)) - start)
    return seconds


async def without_batches(path: Path, events: int) -> tuple[int, float]:
    """Write votes with a transaction for each; returns how many it came to, and in how many seconds."""
    async with open_database(path) as database:
        start = time.perf_counter()
        for number, row in enumerate(random_rows(events)):
            if time.perf_counter() - start > NAIVE_SECONDS:
                return number, time.perf_counter() - start
            async with database.write() as connection:
                await votes.save(connection, [row])
        return events, time.perf_counter() - start


async def in_one_transaction(path: Path, events: int) -> tuple[int, float]:
    async with open_database(path) as database:
        start = time.perf_counter()
        async with database.write() as connection:
            await votes.save(connection, random_rows(events))
        return events, time.perf_counter() - start


def random_rows(events: int) -> list[StoredVote]:
    random = Random(3)
    return [
        StoredVote(
            battle_id=random.randint(1, BALLOTS),
            user_id=random.randint(1, MEMBERS),
            vote=vote,
            unclear=False,
            member_ballot=MemberBallot().add(vote).encode(),
            changed_at=float(number),
        )
        for number, vote in enumerate(random.choices(list(Vote), k=events))
    ]


async def main(events: int) -> None:
    async with (
        two_models(words=20, pace=0.0) as models,
        Playground(token=TOKEN, rate_limits=False) as playground,
        bot_at_work(playground, models, VOTING_SECONDS) as setting,
    ):
        print_setting(f"{events:,} reaction events under {BALLOTS} ballots; database in {setting.folder}")
        crowd = ReactingCrowd(playground.world, setting.guild, MEMBERS, Random(1))
        channel = playground.world.create_channel(setting.guild)
        cards = [await setting.open_ballot(crowd.newcomer(), channel) for _ in range(BALLOTS)]
        with closing(Observer(setting.database)) as observer:
            result = await burst(setting, observer, crowd, cards, events)
            wrong = dict(observer.votes().items() ^ crowd.votes().items())
            waits = await single_votes(observer, crowd, cards[0])
            copies = [observer.copy(setting.folder / name) for name in ("naive", "one")]
        naive = await without_batches(copies[0], events)
        one = await in_one_transaction(copies[1], events)
    print_rates(result, naive, one)
    print(
        f"Processor time meanwhile: the stand-in {result.stand_in_cpu:.2f} s, the bot {result.bot_cpu:.2f} s:"
        f" {result.events / result.bot_cpu:,.0f} votes for each second of it."
    )
    print(f"Rows that differ from the truth: {len(wrong)}.")
    print(f"From the last event written to the socket to its commit: {result.committed - result.sent:.3f} s.")
    print(
        "A single vote, from reaction to commit: median {:.1f} ms, p95 {:.1f} ms.".format(
            *(1000 * value for value in median_and_p95(waits))
        )
    )


def print_rates(result: Burst, naive: tuple[int, float], one: tuple[int, float]) -> None:
    rows = [
        ("the bot: gateway event to commit", result.events, result.committed, result.commits),
        ("  of that, the stand-in sending", result.events, result.sent, None),
        ("storage alone, a transaction per vote", *naive, naive[0]),
        ("storage alone, all in one transaction", *one, 1),
    ]
    print_table(
        ["", "votes", "seconds", "votes/s", "transactions", "votes each"],
        [
            [
                name,
                f"{number:,}",
                f"{seconds:.2f}",
                f"{number / seconds:,.0f}",
                f"{commits:,}" if commits else "",
                f"{number / commits:,.1f}" if commits else "",
            ]
            for name, number, seconds, commits in rows
        ],
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("events", nargs="?", type=int, default=EVENTS)
    asyncio.run(main(parser.parse_args().events))
