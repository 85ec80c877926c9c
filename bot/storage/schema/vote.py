"""The tables of votes, and of members whose votes do not count."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
)

from bot.storage.schema.base import RowId, metadata
from bot.storage.schema.battle import battles
from bot.storage.schema.guild import guilds

votes = Table(
    "votes",
    metadata,
    Column("battle_id", RowId, ForeignKey(battles.c.battle_id), primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("vote", String(8), comment="null: withdrawn, or unclear"),
    Column("unclear", Boolean(create_constraint=False), nullable=False),
    # Written by MemberBallot.encode; name and comment are those that the first migration gave it.
    Column("paper", String(64), nullable=False, comment="the reactions that stand, as Paper.encode"),
    Column("changed_at", Double, nullable=False),
    # Set in decided battles alone, so that it always fits the tally.
    Column("excluded", Boolean(create_constraint=False), nullable=False, server_default="0"),
    Column("uncounted", String(16), comment="why it does not count"),
    CheckConstraint("vote in ('a', 'b', 'tie', 'both_bad')", name="vote"),
    # A member's votes in the order of the battles, of which many are read in parts.
    Index(None, "user_id", "battle_id"),
)

excluded_voters = Table(
    "excluded_voters",
    metadata,
    # Members whose votes moderators took out; the votes themselves are marked too.
    Column("guild_id", BigInteger, ForeignKey(guilds.c.guild_id), primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("excluded_at", Double, nullable=False),
    Column("actor_id", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
)
