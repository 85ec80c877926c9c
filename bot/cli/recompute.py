"""`arena-bot recompute`: every stored sum counted anew, and repaired where it differs; the bot may run."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING

from bot.domain.days import DAY_SECONDS
from bot.domain.draws import Draws
from bot.domain.pair_sums import Key
from bot.errors import StartupError, StorageError
from bot.logs import visible
from bot.storage import draw_recounts, left_guilds, models, voters
from bot.storage.database import open_database
from bot.storage.process_lock import RECOUNTING, process_lock
from bot.storage.recounts.differences import WrongDay, WrongDraws, WrongSeason, WrongTally, differences
from bot.storage.recounts.repairs import repair_day, repair_seasons, repair_tallies
from bot.storage.voters import WrongVotes

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
    from pathlib import Path

    from bot.domain.pair_sums import PairSums, SeasonKey
    from bot.storage.database import Connection, Database
    from bot.storage.recounts.differences import Wrong
    from bot.storage.voters import VoterKey

BATCH_BATTLES = 500
BATCH_MEMBERS = 20

BREATHER_SECONDS = 0.15
"""Between two repairs: a process that waits to write looks ten times a second whether it can."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored sum that was not the one that is counted."""

    guild_id: int
    what: str
    stored: str
    counted: str

    def __str__(self) -> str:
        return f"guild {self.guild_id}: {self.what}: {self.stored} stored, {self.counted} counted"


@dataclass(slots=True)
class _Repairs:
    """What of a guild is to be repaired."""

    battles: list[int] = field(default_factory=list[int])
    days: set[int] = field(default_factory=set[int])
    categories: set[str] = field(default_factory=set[str])
    members: set[int] = field(default_factory=set[int])
    draws: WrongDraws | None = None

    def note(self, wrong: Wrong) -> None:
        match wrong:
            case WrongTally():
                self.battles.append(wrong.battle_id)
            case WrongDay():
                self.days.add(wrong.key.day)
            case WrongSeason():
                self.categories.add(wrong.key.category)
            case WrongVotes():
                self.members.add(wrong.key.user_id)
            case WrongDraws():
                self.draws = wrong

    def steps(self, guild_id: int) -> Iterator[Callable[[Connection], Awaitable[None]]]:
        """Yield what is to be done, each in a transaction of its own."""
        ids = iter(self.battles)
        while batch := tuple(islice(ids, BATCH_BATTLES)):
            yield lambda connection, batch=batch: repair_tallies(connection, guild_id, batch)
        for day in sorted(self.days):
            yield lambda connection, day=day: repair_day(connection, guild_id, day)
        for category in sorted(self.categories):
            yield lambda connection, category=category: repair_seasons(connection, guild_id, category)
        members = iter(sorted(self.members))
        while batch := tuple(islice(members, BATCH_MEMBERS)):
            yield lambda connection, batch=batch: voters.recount(connection, guild_id, batch)
        if draws := self.draws:
            yield lambda connection: draw_recounts.correct(connection, guild_id, draws.stored, draws.counted)


async def recompute(path: Path) -> AsyncGenerator[Difference, None]:
    """Count every guild's sums without keeping anybody from writing, tell what differs, and repair that."""
    try:
        with process_lock(path, "recompute", RECOUNTING):
            async with open_database(path) as database:
                async with database.read() as connection:
                    guilds = await left_guilds.staying(connection)
                for guild_id in guilds:
                    async with aclosing(_recompute_guild(database, guild_id)) as found:
                        async for difference in found:
                            yield difference
    except StorageError as exc:
        raise StartupError(f"database {path}: {exc}") from exc


async def _recompute_guild(database: Database, guild_id: int) -> AsyncGenerator[Difference, None]:
    repairs = _Repairs()
    async with database.read() as connection:
        # By their true names: it is the operator who reads this.
        names = {model.model_id: visible(model.name) for model in await models.of_guild(connection, guild_id)}
        async with aclosing(differences(connection, guild_id)) as found:
            async for wrong in found:
                repairs.note(wrong)
                for difference in _described(guild_id, names, wrong):
                    yield difference
    for repair in repairs.steps(guild_id):
        async with database.write() as connection:
            await repair(connection)
        await asyncio.sleep(BREATHER_SECONDS)


def _described(guild_id: int, names: Mapping[int, str], wrong: Wrong) -> Iterator[Difference]:
    match wrong:
        case WrongTally():
            stored, counted = (", ".join(map(str, counts)) for counts in (wrong.stored, wrong.counted))
            what = f"battle {wrong.battle_id} (a, b, tie, both bad, unclear, uncounted)"
            yield Difference(guild_id, what, stored, counted)
        case WrongDay() | WrongSeason():
            pair = f"{names[wrong.key.model_i]} and {names[wrong.key.model_j]} ({_place(wrong.key)})"
            yield Difference(guild_id, pair, _votes(wrong.stored), _votes(wrong.counted))
        case WrongVotes():
            what = f"a member's votes ({_place(wrong.key)})"
            yield Difference(guild_id, what, str(wrong.stored), str(wrong.counted))
        case WrongDraws():
            yield from _described_draws(guild_id, names, wrong)


def _described_draws(guild_id: int, names: Mapping[int, str], wrong: WrongDraws) -> Iterator[Difference]:
    stored, counted = wrong.stored, wrong.counted
    for model in sorted(stored.models.keys() | counted.models.keys()):
        before, after = stored.models.get(model, Draws()), counted.models.get(model, Draws())
        if before != after:
            yield Difference(guild_id, f"draws of {names[model]}", str(before), str(after))
    if stored.server != counted.server:
        yield Difference(guild_id, "draws of the server", str(stored.server), str(counted.server))


def _votes(sums: PairSums) -> str:
    return f"{sums.votes} votes in {sums.battles} battles"


def _place(key: Key | SeasonKey | VoterKey) -> str:
    place = f"category {key.category}, season {key.season}"
    if not isinstance(key, Key):
        return place
    return f"{place}, {datetime.fromtimestamp(key.day * DAY_SECONDS, UTC).date()}"
