"""The table of the process's own state."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, String, Table

from bot.storage.schema.base import metadata

registered_commands = Table(
    "registered_commands",
    metadata,
    Column("application_id", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
)
