"""The language that is spoken in a server's channels; private answers are in the member's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.rules import spoken
from bot.i18n import translations

if TYPE_CHECKING:
    import discord

    from bot.client import ArenaBot, Interaction
    from bot.i18n import Translations


async def public_texts(interaction: Interaction) -> Translations:
    """Return the texts for what everybody in the channel sees."""
    locale = interaction.guild_locale or interaction.locale
    return await texts_of(interaction.client, interaction.guild_id or 0, locale)


async def texts_of(bot: ArenaBot, guild_id: int, locale: discord.Locale) -> Translations:
    """Return the texts of a server whose language in Discord is `locale`."""
    rules = await bot.arena.admission.rules(guild_id)
    return translations(spoken(rules.language, locale.value))
