"""The language that is spoken in a server's channels; private answers are in the member's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.rules import spoken
from bot.i18n import translations

if TYPE_CHECKING:
    from discord import Guild

    from bot.client import ArenaBot, Interaction
    from bot.i18n import Translations


def decided_locale(guild: Guild) -> str | None:
    """Return a server's language in Discord, if it has one.

    Only a Community decides on one: elsewhere Discord says "en-US", whatever is spoken there.
    """
    return guild.preferred_locale.value if "COMMUNITY" in guild.features else None


def locale_of(interaction: Interaction) -> str:
    """Return a server's language in Discord, or the member's where it has none."""
    decided = decided_locale(interaction.guild) if interaction.guild else None
    return decided or interaction.locale.value


def public_texts(interaction: Interaction) -> Translations:
    """Return the texts for what everybody in the channel sees."""
    return texts_of(interaction.client, interaction.guild_id or 0, locale_of(interaction))


def texts_of(bot: ArenaBot, guild_id: int, locale: str) -> Translations:
    """Return the texts of a server where a message in the language `locale` was asked for."""
    rules = bot.arena.admission.rules(guild_id)
    return translations(spoken(rules.language, locale))
