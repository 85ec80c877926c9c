"""Exports of many votes: `python -m bench.export [VOTES] [--characters N] [--turns N]`, a million by default.

A database is filled with as many votes, three on each battle, between 20 models whose replies are around
1,000 characters long, or as long as is said, in as many turns. Then each format is written by
`arena-bot export`, a process of its own, from a tenth of the votes and from all of them: its time from start
to end, and the most memory that it ever had (VmHWM).
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bench.setup.table import print_setting, print_table
from bot.exports.formats import Format
from bot.storage.database import open_database

if TYPE_CHECKING:
    from collections.abc import Iterator

VOTES = 1_000_000
VOTES_PER_BATTLE = 3
CHARACTERS = 1_000
PROMPT_CHARACTERS = 200
TEXTS = 5_000_000
"""Characters of the texts that the replies are taken from."""
MODELS = 20
GUILD = 1
BATCH = 20_000
CHOICES = ("a", "a", "b", "b", "tie", "both_bad")
# Runs the command line, then says how much memory it took at most.
PROGRAM = """
import sys
from bot.cli.main import main
main(sys.argv[1:])
(line,) = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(line.split()[1])
"""


async def fill(path: Path, votes: int, characters: int = CHARACTERS, turns: int = 1) -> None:
    async with open_database(path):
        pass
    random = Random(1)
    words = [f"word{number}" for number in range(2_000)]
    texts = [" ".join(random.choices(words, k=characters // 7)) for _ in range(TEXTS // characters)]
    with closing(sqlite3.connect(path)) as database:
        database.execute("pragma synchronous = off")
        database.execute("insert into guilds (guild_id, first_seen_at) values (?, 0)", [GUILD])
        models = [(number, GUILD, f"Model {number}") for number in range(1, MODELS + 1)]
        database.executemany(
            "insert into models (model_id, guild_id, name, created_at) values (?, ?, ?, 0)", models
        )
        battles = -(-votes // VOTES_PER_BATTLE)
        for first in range(1, battles + 1, BATCH):
            numbers = range(first, min(first + BATCH, battles + 1))
            _fill_batch(database, numbers, texts, random)
            _fill_turns(database, numbers, texts, turns, random)
            database.commit()
        # The last battle has fewer votes where the number is no multiple.
        database.execute("delete from votes where rowid > ?", [votes])
        database.commit()


def _fill_batch(database: sqlite3.Connection, numbers: range, texts: list[str], random: Random) -> None:
    database.executemany(
        "insert into battles (battle_id, guild_id, channel_id, message_id, asker_id, prompt, locale, state,"
        " opened_at, closed_at, redrawn_at, drawn_probability)"
        " values (?, 1, 1, ?, ?, ?, 'ja', 'closed', ?, ?, 0, 0.1)",
        (
            (
                number,
                number,
                random.randrange(5_000),
                random.choice(texts)[:PROMPT_CHARACTERS],
                number,
                number + 120,
            )
            for number in numbers
        ),
    )
    database.executemany(
        "insert into contestants (battle_id, side, model_id, reply, input_tokens, output_tokens, cost)"
        " values (?, ?, ?, ?, 40, 250, 0.001)",
        _contestants(numbers, texts, random),
    )
    database.executemany(
        "insert into votes (battle_id, user_id, vote, unclear, paper, changed_at)"
        " values (?, ?, ?, 0, '||', ?)",
        (
            (
                number,
                random.randrange(10_000) * VOTES_PER_BATTLE + member,
                random.choice(CHOICES),
                number + 60,
            )
            for number in numbers
            for member in range(VOTES_PER_BATTLE)
        ),
    )
    database.executemany(
        "insert into battle_categories values (?, 'lang:ja')", ((number,) for number in numbers)
    )


def _fill_turns(
    database: sqlite3.Connection, numbers: range, texts: list[str], turns: int, random: Random
) -> None:
    database.executemany(
        "insert into turns (battle_id, number, prompt, reply_a, reply_b) values (?, ?, ?, ?, ?)",
        (
            (number, turn, random.choice(texts)[:PROMPT_CHARACTERS], *random.choices(texts, k=2))
            for number in numbers
            for turn in range(2, turns + 1)
        ),
    )


def _contestants(numbers: range, texts: list[str], random: Random) -> Iterator[tuple[int, str, int, str]]:
    for number in numbers:
        a, b = random.sample(range(1, MODELS + 1), 2)
        yield number, "a", a, random.choice(texts)
        yield number, "b", b, random.choice(texts)


def export(folder: Path, format_: Format) -> list[str]:
    """Run the command line; returns a line of the table."""
    start = time.perf_counter()
    options = ["--guild", str(GUILD), "--format", format_, "--out", str(folder)]
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", PROGRAM, "export", *options, "--config", str(folder / "config.toml")],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    seconds = time.perf_counter() - start
    summary, *_, peak = done.stdout.splitlines()
    rows = int(summary.split(": ")[1].split()[0])
    size = (folder / format_.file_name).stat().st_size
    return [
        format_,
        f"{rows:,}",
        f"{seconds:.1f}",
        f"{rows / seconds:,.0f}",
        f"{int(peak) / 1024:.0f}",
        f"{size / 1024**2:.0f}",
    ]


async def main(most: int, characters: int, turns: int) -> None:
    print_setting(
        f"{most // 10:,} and {most:,} votes, {VOTES_PER_BATTLE} a battle, turns: {turns}, replies of"
        f" {characters:,} characters"
    )
    lines: list[list[str]] = []
    for votes in (most // 10, most):
        with TemporaryDirectory() as name:
            folder = Path(name)
            await fill(folder / "arena.sqlite3", votes, characters, turns)
            (folder / "config.toml").write_text(f'[storage]\npath = "{folder / "arena.sqlite3"}"\n')
            lines += [export(folder, format_) for format_ in Format]
    print_table(["format", "rows", "seconds", "rows/s", "peak MiB", "file MiB"], lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("votes", nargs="?", type=int, default=VOTES)
    parser.add_argument("--characters", type=int, default=CHARACTERS)
    parser.add_argument("--turns", type=int, default=1)
    given = parser.parse_args()
    asyncio.run(main(given.votes, given.characters, given.turns))
