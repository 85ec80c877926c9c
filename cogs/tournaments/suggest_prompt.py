"""**Suggest a prompt**: what a member would ask in the channel's tournament."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.arena.tournaments.service import Spot
from bot.i18n import translations
from cogs.access import role_ids
from cogs.battles.battle import MAX_PROMPT
from cogs.ui.persistent import PressedButton

if TYPE_CHECKING:
    from bot.client import Interaction
    from bot.i18n import Translations


class PressedSuggest(PressedButton, template=r"arena:suggest"):
    async def press(self, interaction: Interaction) -> None:
        await open_form(interaction)


async def open_form(interaction: Interaction) -> None:
    await interaction.response.send_modal(SuggestionForm(translations(interaction.locale.value)))


async def suggest(interaction: Interaction, prompt: str) -> None:
    """Put a prompt into the queue; only its author is told."""
    waiting = await interaction.client.arena.tournaments.suggest(
        spot_of(interaction), interaction.user.id, prompt
    )
    texts = translations(interaction.locale.value)
    said = texts.ngettext(
        "Your prompt is in the queue, where {count} prompt waits.",
        "Your prompt is in the queue, where {count} prompts wait.",
        waiting,
    )
    await interaction.response.send_message(said.format(count=waiting), ephemeral=True)


def spot_of(interaction: Interaction) -> Spot:
    thread = interaction.channel if isinstance(interaction.channel, discord.Thread) else None
    return Spot(
        guild_id=interaction.guild_id or 0,
        channel_id=interaction.channel_id or 0,
        parent_id=thread.parent_id if thread else None,
        role_ids=frozenset(role_ids(interaction)),
    )


class SuggestionForm(ui.Modal):
    def __init__(self, texts: Translations) -> None:
        super().__init__(title=texts.gettext("Suggest a prompt"), timeout=15 * 60)
        self.prompt = ui.TextInput["SuggestionForm"](
            custom_id="prompt", style=discord.TextStyle.paragraph, max_length=MAX_PROMPT
        )
        self.add_item(
            ui.Label["SuggestionForm"](
                text=texts.gettext("What both models of a match are asked"),
                description=texts.gettext("Nobody sees it before its turn comes."),
                component=self.prompt,
            )
        )

    async def on_submit(  # pyright: ignore[reportIncompatibleMethodOverride] - the only client there is
        self, interaction: Interaction
    ) -> None:
        await suggest(interaction, self.prompt.value)

    async def on_error(  # pyright: ignore[reportIncompatibleMethodOverride] - the only client there is
        self, interaction: Interaction, error: Exception
    ) -> None:
        await interaction.client.show_error(interaction, error)
