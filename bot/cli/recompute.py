"""`arena-bot recompute`: every running sum rebuilt from votes and draws, and repaired where it differs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from bot.domain.days import DAY_SECONDS
from bot.domain.draws import Draws, ServerDraws
from bot.domain.pair_sums import Key, PairSums, SeasonKey
from bot.errors import StartupError, StorageError
from bot.logs import visible
from bot.storage import draw_recounts, models, pair_recounts
from bot.storage.database import open_database
from bot.storage.process_lock import process_lock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping
    from pathlib import Path

    from bot.storage.database import Connection

K = TypeVar("K", Key, SeasonKey)


@dataclass(frozen=True, slots=True)
class Difference:
    """A pair of models whose stored sums of a season or a day were not those of their votes."""

    guild_id: int
    names: tuple[str, str]
    where: str
    stored: PairSums
    counted: PairSums

    def __str__(self) -> str:
        pair = " and ".join(map(visible, self.names))
        return (
            f"guild {self.guild_id}: {pair} ({self.where}): {self.stored.votes} votes in"
            f" {self.stored.battles} battles were stored, {self.counted.votes} in {self.counted.battles} are"
            " counted"
        )


@dataclass(frozen=True, slots=True)
class DrawDifference:
    """A model, or (`None`) a whole server, whose stored sums of draws were not those of its battles."""

    guild_id: int
    name: str | None
    stored: Draws | ServerDraws
    counted: Draws | ServerDraws

    def __str__(self) -> str:
        whose = f"draws of {visible(self.name)}" if self.name else "draws of the server"
        return f"guild {self.guild_id}: {whose}: {self.stored} was stored, {self.counted} is counted"


async def recompute(path: Path) -> AsyncGenerator[Difference | DrawDifference, None]:
    """Repair one guild after the other, each in a transaction of its own, and tell what differed."""
    try:
        with process_lock(path, "recompute"):
            async with open_database(path) as database:
                async with database.read() as connection:
                    guilds = await models.guild_ids(connection)
                for guild_id in guilds:
                    async with database.write() as connection:
                        found = await _repair(connection, guild_id)
                        found_in_draws = await _repair_draws(connection, guild_id)
                    for difference in (*found, *found_in_draws):
                        yield difference
    except StorageError as exc:
        raise StartupError(f"database {path}: {exc}") from exc


async def _repair(connection: Connection, guild_id: int) -> list[Difference]:
    stored = await pair_recounts.stored(connection, guild_id)
    counted = await pair_recounts.counted(connection, guild_id)
    if stored == counted:
        return []
    await pair_recounts.replace(connection, guild_id, counted)
    # By their true names: it is the operator who reads this.
    names = {model.model_id: model.name for model in await models.of_guild(connection, guild_id)}
    return [
        Difference(guild_id, (names[i], names[j]), where, before, after)
        for (i, j, where), before, after in (
            *_differing(stored.by_season, counted.by_season, _place_of_season),
            *_differing(stored.by_day, counted.by_day, _place_of_day),
        )
    ]


async def _repair_draws(connection: Connection, guild_id: int) -> list[DrawDifference]:
    stored = await draw_recounts.stored(connection, guild_id)
    counted = await draw_recounts.counted(connection, guild_id)
    if stored == counted:
        return []
    await draw_recounts.put_in_place(connection, guild_id, counted)
    names = {model.model_id: model.name for model in await models.of_guild(connection, guild_id)}
    found = [
        DrawDifference(guild_id, names[model], before, after)
        for model in sorted(stored.models.keys() | counted.models.keys())
        for before, after in [(stored.models.get(model, Draws()), counted.models.get(model, Draws()))]
        if before != after
    ]
    if stored.server != counted.server:
        found.append(DrawDifference(guild_id, None, stored.server, counted.server))
    return found


def _differing(
    stored: Mapping[K, PairSums], counted: Mapping[K, PairSums], place_of: Callable[[K], tuple[int, int, str]]
) -> list[tuple[tuple[int, int, str], PairSums, PairSums]]:
    nothing = PairSums()
    return [
        (place_of(key), stored.get(key, nothing), counted.get(key, nothing))
        for key in sorted(stored.keys() | counted.keys())
        if stored.get(key, nothing) != counted.get(key, nothing)
    ]


def _place_of_season(key: SeasonKey) -> tuple[int, int, str]:
    category, season, i, j = key
    return i, j, f"category {category}, season {season}"


def _place_of_day(key: Key) -> tuple[int, int, str]:
    day = datetime.fromtimestamp(key.day * DAY_SECONDS, UTC).date()
    return key.model_i, key.model_j, f"category {key.category}, season {key.season}, {day}"
