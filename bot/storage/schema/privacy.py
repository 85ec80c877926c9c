"""The tables of what members want deleted or left out of exports."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Table

from bot.storage.schema.base import RowId, metadata
from bot.storage.schema.battle import battles
from bot.storage.schema.guild import guilds

erasures = Table(
    "erasures",
    metadata,
    # Members who are to be forgotten in a battle as soon as it is decided.
    Column("battle_id", RowId, ForeignKey(battles.c.battle_id), primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
)

stale_cards = Table(
    "stale_cards",
    metadata,
    # Battles whose card may still show texts that a member had deleted.
    Column("battle_id", RowId, ForeignKey(battles.c.battle_id), primary_key=True),
)

export_opt_outs = Table(
    "export_opt_outs",
    metadata,
    Column("guild_id", BigInteger, ForeignKey(guilds.c.guild_id), primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
)
