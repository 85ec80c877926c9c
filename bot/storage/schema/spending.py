"""The table of what models did that no reply of a battle shows."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Double, ForeignKey, Index, Table

from bot.storage.schema.base import RowId, metadata
from bot.storage.schema.battle import battles
from bot.storage.schema.guild import guilds

spending = Table(
    "spending",
    metadata,
    # Attempts at replies that failed, questions of tests and probes; a few days of them.
    Column("spending_id", RowId, primary_key=True),
    Column("guild_id", BigInteger, ForeignKey(guilds.c.guild_id), comment="null: no guild wanted it"),
    Column("battle_id", RowId, ForeignKey(battles.c.battle_id), comment="null: a test or a probe"),
    Column("spent_at", Double, nullable=False),
    Column("usd", Double, nullable=False),
    Index(None, "guild_id", "spent_at"),
    Index(None, "battle_id"),
)
