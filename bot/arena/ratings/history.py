"""The battles that a server held, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.storage import history, models

if TYPE_CHECKING:
    from bot.domain.battle import PastBattle
    from bot.storage.database import Database

PAGE_BATTLES = 5


@dataclass(frozen=True, slots=True)
class Past:
    """One page of decided battles, the newest first."""

    battles: tuple[PastBattle, ...]
    page: int
    goes_on: bool
    model: str | None
    """The public name of the model that was asked for, if one was."""


class Histories:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, guild_id: int, page: int, *, asker_id: int | None = None, model_id: int | None = None
    ) -> Past:
        """Return the battles of one asker or any, with one model or any.

        Nothing counts all battles: what a page costs depends on its number, and not on the history's length.
        """
        async with self._database.read() as connection:
            names = await models.names(connection, guild_id) if model_id is not None else {}
            found = await history.past(
                connection,
                guild_id,
                asker_id=asker_id,
                model_id=model_id,
                offset=page * PAGE_BATTLES,
                most=PAGE_BATTLES + 1,
            )
        return Past(
            tuple(found[:PAGE_BATTLES]),
            page,
            goes_on=len(found) > PAGE_BATTLES,
            model=names.get(model_id or 0),
        )
