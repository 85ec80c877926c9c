"""The tables. Times are Unix seconds, ids of Discord's things are 64-bit integers."""

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
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows by itself only where the key is spelled INTEGER.
RowId = BigInteger().with_variant(Integer(), "sqlite")

guilds = Table(
    "guilds",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("first_seen_at", Double, nullable=False),
    Column("left_at", Double, comment="since when the bot is no member any more"),
    Column("purged_at", Double, comment="since when all its rows are being deleted; there is no way back"),
)

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
    UniqueConstraint("guild_id", "name"),
    # An index, not a constraint: SQLite could add one only to a copy of the table.
    Index("uq_models_guild_id_code_name", "guild_id", "code_name", unique=True),
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
    Column("closes_at", Double),
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
    CheckConstraint("state in ('generating', 'voting', 'closed', 'voided')", name="state"),
    Index(None, "guild_id", "state"),
    Index(None, "guild_id", "opened_at"),
    Index(None, "guild_id", "closed_at"),
    # Where the old texts are, however many are gone already.
    Index(None, "guild_id", "texts_removed_at", "closed_at"),
    Index(None, "guild_id", "asker_id"),
    # The few battles that a start has to look at, however long the history.
    Index("ix_battles_unfinished", "state", "redrawn_at"),
)

contestants = Table(
    "contestants",
    metadata,
    Column("battle_id", RowId, ForeignKey(battles.c.battle_id), primary_key=True),
    Column("side", String(1), primary_key=True),
    Column("model_id", RowId, ForeignKey(models.c.model_id), nullable=False, index=True),
    Column("reply", Text, nullable=False, server_default=""),
    Column("cut_off", Boolean(create_constraint=False), nullable=False, server_default="0"),
    Column("first_token_seconds", Double),
    Column("total_seconds", Double),
    Column("input_tokens", Integer),
    Column("output_tokens", Integer),
    Column("cost", Double, comment="US dollars, by the model's prices at the time"),
    Column("leak", Text),
    Column("rating_before", Double),
    Column("rating_after", Double),
    Column("hidden_at", Double, comment="since when a moderator hides all that this side said"),
    Column("hidden_by", BigInteger),
    CheckConstraint("side in ('a', 'b')", name="side"),
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

turns = Table(
    "turns",
    metadata,
    # What followed the first prompt and its replies, which stand in battles and contestants.
    Column("battle_id", RowId, ForeignKey(battles.c.battle_id), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False, comment="2 for the first of these"),
    Column("prompt", Text, nullable=False),
    Column("reply_a", Text, nullable=False),
    Column("reply_b", Text, nullable=False),
    Column("cut_off_a", Boolean(create_constraint=False), nullable=False),
    Column("cut_off_b", Boolean(create_constraint=False), nullable=False),
    Column("input_tokens_a", Integer),
    Column("input_tokens_b", Integer),
    Column("output_tokens_a", Integer),
    Column("output_tokens_b", Integer),
)

votes = Table(
    "votes",
    metadata,
    Column("battle_id", RowId, ForeignKey(battles.c.battle_id), primary_key=True),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False, index=True),
    Column("vote", String(8), comment="null: withdrawn, or unclear"),
    Column("unclear", Boolean(create_constraint=False), nullable=False),
    Column("paper", String(64), nullable=False, comment="the reactions that stand, as Paper.encode"),
    Column("changed_at", Double, nullable=False),
    # Set in decided battles alone, so that it always fits the tally.
    Column("excluded", Boolean(create_constraint=False), nullable=False, server_default="0"),
    Column("uncounted", String(16), comment="why it does not count"),
    CheckConstraint("vote in ('a', 'b', 'tie', 'both_bad')", name="vote"),
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

battle_categories = Table(
    "battle_categories",
    metadata,
    Column("battle_id", RowId, ForeignKey(battles.c.battle_id), primary_key=True),
    Column("category", String(64), primary_key=True),
)

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


def _sums() -> tuple[Column[int] | Column[float] | CheckConstraint, ...]:
    """Return the columns of `PairSums`, with the pair that they are of."""
    return (
        Column("battles", Integer, nullable=False),
        Column("votes", Integer, nullable=False),
        Column("score", Double, nullable=False),
        Column("q", Double, nullable=False),
        Column("r", Double, nullable=False),
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

export_opt_outs = Table(
    "export_opt_outs",
    metadata,
    Column("guild_id", BigInteger, ForeignKey(guilds.c.guild_id), primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
)

registered_commands = Table(
    "registered_commands",
    metadata,
    Column("application_id", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
)
