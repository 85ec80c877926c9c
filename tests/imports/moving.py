"""A server that something is imported to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.arena.models.breaker import CircuitBreakers
from bot.arena.models.roster import Roster
from bot.arena.models.spending import Spending
from bot.arena.ratings.leaderboards import Leaderboards
from bot.config import BattleDefaults
from bot.imports.files import open_source
from bot.imports.service import ImportOrder, ImportProgress, Imports
from bot.storage import draw_recounts, models, pair_recounts, seasons
from tests.competitors import competitor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.arena.ratings.board_filter import BoardFilter
    from bot.arena.ratings.leaderboards import Board
    from bot.imports.formats import ImportFormat
    from bot.imports.report import ImportReport
    from bot.storage.database import Database

HERE = 515151515151515151
NOW = 1_790_000_000.0
SEASON = "Elsewhere"


@dataclass(slots=True)
class Moving:
    database: Database
    guild_id: int = HERE
    operators: Sequence[str] = ()
    refused: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])

    async def begin(self) -> None:
        async with self.database.write() as connection:
            await models.ensure(connection, self.guild_id, self.operators, NOW)

    async def bring(
        self,
        file: Path,
        format_: ImportFormat,
        season: str = SEASON,
        mapping: dict[str, str] | None = None,
        *,
        with_names: bool = False,
    ) -> ImportReport:
        order = ImportOrder(self.guild_id, format_, season, mapping or {}, with_names=with_names)
        progress = ImportProgress(
            lambda number, reason: self.refused.append((number, reason)), lambda _read: None
        )
        return await Imports(self.database, lambda: NOW).run(order, open_source(file), progress)

    async def check_sums(self) -> None:
        """Compare every stored sum with its recount."""
        async with self.database.read() as connection:
            assert await pair_recounts.stored(connection, self.guild_id) == await pair_recounts.counted(
                connection, self.guild_id
            )
            assert await draw_recounts.stored(connection, self.guild_id) == await draw_recounts.counted(
                connection, self.guild_id
            )

    @property
    def roster(self) -> Roster:
        breakers, spending = CircuitBreakers(3, lambda: NOW), Spending(self.database, lambda: NOW)
        fighting = [competitor(name) for name in self.operators]
        return Roster(self.database, fighting, breakers, lambda _model: None, lambda: NOW, spending)

    async def board(self, view: BoardFilter | None = None, *, min_votes: int = 10) -> Board:
        defaults = BattleDefaults(min_votes_ranked=min_votes)
        return await Leaderboards(self.database, self.roster, defaults, lambda: NOW).board(
            self.guild_id, view
        )

    async def names(self) -> list[str]:
        async with self.database.read() as connection:
            return sorted((await models.names(connection, self.guild_id)).values())

    async def seasons(self) -> dict[int, str]:
        async with self.database.read() as connection:
            return {each.number: each.name for each in await seasons.ended(connection, self.guild_id)}

    async def mask(self, name: str, code_name: str) -> None:
        async with self.database.write() as connection:
            found = await models.of_guild(connection, self.guild_id)
            (model,) = [each for each in found if each.name == name]
            await models.save(connection, replace(model, code_name=code_name))
