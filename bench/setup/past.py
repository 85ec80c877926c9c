"""A server's past, made up: many battles with votes, written into a database as the bot would have."""

from __future__ import annotations

import math
import sqlite3
from contextlib import closing
from random import Random
from typing import TYPE_CHECKING

from bot.storage import pair_recounts, voters
from bot.storage.database import open_database

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

VOTES_A_BATTLE = 5
SECONDS = 365 * 24 * 3600
END = 1_767_225_600.0
CHUNK = 20_000
BUSIEST = 10_001
"""Of every fifth battle, one vote is of this member; the others are of a thousand members."""

CHOICES = ("a", "b", "tie", "both_bad")


async def write_past(path: Path, guild_id: int, *, models: int, votes: int) -> None:
    """Fill a new database: `models` of differing strength, five votes on each battle, over a year."""
    async with open_database(path):
        pass
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma synchronous = off")
        connection.execute("insert into guilds (guild_id, first_seen_at) values (?, 0)", (guild_id,))
        connection.executemany(
            "insert into models (model_id, guild_id, name, created_at) values (?, ?, ?, 0)",
            [(number, guild_id, f"Model {number:03}") for number in range(1, models + 1)],
        )
        _write_battles(connection, guild_id, models, votes // VOTES_A_BATTLE)
        connection.commit()
    async with open_database(path) as database, database.write() as writing:
        await pair_recounts.replace(writing, guild_id, await pair_recounts.counted(writing, guild_id))
        await voters.recount(writing, guild_id)


def _write_battles(connection: sqlite3.Connection, guild_id: int, models: int, battles: int) -> None:
    random = Random(1)
    for first in range(0, battles, CHUNK):
        numbers = range(first + 1, min(first + CHUNK, battles) + 1)
        drawn = {number: random.sample(range(1, models + 1), 2) for number in numbers}
        votes = {number: list(_votes(random, number, *drawn[number])) for number in numbers}
        moments = {number: END - SECONDS + SECONDS * number / battles for number in numbers}
        connection.executemany(
            "insert into battles (battle_id, guild_id, channel_id, message_id, asker_id, prompt, locale,"
            " state, opened_at, closed_at, redrawn_at, drawn_probability, votes_a, votes_b, votes_tie,"
            " votes_both_bad) values (?, ?, 1, ?, 1, 'Why?', 'en', 'closed', ?, ?, ?, 1, ?, ?, ?, ?)",
            [
                (number, guild_id, number, moments[number], moments[number], END, *_tally(votes[number]))
                for number in numbers
            ],
        )
        connection.executemany(
            "insert into contestants (battle_id, side, model_id) values (?, ?, ?)",
            [(number, side, drawn[number][seat]) for number in numbers for seat, side in enumerate("ab")],
        )
        connection.executemany(
            "insert into votes (battle_id, user_id, vote, unclear, paper, changed_at)"
            " values (?, ?, ?, 0, '', 0)",
            [vote for number in numbers for vote in votes[number]],
        )


def _votes(random: Random, number: int, a: int, b: int) -> Iterator[tuple[int, int, str]]:
    """Yield five votes of one mind, more or less; a low number is a strong model."""
    leaning = random.gauss((b - a) / 20, 1)
    chance = 1 / (1 + math.exp(-leaning))
    for member in range(VOTES_A_BATTLE):
        vote = random.choices(CHOICES, (chance, 1 - chance, 0.2, 0.1))[0]
        is_busiest = member == 0 and number % VOTES_A_BATTLE == 0
        other = 1 + random.randrange(200) * VOTES_A_BATTLE + member
        yield number, BUSIEST if is_busiest else other, vote


def _tally(votes: Sequence[tuple[int, int, str]]) -> list[int]:
    return [sum(vote == choice for _, _, vote in votes) for choice in CHOICES]
