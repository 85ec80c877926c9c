"""The tables of a guild: settings, seasons, categories and the audit log."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.storage.schema.base import RowId, metadata

guilds = Table(
    "guilds",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("first_seen_at", Double, nullable=False),
    Column("left_at", Double, comment="since when the bot is no member any more"),
    Column("purged_at", Double, comment="since when all its rows are being deleted; there is no way back"),
)

guild_settings = Table(
    "guild_settings",
    metadata,
    Column("guild_id", BigInteger, ForeignKey(guilds.c.guild_id), primary_key=True, autoincrement=False),
    Column("document", Text, nullable=False, comment="JSON of what differs from the defaults"),
)

audit = Table(
    "audit",
    metadata,
    Column("audit_id", RowId, primary_key=True),
    Column("guild_id", BigInteger, ForeignKey(guilds.c.guild_id), nullable=False),
    Column("at", Double, nullable=False),
    Column("actor_id", BigInteger, nullable=False),
    Column("action", String(24), nullable=False),
    # No foreign key, and the names as they were: the entry outlives a model that is removed.
    Column("model_id", RowId),
    Column("name", String(80)),
    Column("shown_as", String(80)),
    Column("changes", Text, nullable=False, comment="JSON: [field, before, after] each, never a key"),
    Index(None, "guild_id", "audit_id"),
)

seasons = Table(
    "seasons",
    metadata,
    # Those that are over; the one under way has the next number.
    Column("guild_id", BigInteger, ForeignKey(guilds.c.guild_id), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", String(80), nullable=False),
    Column("ended_at", Double, nullable=False),
    UniqueConstraint("guild_id", "name"),
)

categories = Table(
    "categories",
    metadata,
    # Those that moderators made; the built-in ones need no row.
    Column("category_id", RowId, primary_key=True),
    Column("guild_id", BigInteger, ForeignKey(guilds.c.guild_id), nullable=False),
    Column("name", String(40), nullable=False),
    Column("is_open", Boolean(create_constraint=False), nullable=False, comment="new battles can join it"),
    UniqueConstraint("guild_id", "name"),
)

category_channels = Table(
    "category_channels",
    metadata,
    # Every battle of the channel belongs to the category.
    Column("channel_id", BigInteger, primary_key=True, autoincrement=False),
    Column("category_id", RowId, ForeignKey(categories.c.category_id), nullable=False, index=True),
)
