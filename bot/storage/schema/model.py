"""The table of models."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Double, ForeignKey, Index, String, Table, Text, UniqueConstraint

from bot.storage.schema.base import RowId, metadata
from bot.storage.schema.guild import guilds

models = Table(
    "models",
    metadata,
    Column("model_id", RowId, primary_key=True),
    Column("guild_id", BigInteger, ForeignKey(guilds.c.guild_id), nullable=False),
    Column("name", String(80), nullable=False),
    Column("created_at", Double, nullable=False),
    Column("state", String(16), nullable=False, server_default="enabled"),
    Column("code_name", String(80), comment="set while the model is masked"),
    Column("settings", Text, comment="JSON of what moderators entered; null: the operator's model"),
    Column("sealed", Text, comment="API key and headers, encrypted by one of ARENA_SECRET_KEYS"),
    Column("family", String(80), comment="models that share one do not meet"),
    Column("origin", String(16), comment="format of the file that brought its name; null: it came to fight"),
    UniqueConstraint("guild_id", "name"),
    # An index, not a constraint: SQLite could add one only to a copy of the table.
    Index("uq_models_guild_id_code_name", "guild_id", "code_name", unique=True),
)
