"""State of the process itself: which commands it registered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.storage.dialects import upsert
from bot.storage.schema import registered_commands

if TYPE_CHECKING:
    from bot.storage.database import Database


class BotState:
    """Reads and writes of that state, each in a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def commands_digest(self, application_id: int) -> str | None:
        """Return what was last registered with Discord for this application."""
        statement = select(registered_commands.c.digest).where(
            registered_commands.c.application_id == application_id
        )
        async with self._database.read() as connection:
            return await connection.scalar(statement)

    async def set_commands_digest(self, application_id: int, digest: str) -> None:
        async with self._database.write() as connection:
            row = {"application_id": application_id, "digest": digest}
            await upsert(connection, registered_commands, [row])
