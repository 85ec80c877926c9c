"""The names of models, offered while a member types one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands

from cogs.moderators import is_moderator

if TYPE_CHECKING:
    import discord
    from bot.client import ArenaBot

    Interaction = discord.Interaction[ArenaBot]

CHOICES = 25
CHOICE_LIMIT = 100


async def complete_model(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Offer names; a masked model's true one to moderators alone."""
    moderator = await is_moderator(interaction)
    roster = await interaction.client.arena.roster.of(interaction.guild_id or 0)
    choices: dict[str, str] = {}
    for entry in roster:
        model = entry.model
        shown = f"{model.name} ({model.code_name})" if moderator and model.code_name else model.shown
        if typed.casefold() in shown.casefold():
            choices[model.name if moderator else model.shown] = shown
    return [
        app_commands.Choice(name=shown[:CHOICE_LIMIT], value=value)
        for value, shown in sorted(choices.items())[:CHOICES]
    ]
