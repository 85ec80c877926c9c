"""**Continue**: the asker's next words to both models."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.acknowledgement import Acknowledgement, keep_typed
from bot.arena.battles.request import Asker
from bot.i18n import translations
from cogs.access import check_card, role_ids
from cogs.ui.forms import Form
from cogs.ui.persistent import PressedButton

if TYPE_CHECKING:
    from bot.client import Interaction
    from bot.i18n import Translations

MAX_PROMPT = 4000


class PressedContinue(PressedButton, template=r"arena:continue:(?P<battle>\d+)"):
    @property
    def acknowledgement(self) -> Acknowledgement:
        return Acknowledgement.FORM

    async def press(self, interaction: Interaction) -> None:
        """Open the form, unless memory tells already that it leads nowhere."""
        battle_id = int(self.match["battle"])
        room = interaction.client.arena.battles.check_follow_up(battle_id, interaction.user.id)
        await check_card(interaction, battle_id)  # in memory as well, for the vote is open
        texts = translations(interaction.locale.value)
        await interaction.response.send_modal(TurnForm(battle_id, texts, room))


def asker_of(interaction: Interaction) -> Asker:
    thread = interaction.channel if isinstance(interaction.channel, discord.Thread) else None
    parent_id = thread.parent_id if thread else None
    return Asker(interaction.user.id, frozenset(role_ids(interaction)), parent_id)


class TurnForm(Form):
    """What both models are asked next; `room` is how long the conversation lets it be."""

    def __init__(self, battle_id: int, texts: Translations, room: int | None) -> None:
        super().__init__(texts.gettext("Continue"))
        self.battle_id = battle_id
        self.prompt = ui.TextInput["TurnForm"](
            custom_id="prompt",
            style=discord.TextStyle.paragraph,
            max_length=MAX_PROMPT if room is None else min(room, MAX_PROMPT),
        )
        self.add_item(
            ui.Label["TurnForm"](
                text=texts.gettext("What both models are asked next"),
                description=texts.gettext("Each knows its own part of the conversation so far."),
                component=self.prompt,
            )
        )

    async def enter(self, interaction: Interaction) -> None:
        keep_typed(interaction, self.prompt.value)
        await check_card(interaction, self.battle_id)
        await interaction.client.arena.battles.follow_up(
            self.battle_id, asker_of(interaction), self.prompt.value, interaction.token
        )
