"""The tables of reports of replies."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from bot.storage.schema.base import RowId, metadata
from bot.storage.schema.battle import battles

reports = Table(
    "reports",
    metadata,
    # What members reported: a side with all that it said.
    Column("battle_id", RowId, ForeignKey(battles.c.battle_id), primary_key=True),
    Column("side", String(1), primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("reason", Text),
    Column("reported_at", Double, nullable=False),
    CheckConstraint("side in ('a', 'b')", name="side"),
    Index(None, "user_id", "reported_at"),
)

report_notices = Table(
    "report_notices",
    metadata,
    # Where the log channel tells of a side's reports.
    Column("battle_id", RowId, ForeignKey(battles.c.battle_id), primary_key=True),
    Column("side", String(1), primary_key=True),
    Column("channel_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("reports", Integer, nullable=False, comment="how many the message tells of"),
    CheckConstraint("side in ('a', 'b')", name="side"),
)
