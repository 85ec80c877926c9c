"""Categories and periods in words: as members read them, and as they are offered and understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.arena.categories.rules import CODE, FOLLOW_UP, IMAGE, LANGUAGE_PREFIX, LONG, MIXED, UNKNOWN
from bot.arena.ratings.board_filter import ALL_TIME, LAST_DAYS, OVERALL, THIS_SEASON, BoardFilter, past_season
from bot.errors import ArenaError
from bot.i18n import N_, translations
from cogs.ui.autocomplete import choices

if TYPE_CHECKING:
    from collections.abc import Mapping

    from discord import app_commands

    from bot.client import Interaction
    from bot.i18n import Translations
    from bot.services import Arena

CATEGORIES = {
    OVERALL: N_("All prompts"),
    CODE: N_("Code"),
    LONG: N_("Long prompts"),
    FOLLOW_UP: N_("Follow-ups"),
    IMAGE: N_("With an image"),
    MIXED: N_("Several languages"),
    UNKNOWN: N_("No language"),
}
PERIODS = {
    THIS_SEASON: N_("This season"),
    **dict(zip(LAST_DAYS, (N_("Last 7 days"), N_("Last 30 days"), N_("Last 90 days")), strict=True)),
    ALL_TIME: N_("All seasons"),
}


@dataclass(frozen=True, slots=True)
class ViewNames:
    """What a server calls its own categories and its past seasons, by their keys."""

    categories: Mapping[str, str] = field(default_factory=dict[str, str])
    seasons: Mapping[str, str] = field(default_factory=dict[str, str])
    battles: Mapping[str, int] = field(default_factory=dict[str, int])
    """How many rated battles each category has."""

    def all_categories(self, texts: Translations) -> dict[str, str]:
        """Name the categories that have battles or are the server's own, those with most battles first."""
        known = {OVERALL, *self.battles, *self.categories}
        keys = sorted(known, key=lambda key: (key != OVERALL, -self.battles.get(key, 0), key))
        return {key: self.category(key, texts) for key in keys}

    def all_periods(self, texts: Translations) -> dict[str, str]:
        return {key: self.period(key, texts) for key in (*PERIODS, *self.seasons)}

    def category(self, key: str, texts: Translations) -> str:
        if key in CATEGORIES:
            return texts.gettext(CATEGORIES[key])
        if key.startswith(LANGUAGE_PREFIX):
            return language_name(key.removeprefix(LANGUAGE_PREFIX), texts)
        return self.categories.get(key, key)

    def period(self, key: str, texts: Translations) -> str:
        return texts.gettext(PERIODS[key]) if key in PERIODS else self.seasons.get(key, key)


def language_name(code: str, texts: Translations) -> str:
    """Return what readers call a language, "Japanese" or "日本語"."""
    from babel import Locale  # noqa: PLC0415 - big, and only these names need it

    return Locale.parse(code).get_language_name(texts.info().get("language", "en")) or code


async def view_names(arena: Arena, guild_id: int) -> ViewNames:
    shelf = await arena.categories.of(guild_id)
    past = await arena.seasons.over(guild_id)
    seasons = {past_season(season.number): season.name for season in past}
    return ViewNames(shelf.names(), seasons, shelf.battles)


async def _names(interaction: Interaction) -> ViewNames:
    return await view_names(interaction.client.arena, interaction.guild_id or 0)


async def view_of(interaction: Interaction, category: str | None, period: str | None) -> BoardFilter:
    """Understand what was chosen, or typed as it is shown; raises `ArenaError` where it is neither."""
    if category is None and period is None:
        return BoardFilter()
    names, texts = await _names(interaction), translations(interaction.locale.value)
    unknown_category = N_(
        "There is no category named {name} here. Please choose one of those that are offered."
    )
    unknown_period = N_("There is no period named {name} here. Please choose one of those that are offered.")
    return BoardFilter(
        _meant(category or OVERALL, names.all_categories(texts), unknown_category),
        _meant(period or THIS_SEASON, names.all_periods(texts), unknown_period),
    )


async def offer_categories(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Offer the categories that have a board."""
    names, texts = await _names(interaction), translations(interaction.locale.value)
    return choices(names.all_categories(texts).items(), typed)


async def offer_periods(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    names, texts = await _names(interaction), translations(interaction.locale.value)
    return choices(names.all_periods(texts).items(), typed)


def _meant(entered: str, offered: Mapping[str, str], unknown: str) -> str:
    for key, name in offered.items():
        if entered == key or entered.casefold() == name.casefold():
            return key
    raise ArenaError(unknown, name=entered)
