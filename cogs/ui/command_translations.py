"""Commands and options described in the member's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands

from bot.i18n import DEFAULT, language_of, translations

if TYPE_CHECKING:
    import discord

    from bot.client import ArenaBot


class CatalogueTranslator(app_commands.Translator):
    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,  # noqa: ARG002 - the catalogue needs none
    ) -> str | None:
        """Return `None` where Discord should show the English text."""
        if language_of(locale.value) == DEFAULT:
            return None
        translated = translations(locale.value).gettext(string.message)
        return translated if translated != string.message else None


async def setup(bot: ArenaBot) -> None:
    await bot.tree.set_translator(CatalogueTranslator())
