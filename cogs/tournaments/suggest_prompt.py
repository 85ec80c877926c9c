"""**Suggest a prompt**: what a member would ask in the channel's tournament."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.acknowledgement import Acknowledgement, say
from bot.arena.tournaments.service import Spot
from bot.i18n import translations
from cogs.access import role_ids
from cogs.battles.asking.start import MAX_PROMPT
from cogs.ui.forms import Form
from cogs.ui.persistent import PressedButton

if TYPE_CHECKING:
    from bot.client import Interaction
    from bot.i18n import Translations


class PressedSuggest(PressedButton, template=r"arena:suggest"):
    @property
    def acknowledgement(self) -> Acknowledgement:
        return Acknowledgement.FORM

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
        "Queued. {count} prompt is waiting.",
        "Queued. {count} prompts are waiting.",
        waiting,
    )
    await say(interaction, said.format(count=waiting))


def spot_of(interaction: Interaction) -> Spot:
    thread = interaction.channel if isinstance(interaction.channel, discord.Thread) else None
    return Spot(
        guild_id=interaction.guild_id or 0,
        channel_id=interaction.channel_id or 0,
        parent_id=thread.parent_id if thread else None,
        role_ids=frozenset(role_ids(interaction)),
    )


class SuggestionForm(Form):
    acknowledgement = Acknowledgement.PRIVATE

    def __init__(self, texts: Translations) -> None:
        super().__init__(texts.gettext("Suggest a prompt"))
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

    async def enter(self, interaction: Interaction) -> None:
        await suggest(interaction, self.prompt.value)
