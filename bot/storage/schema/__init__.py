"""The tables. Times are Unix seconds, ids of Discord's things are 64-bit integers."""

from __future__ import annotations

from bot.storage.schema.base import metadata
from bot.storage.schema.battle import battle_categories, battles, contestants, draws, turns
from bot.storage.schema.bot_state import registered_commands
from bot.storage.schema.guild import audit, categories, category_channels, guild_settings, guilds, seasons
from bot.storage.schema.imported import imported_battles, imported_seasons
from bot.storage.schema.model import models, removed_models
from bot.storage.schema.privacy import erasures, export_opt_outs, stale_cards
from bot.storage.schema.report import report_notices, reports
from bot.storage.schema.spending import spending
from bot.storage.schema.sums import guild_draws, model_draws, pair_days, pair_sums, voters
from bot.storage.schema.tournament import (
    tournament_battles,
    tournament_matches,
    tournament_models,
    tournament_prompts,
    tournaments,
)
from bot.storage.schema.vote import excluded_voters, votes

__all__ = [
    "audit",
    "battle_categories",
    "battles",
    "categories",
    "category_channels",
    "contestants",
    "draws",
    "erasures",
    "excluded_voters",
    "export_opt_outs",
    "guild_draws",
    "guild_settings",
    "guilds",
    "imported_battles",
    "imported_seasons",
    "metadata",
    "model_draws",
    "models",
    "pair_days",
    "pair_sums",
    "registered_commands",
    "removed_models",
    "report_notices",
    "reports",
    "seasons",
    "spending",
    "stale_cards",
    "tournament_battles",
    "tournament_matches",
    "tournament_models",
    "tournament_prompts",
    "tournaments",
    "turns",
    "voters",
    "votes",
]
