"""**Continue**: the asker's next words to both models."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.arena.battles.request import Asker
from bot.i18n import translations
from cogs.access import check_card, role_ids
from cogs.ui.persistent import PressedButton

if TYPE_CHECKING:
    from bot.client import Interaction
    from bot.i18n import Translations

MAX_PROMPT = 4000


class PressedContinue(PressedButton, template=r"arena:continue:(?P<battle>\d+)"):
    async def press(self, interaction: Interaction) -> None:
        battle_id = int(self.match["battle"])
        await check_card(interaction, battle_id)
        room = await interaction.client.arena.battles.check_follow_up(battle_id, asker_of(interaction))
        texts = translations(interaction.locale.value)
        await interaction.response.send_modal(TurnForm(battle_id, texts, room))


def asker_of(interaction: Interaction) -> Asker:
    thread = interaction.channel if isinstance(interaction.channel, discord.Thread) else None
    parent_id = thread.parent_id if thread else None
    return Asker(interaction.user.id, frozenset(role_ids(interaction)), parent_id)


class TurnForm(ui.Modal):
    """What both models are asked next; `room` is how long the conversation lets it be."""

    def __init__(self, battle_id: int, texts: Translations, room: int | None) -> None:
        super().__init__(title=texts.gettext("Continue"), timeout=15 * 60)
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

    async def on_submit(  # pyright: ignore[reportIncompatibleMethodOverride] - the only client there is
        self, interaction: Interaction
    ) -> None:
        bot, asker = interaction.client, asker_of(interaction)
        await check_card(interaction, self.battle_id)
        await bot.arena.battles.check_follow_up(self.battle_id, asker)
        await interaction.response.defer()
        await bot.arena.battles.follow_up(self.battle_id, asker, self.prompt.value, interaction.token)

    async def on_error(  # pyright: ignore[reportIncompatibleMethodOverride] - the only client there is
        self, interaction: Interaction, error: Exception
    ) -> None:
        await interaction.client.show_error(interaction, error)
