"""The tables of running sums: votes by pair of models and by member, and draws by model and guild."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Double, ForeignKey, Index, Integer, String, Table

from bot.storage.schema.base import RowId, metadata
from bot.storage.schema.guild import guilds
from bot.storage.schema.model import models

model_draws = Table(
    "model_draws",
    metadata,
    # The sums of decided battles alone, so that they tell nothing of an open one.
    Column("guild_id", BigInteger, ForeignKey(guilds.c.guild_id), primary_key=True, autoincrement=False),
    Column("model_id", RowId, ForeignKey(models.c.model_id), primary_key=True),
    Column("drawn", Integer, nullable=False),
    Column("expected", BigInteger, nullable=False, comment="billionths"),
    Column("variance", BigInteger, nullable=False, comment="billionths"),
    Column("seats", Integer, nullable=False),
    Column("seats_a", Integer, nullable=False),
    Column("stepped_in", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("taken_out", Integer, nullable=False),
)

guild_draws = Table(
    "guild_draws",
    metadata,
    Column("guild_id", BigInteger, ForeignKey(guilds.c.guild_id), primary_key=True, autoincrement=False),
    Column("since", Double, comment="when the first draw whose chances are known was made"),
    *(
        Column(name, Integer, nullable=False)
        for name in ("drawn", "battles", "first_on_a", "wins_a", "wins_b", "called_off", "taken_out")
    ),
)


def _sums() -> tuple[Column[int] | Column[float] | CheckConstraint, ...]:
    """Return the columns of `PairSums`, with the pair that they are of."""
    return (
        Column("battles", Integer, nullable=False),
        Column("votes", Integer, nullable=False),
        Column("score", Double, nullable=False),
        Column("weight", Double, nullable=False, comment="a battle of n votes weighs the root of n"),
        Column("weighted", Double, nullable=False, comment="the score by that weight"),
        Column("squares", Double, nullable=False, comment="of the weighted scores"),
        Column("u", Integer, nullable=False),
        Column("wins_i", Integer, nullable=False),
        Column("wins_j", Integer, nullable=False),
        Column("ties", Integer, nullable=False),
        Column("both_bad", Integer, nullable=False),
        CheckConstraint("model_i < model_j", name="order"),
    )


pair_sums = Table(
    "pair_sums",
    metadata,
    Column("guild_id", BigInteger, ForeignKey(guilds.c.guild_id), primary_key=True),
    Column("category", String(64), primary_key=True),
    Column("season", Integer, primary_key=True, autoincrement=False),
    Column("model_i", RowId, ForeignKey(models.c.model_id), primary_key=True),
    Column("model_j", RowId, ForeignKey(models.c.model_id), primary_key=True),
    *_sums(),
)

pair_days = Table(
    "pair_days",
    metadata,
    # The same sums for each day on which battles were closed: what trends and the last weeks are made of.
    Column("guild_id", BigInteger, ForeignKey(guilds.c.guild_id), primary_key=True),
    Column("category", String(64), primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False, comment="UTC, days since 1970"),
    Column("season", Integer, primary_key=True, autoincrement=False),
    Column("model_i", RowId, ForeignKey(models.c.model_id), primary_key=True),
    Column("model_j", RowId, ForeignKey(models.c.model_id), primary_key=True),
    *_sums(),
)

voters = Table(
    "voters",
    metadata,
    # Whose votes are in pair_sums: counting all votes anew for a board would take as long as they are many.
    Column("guild_id", BigInteger, ForeignKey(guilds.c.guild_id), primary_key=True, autoincrement=False),
    Column("category", String(64), primary_key=True),
    Column("season", Integer, primary_key=True, autoincrement=False),
    Column(
        "user_id", BigInteger, primary_key=True, autoincrement=False, comment="-1: all who were forgotten"
    ),
    Column("votes", Integer, nullable=False),
    Index(None, "guild_id", "user_id"),
)
