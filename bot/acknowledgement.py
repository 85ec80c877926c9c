"""How an interaction is acknowledged, before anything else is done for it, and answered then."""

from __future__ import annotations

from contextlib import suppress
from enum import Enum, auto
from typing import TYPE_CHECKING

import aiohttp
import discord
from discord import ui

if TYPE_CHECKING:
    from collections.abc import Sequence

    Interaction = discord.Interaction[discord.Client]

ALREADY_ACKNOWLEDGED = 40060
SILENT = discord.AllowedMentions.none()
MOST_SAID = 2000
"""Characters of a message."""


class Acknowledgement(Enum):
    """What the acknowledgement promises; Discord lets nobody change that later."""

    PRIVATE = auto()
    """A message to the member alone."""
    PUBLIC = auto()
    """A message to everyone; a refusal takes it back, and is told to the member alone."""
    UPDATE = auto()
    """No message: the one that was pressed or sent from may change."""
    FORM = auto()
    """A form, which is the acknowledgement itself: what it shows has to be in memory."""


ANSWER, FORM_WITHOUT, THINKING = "acknowledgement", "form without", "thinking"
"""Keys of the extras of a command, the last one of an interaction."""

PUBLICLY = {ANSWER: Acknowledgement.PUBLIC}
WITH_FORM = {ANSWER: Acknowledgement.FORM}
"""Extras of commands. Without any, what a command answers is private."""


def form_without(option: str) -> dict[str, str]:
    """Return extras of a command that opens a form where this option is not given."""
    return {FORM_WITHOUT: option}


def acknowledgement_of(interaction: Interaction) -> Acknowledgement:
    """Return how the command that an interaction runs is acknowledged."""
    extras = interaction.command.extras if interaction.command else {}
    needed = extras.get(FORM_WITHOUT)
    if needed and needed not in interaction.namespace:
        return Acknowledgement.FORM
    return extras.get(ANSWER, Acknowledgement.PRIVATE)


async def acknowledge(interaction: Interaction, promise: Acknowledgement) -> None:
    """Tell Discord that the bot is at work; where Discord knows that already, go on."""
    if promise is Acknowledgement.FORM:
        return
    try:
        await _defer(interaction, promise)
    except (aiohttp.ClientError, OSError):  # whether Discord heard of it, it says the second time
        await _defer(interaction, promise)
    if promise is not Acknowledgement.UPDATE:
        interaction.extras[THINKING] = promise


async def _defer(interaction: Interaction, promise: Acknowledgement) -> None:
    has_message, is_private = promise is not Acknowledgement.UPDATE, promise is Acknowledgement.PRIVATE
    try:
        await interaction.response.defer(ephemeral=is_private, thinking=has_message)
    except discord.HTTPException as exc:
        if exc.code != ALREADY_ACKNOWLEDGED:
            raise


async def show(
    interaction: Interaction, view: ui.LayoutView, files: Sequence[discord.File] | None = None
) -> discord.InteractionMessage:
    """Put a message where the interaction was acknowledged, and return it."""
    attachments = discord.utils.MISSING if files is None else files
    message = await interaction.edit_original_response(
        view=view, attachments=attachments, allowed_mentions=SILENT
    )
    interaction.extras.pop(THINKING, None)
    return message


async def say(interaction: Interaction, text: str, files: Sequence[discord.File] | None = None) -> None:
    """Put a text, and files, where the interaction was acknowledged."""
    attachments = discord.utils.MISSING if files is None else files
    await interaction.edit_original_response(content=text, attachments=attachments, allowed_mentions=SILENT)
    interaction.extras.pop(THINKING, None)


async def refuse(interaction: Interaction, text: str) -> None:
    """Answer so that the member alone sees it; also where an answer is there of which we never heard."""
    if len(text) > MOST_SAID:  # it quotes what was typed: an option takes up to 6000 characters
        text = text[: MOST_SAID - 1] + "…"
    promised = interaction.extras.get(THINKING)
    if promised is Acknowledgement.PRIVATE:
        await say(interaction, text)
        return
    if promised is Acknowledgement.PUBLIC:
        await _take_back(interaction)
    elif not interaction.response.is_done():
        try:
            await interaction.response.send_message(text, ephemeral=True)
        except discord.HTTPException as exc:
            if exc.code != ALREADY_ACKNOWLEDGED:
                raise
        else:
            return
    await interaction.followup.send(text, ephemeral=True)


async def _take_back(interaction: Interaction) -> None:
    """Remove the message that everyone sees.

    While it still says "thinking", what follows is put in its place, for everyone to see, and where it was
    deleted then, nothing can follow (discord-api-docs#2866, #3087).
    """
    nothing = ui.LayoutView()
    nothing.add_item(ui.TextDisplay("…"))
    with suppress(discord.HTTPException, aiohttp.ClientError, OSError):
        await show(interaction, nothing)
    for _ in range(2):  # nobody else takes it away
        with suppress(discord.HTTPException, aiohttp.ClientError, OSError):
            await interaction.delete_original_response()
            return
