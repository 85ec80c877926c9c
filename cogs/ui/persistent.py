"""Buttons and menus that are known by their ids alone, and so work after a restart and on any old message."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Self, cast

import discord
from discord import ui

from bot.acknowledgement import Acknowledgement

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from bot.client import Interaction

    AnyItem = ui.Item[ui.View | ui.LayoutView]


class PressedButton(ui.DynamicItem[ui.Button[ui.View | ui.LayoutView]], template="arena:none"):
    """A press on a button whose id fits the template; its errors reach the member like a command's."""

    def __init__(self, match: re.Match[str]) -> None:
        super().__init__(ui.Button(custom_id=match[0]))
        self.match = match

    @property
    def acknowledgement(self) -> Acknowledgement:
        """How a press is acknowledged, before `press` is called."""
        return Acknowledgement.UPDATE

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[discord.Client], _item: AnyItem, match: re.Match[str]
    ) -> Self:
        return cls(match)

    async def callback(self, interaction: discord.Interaction[discord.Client]) -> None:
        arena_interaction: Interaction = interaction  # pyright: ignore[reportAssignmentType] - the only client there is
        if not await arena_interaction.client.acknowledged(arena_interaction, self.acknowledgement):
            return
        try:
            await self.press(arena_interaction)
        except Exception as error:  # noqa: BLE001 - the boundary of a press, as the tree is that of a command
            await arena_interaction.client.show_error(arena_interaction, error)

    @abstractmethod
    async def press(self, interaction: Interaction) -> None: ...


class ChosenValues(ui.DynamicItem[ui.Item[ui.View | ui.LayoutView]], template="arena:nothing"):
    """A choice in a menu whose id fits the template; its errors reach the member like a command's."""

    def __init__(self, item: AnyItem, match: re.Match[str]) -> None:
        super().__init__(item)
        self.match = match

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[discord.Client], item: AnyItem, match: re.Match[str]
    ) -> Self:
        return cls(item, match)

    async def callback(self, interaction: discord.Interaction[discord.Client]) -> None:
        arena_interaction: Interaction = interaction  # pyright: ignore[reportAssignmentType] - the only client there is
        if not await arena_interaction.client.acknowledged(arena_interaction, Acknowledgement.UPDATE):
            return
        try:
            # Of channels, roles and members these are the ids, whatever the bot knows of them.
            values = cast("Sequence[str]", (interaction.data or {}).get("values", ()))
            await self.choose(arena_interaction, values)
        except Exception as error:  # noqa: BLE001 - the boundary of a choice, as the tree is that of a command
            await arena_interaction.client.show_error(arena_interaction, error)

    @abstractmethod
    async def choose(self, interaction: Interaction, values: Sequence[str]) -> None: ...
