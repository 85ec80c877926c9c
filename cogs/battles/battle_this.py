"""**Battle this**: a message that is there already becomes the prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.acknowledgement import PUBLICLY
from bot.errors import ArenaError
from bot.i18n import N_
from cogs.access import check_place
from cogs.battles.asking.start import MAX_PROMPT, hold, request_of

if TYPE_CHECKING:
    from bot.client import ArenaBot, Interaction


@app_commands.context_menu(name=locale_str("Battle this"), extras=PUBLICLY)
@app_commands.guild_only()
async def battle_this(interaction: Interaction, message: discord.Message) -> None:
    """Have models answer a message. Who asks is the member who chose it; its author is named nowhere."""
    await check_place(interaction)
    await hold(interaction, request_of(interaction, prompt_of(message, interaction.client.user)))


def prompt_of(message: discord.Message, bot: discord.ClientUser | None) -> str:
    """Return what is written in a message; Discord hands it over with the command, for this once."""
    if message.author == bot:
        raise ArenaError(N_("That is one of my own messages. Please choose one that somebody wrote."))
    text = message.content.strip()
    if not text:
        raise ArenaError(
            N_(
                "That message has no text of its own, so it cannot be a prompt. Please choose another, or use"
                " /battle."
            )
        )
    if len(text) > MAX_PROMPT:
        raise ArenaError(
            N_(
                "That message has {length} characters, and a prompt has {most} at most. Please copy the"
                " part that matters into /battle."
            ),
            length=len(text),
            most=MAX_PROMPT,
        )
    return text


async def setup(bot: ArenaBot) -> None:
    bot.tree.add_command(battle_this)
