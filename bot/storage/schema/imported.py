"""The tables of what was imported: seasons held elsewhere, and where their battles came from."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table

from bot.storage.schema.base import RowId, metadata
from bot.storage.schema.battle import battles
from bot.storage.schema.guild import guilds

imported_seasons = Table(
    "imported_seasons",
    metadata,
    # Their numbers count down from 0, so that those of the server's own seasons go on as if there were none.
    Column("guild_id", BigInteger, ForeignKey(guilds.c.guild_id), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("voter_key", String(64), nullable=False, comment="what voters are hashed with, as hex"),
)

imported_battles = Table(
    "imported_battles",
    metadata,
    # Each thing of a source once, whichever season it was imported to.
    Column("guild_id", BigInteger, ForeignKey(guilds.c.guild_id), primary_key=True, autoincrement=False),
    Column("source_id", String(32), primary_key=True, comment="hash of the id that it has in its source"),
    Column("battle_id", RowId, ForeignKey(battles.c.battle_id), nullable=False, unique=True),
)
