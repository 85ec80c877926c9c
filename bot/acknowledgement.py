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


ANSWER, FORM_WITHOUT, THINKING, TYPED = "acknowledgement", "form without", "thinking", "typed"
"""Keys of the extras of a command, the last two of an interaction."""

BLOCK_LENGTH = 1200
"""Characters that are given back in one message: it takes 2000, and backticks become more."""

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


def keep_typed(interaction: Interaction, text: str) -> None:
    """Have a refusal give back what the member typed, which Discord keeps nowhere."""
    interaction.extras[TYPED] = text


async def refuse(interaction: Interaction, text: str, heading: str) -> None:
    """Tell the member alone, and give back under the heading what they typed, if they did."""
    first, *more = _blocks(interaction.extras.pop(TYPED, "")) or [""]
    typed = f"\n\n{heading}\n{first}" if first else ""
    try:
        await _tell(interaction, _cut(text, MOST_SAID - len(typed)) + typed)
    except discord.HTTPException:  # as where a filter does not take what was typed
        await _tell(interaction, _cut(text, MOST_SAID))
        return
    for block in more:
        await interaction.followup.send(block, ephemeral=True, allowed_mentions=SILENT)


def _cut(text: str, most: int) -> str:
    """Leave out the end of a refusal that quotes what was typed: an option takes up to 6000 characters."""
    return text if len(text) <= most else text[: most - 1] + "…"


def _blocks(typed: str) -> list[str]:
    """Return a text as blocks of code, from which it can be copied as it was typed."""
    parts = (typed[start : start + BLOCK_LENGTH] for start in range(0, len(typed), BLOCK_LENGTH))
    # Three backticks would end the block: a space that nobody sees keeps them apart.
    return ["```\n" + part.replace("``", "`\N{ZERO WIDTH SPACE}`") + "\n```" for part in parts]


async def _tell(interaction: Interaction, text: str) -> None:
    """Answer the member alone; also where an answer is there of which we never heard."""
    promised = interaction.extras.get(THINKING)
    if promised is Acknowledgement.PRIVATE:
        await say(interaction, text)
        return
    if promised is Acknowledgement.PUBLIC:
        await _take_back(interaction)
    elif not interaction.response.is_done():
        try:
            await interaction.response.send_message(text, ephemeral=True, allowed_mentions=SILENT)
        except discord.HTTPException as exc:
            if exc.code != ALREADY_ACKNOWLEDGED:
                raise
        else:
            return
    await interaction.followup.send(text, ephemeral=True, allowed_mentions=SILENT)


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
