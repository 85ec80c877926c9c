"""The names of models, offered while a member types one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogs.access import is_moderator
from cogs.ui.autocomplete import choices

if TYPE_CHECKING:
    from discord import app_commands

    from bot.client import Interaction


async def complete_model(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Offer names; a masked model's true one to moderators alone."""
    moderator = is_moderator(interaction)
    roster = await interaction.client.arena.roster.of(interaction.guild_id or 0)
    shown: dict[str, str] = {}
    for model in (entry.model for entry in roster):
        if moderator:
            shown[model.name] = f"{model.name} ({model.code_name})" if model.code_name else model.name
        else:
            shown[model.shown] = model.shown
    return choices(sorted(shown.items()), typed)
