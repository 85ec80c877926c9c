"""Forms, acknowledged as soon as they are sent; their errors reach the member like a command's."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from discord import ui

from bot.acknowledgement import Acknowledgement

if TYPE_CHECKING:
    from bot.client import Interaction

LIFETIME_SECONDS = 15 * 60


class Form(ui.Modal):
    acknowledgement: Acknowledgement | None = None
    """How it is acknowledged; `None`: by changing the message that it was sent from, if there is one."""

    def __init__(self, title: str) -> None:
        super().__init__(title=title, timeout=LIFETIME_SECONDS)

    @abstractmethod
    async def enter(self, interaction: Interaction) -> None:
        """Do what was entered."""

    async def on_submit(  # pyright: ignore[reportIncompatibleMethodOverride] - the only client there is
        self, interaction: Interaction
    ) -> None:
        promise = self.acknowledgement or (
            Acknowledgement.UPDATE if interaction.message else Acknowledgement.PRIVATE
        )
        if await interaction.client.acknowledged(interaction, promise):
            await self.enter(interaction)

    async def on_error(  # pyright: ignore[reportIncompatibleMethodOverride] - the only client there is
        self, interaction: Interaction, error: Exception
    ) -> None:
        await interaction.client.show_error(interaction, error)
