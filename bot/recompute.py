"""`arena-bot recompute`: every running sum rebuilt from the votes, and repaired where it differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain import PairSums
from bot.errors import StartupError, StorageError
from bot.storage import models, pairs
from bot.storage.database import open_database

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from bot.storage.database import Connection


@dataclass(frozen=True, slots=True)
class Difference:
    """A pair of models whose stored sums were not those of their votes."""

    guild_id: int
    names: tuple[str, str]
    stored: PairSums
    counted: PairSums

    def __str__(self) -> str:
        pair = " and ".join(self.names)
        return (
            f"guild {self.guild_id}: {pair}: {self.stored.votes} votes in {self.stored.battles} battles were"
            f" stored, {self.counted.votes} in {self.counted.battles} are counted"
        )


async def recompute(path: Path) -> AsyncGenerator[Difference, None]:
    """Repair one guild after the other, each in a transaction of its own, and tell what differed.

    The bot may run meanwhile: it waits for a guild's transaction, and closes its battles before or after it.
    """
    try:
        async with open_database(path) as database:
            async with database.read() as connection:
                guilds = await models.guild_ids(connection)
            for guild_id in guilds:
                async with database.write() as connection:
                    found = await _repair(connection, guild_id)
                for difference in found:
                    yield difference
    except StorageError as exc:
        raise StartupError(f"database {path}: {exc}") from exc


async def _repair(connection: Connection, guild_id: int) -> list[Difference]:
    stored = await pairs.load(connection, guild_id)
    counted = await pairs.recount(connection, guild_id)
    wrong = [
        pair
        for pair in sorted(stored.keys() | counted.keys())
        if stored.get(pair, PairSums()) != counted.get(pair, PairSums())
    ]
    if not wrong:
        return []
    # By their true names: it is the operator who reads this.
    names = {model.model_id: model.name for model in await models.of_guild(connection, guild_id)}
    for pair in wrong:
        if pair in counted:
            await pairs.save(connection, guild_id, pair, counted[pair])
        else:
            await pairs.remove(connection, guild_id, pair)
    return [
        Difference(
            guild_id,
            (names[pair[0]], names[pair[1]]),
            stored.get(pair, PairSums()),
            counted.get(pair, PairSums()),
        )
        for pair in wrong
    ]
