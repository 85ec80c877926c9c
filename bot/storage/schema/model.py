"""The table of models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
    column,
    func,
    select,
    table,
    union_all,
)

from bot.storage.schema.base import RowId, metadata
from bot.storage.schema.guild import guilds

if TYPE_CHECKING:
    from sqlalchemy import ScalarSelect

removed_models = Table(
    "removed_models",
    metadata,
    # What names a model by its id alone (draws, for one) must not come to mean another.
    Column("model_id", RowId, primary_key=True, autoincrement=False),
    Column("guild_id", BigInteger, ForeignKey(guilds.c.guild_id), nullable=False),
)


def _next_id() -> ScalarSelect[int]:
    """Return one more than any model has or had; SQLite would give that of the last again."""
    ids = union_all(
        select(func.max(table("models", column("model_id")).c.model_id).label("id")),
        select(func.max(removed_models.c.model_id)),
    ).subquery()
    return select(func.coalesce(func.max(ids.c.id), 0) + 1).scalar_subquery()


models = Table(
    "models",
    metadata,
    Column("model_id", RowId, primary_key=True, default=_next_id()),
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
