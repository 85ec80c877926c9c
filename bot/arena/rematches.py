"""The prompt of a battle that was revealed, asked again of other models."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.arena.battles.request import Forerunner
from bot.domain.battle import BattleState
from bot.errors import ArenaError
from bot.i18n import N_
from bot.storage import battles

if TYPE_CHECKING:
    from bot.storage.database import Database


class Rematch(NamedTuple):
    """The first prompt of an earlier battle, and what the next one has to know of it."""

    prompt: str
    after: Forerunner


class Rematches:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, guild_id: int, battle_id: int) -> Rematch:
        async with self._database.read() as connection:
            battle = await battles.get(connection, guild_id, battle_id)
            categories = await battles.categories(connection, battle_id)
        if battle is None:
            raise ArenaError(N_("This battle is not known here any more."))
        if battle.state is not BattleState.CLOSED:
            raise ArenaError(N_("There is no rematch of a battle that was called off or is still open."))
        if not battle.prompt:
            raise ArenaError(N_("The prompt of this battle was deleted, so there is no rematch."))
        if battle.image_kind is not None:
            raise ArenaError(N_("I do not have the image of this battle any more, so there is no rematch."))
        models = frozenset({battle.a.model_id, battle.b.model_id})
        return Rematch(battle.prompt, Forerunner(models, frozenset(categories)))
