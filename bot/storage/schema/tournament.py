"""The tables of tournaments."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Double, ForeignKey, Index, Integer, String, Table, Text

from bot.storage.schema.base import RowId, metadata
from bot.storage.schema.battle import battles
from bot.storage.schema.guild import guilds
from bot.storage.schema.model import models

tournaments = Table(
    "tournaments",
    metadata,
    Column("tournament_id", RowId, primary_key=True),
    Column("guild_id", BigInteger, ForeignKey(guilds.c.guild_id), nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("parent_id", BigInteger, comment="of a thread: the channel that it hangs from"),
    Column("running_in", BigInteger, unique=True, comment="its channel, until it is over: one at a time"),
    Column("locale", String(16), nullable=False),
    Column("is_rated", Boolean(create_constraint=False), nullable=False),
    Column("voting_seconds", Integer, nullable=False),
    Column("started_at", Double, nullable=False),
    Column("ended_at", Double),
    Column("called_after", Integer, comment="it asks for prompts since it had so many battles"),
    Index(None, "guild_id", "channel_id"),
)

tournament_models = Table(
    "tournament_models",
    metadata,
    Column("tournament_id", RowId, ForeignKey(tournaments.c.tournament_id), primary_key=True),
    Column("seed", Integer, primary_key=True, autoincrement=False, comment="1: the best rated"),
    Column("model_id", RowId, ForeignKey(models.c.model_id), nullable=False, index=True),
)

tournament_matches = Table(
    "tournament_matches",
    metadata,
    # Those that are decided; who meets whom in the others follows from them.
    Column("tournament_id", RowId, ForeignKey(tournaments.c.tournament_id), primary_key=True),
    Column("of", Integer, primary_key=True, autoincrement=False, comment="models its round begins with"),
    Column("slot", Integer, primary_key=True, autoincrement=False, comment="0 for the top one"),
    Column("winner", Integer, nullable=False, comment="a seed"),
    Column("outcome", String(16), nullable=False),
    Column("votes_won", Integer, nullable=False),
    Column("votes_lost", Integer, nullable=False),
    Column("decided_at", Double, nullable=False),
    Column("announced", Boolean(create_constraint=False), nullable=False),
)

tournament_prompts = Table(
    "tournament_prompts",
    metadata,
    # The queue: a prompt goes once a battle with it is decided, and all go when the tournament is over.
    Column("prompt_id", RowId, primary_key=True),
    Column("tournament_id", RowId, ForeignKey(tournaments.c.tournament_id), nullable=False, index=True),
    Column("author_id", BigInteger, nullable=False, index=True),
    Column("prompt", Text, nullable=False),
    Column("added_at", Double, nullable=False),
    # Battles name a prompt by its id, so none is given again to another.
    sqlite_autoincrement=True,
)

tournament_battles = Table(
    "tournament_battles",
    metadata,
    Column("battle_id", RowId, ForeignKey(battles.c.battle_id), primary_key=True),
    Column("tournament_id", RowId, ForeignKey(tournaments.c.tournament_id), nullable=False, index=True),
    Column("of", Integer, nullable=False),
    Column("slot", Integer, nullable=False),
    # No foreign key: the prompt leaves the queue.
    Column("prompt_id", RowId, nullable=False),
    Column("failed_model_id", RowId, comment="the one that could not answer"),
    Column("settled", Boolean(create_constraint=False), nullable=False, comment="the match knows of its end"),
)
