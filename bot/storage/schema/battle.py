"""The tables of a battle: its sides, how they were drawn, later turns and categories."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from bot.storage.schema.base import RowId, metadata
from bot.storage.schema.guild import guilds
from bot.storage.schema.model import models


def _index(name: str, *columns: str, only: str) -> Index:
    """Return an index of those rows alone for which the condition is true.

    For PostgreSQL the migration says the same: to name it here would load what speaks to it at every start.
    """
    return Index(name, *columns, sqlite_where=text(only))


battles = Table(
    "battles",
    metadata,
    Column("battle_id", RowId, primary_key=True),
    Column("guild_id", BigInteger, ForeignKey(guilds.c.guild_id), nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, unique=True),
    # Below 0 here and in votes: a random number in place of a member who wanted to be forgotten.
    Column("asker_id", BigInteger, nullable=False),
    Column("prompt", Text, nullable=False),
    Column("locale", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("opened_at", Double, nullable=False),
    Column("voting_at", Double),
    Column("closes_at", Double, comment="of an open vote: none as long as its ballot is not drawn"),
    Column("closed_at", Double),
    Column("redrawn_at", Double, comment="when the card last came to show the final state"),
    Column("interaction_token", Text, comment="kept while the card can only be reached through it"),
    Column("drawn_probability", Double, nullable=False),
    Column("unrated", String(16)),
    Column("voided", String(16)),
    Column("votes_a", Integer, nullable=False, server_default="0"),
    Column("votes_b", Integer, nullable=False, server_default="0"),
    Column("votes_tie", Integer, nullable=False, server_default="0"),
    Column("votes_both_bad", Integer, nullable=False, server_default="0"),
    Column("votes_unclear", Integer, nullable=False, server_default="0"),
    Column("season", Integer, nullable=False, server_default="1", comment="the one it was closed in"),
    Column("rules", Text, nullable=False, server_default="{}", comment="JSON of BattleRules"),
    Column("votes_uncounted", Integer, nullable=False, server_default="0"),
    Column("void_note", Text, comment="why a moderator took it out of the ratings"),
    Column("image_kind", String(8), comment="of the prompt's image, if it has one; the image is not kept"),
    Column("readable_at", Double, comment="before then nobody can have read both replies"),
    Column("texts_removed_at", Double, comment="since when prompt and replies are empty, and turns gone"),
    Column("first_drawn_at", Double, comment="when the card first came to show the final state"),
    Column("origin", String(16), comment="format of the file that it came in; null: it was held here"),
    CheckConstraint("state in ('generating', 'voting', 'closed', 'voided')", name="state"),
    Index(None, "guild_id", "state"),
    # Those that were held here in some order, however many others were imported.
    Index(None, "guild_id", "state", "origin"),
    Index(None, "guild_id", "origin", "opened_at"),
    Index(None, "guild_id", "origin", "closed_at"),
    # Where the old texts are, however many are gone already.
    Index(None, "guild_id", "origin", "texts_removed_at", "closed_at"),
    Index(None, "guild_id", "asker_id"),
    # The few battles that a start has to look at, however long the history.
    _index("ix_battles_not_redrawn", "battle_id", only="redrawn_at is null"),
    _index("ix_battles_first_drawn_at", "first_drawn_at", only="first_drawn_at is not null"),
    # The few that were called off or taken out. The condition follows from any on the reason.
    _index("ix_battles_voided", "guild_id", "voided", "battle_id", only="voided is not null"),
)

contestants = Table(
    "contestants",
    metadata,
    Column("battle_id", RowId, ForeignKey(battles.c.battle_id), primary_key=True),
    Column("side", String(1), primary_key=True),
    Column("model_id", RowId, ForeignKey(models.c.model_id), nullable=False),
    Column("reply", Text, nullable=False, server_default=""),
    Column("finish", String(16), nullable=False, server_default="stop", comment="FinishReason"),
    Column("first_token_seconds", Double),
    Column("total_seconds", Double),
    Column("input_tokens", Integer),
    Column("output_tokens", Integer),
    Column("cost", Double, comment="US dollars, by the model's prices at the time"),
    Column("leak", Text),
    Column("rating_before", Double),
    Column("rating_after", Double),
    Column("provisional", Boolean, comment="whether its model was not ranked yet after the battle"),
    Column("hidden_at", Double, comment="since when a moderator hides all that this side said"),
    Column("hidden_by", BigInteger),
    CheckConstraint("side in ('a', 'b')", name="side"),
    Index(None, "model_id", "battle_id"),
)

draws = Table(
    "draws",
    metadata,
    # How the models of a battle were found (bot/domain/draws.py); none for a pair that was chosen by hand.
    Column("battle_id", RowId, ForeignKey(battles.c.battle_id), primary_key=True),
    # No foreign keys: a model that was only ever replaced can be removed again.
    Column("model_a", RowId, nullable=False),
    Column("model_b", RowId, nullable=False),
    Column("chances", Text, comment="JSON: billionths by model; null: not known, from before they were kept"),
    Column("failed", Text, nullable=False, server_default="[]", comment="JSON: models"),
    Column("stepped_in", Text, nullable=False, server_default="[]", comment="JSON: models"),
)

turns = Table(
    "turns",
    metadata,
    # What followed the first prompt and its replies, which stand in battles and contestants.
    Column("battle_id", RowId, ForeignKey(battles.c.battle_id), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False, comment="2 for the first of these"),
    Column("prompt", Text, nullable=False),
    Column("reply_a", Text, nullable=False),
    Column("reply_b", Text, nullable=False),
    Column("finish_a", String(16), nullable=False, server_default="stop"),
    Column("finish_b", String(16), nullable=False, server_default="stop"),
    Column("input_tokens_a", Integer),
    Column("input_tokens_b", Integer),
    Column("output_tokens_a", Integer),
    Column("output_tokens_b", Integer),
)

battle_categories = Table(
    "battle_categories",
    metadata,
    Column("battle_id", RowId, ForeignKey(battles.c.battle_id), primary_key=True),
    Column("category", String(64), primary_key=True),
)
