"""Answers with a picture: shown at once where it is kept, acknowledged first where it must be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import discord

if TYPE_CHECKING:
    from bot.client import Interaction
    from bot.i18n import Translations
    from bot.pictures.cache import PictureCache
    from bot.pictures.specs import Picture
    from cogs.ui.layout import Layout


@dataclass(frozen=True, slots=True)
class PictureMessage:
    """A message, and the picture on it; none where there is nothing to show or no right to."""

    layout: Layout
    picture: Picture | None
    file: str
    """The name under which the layout shows the picture."""


async def answer(interaction: Interaction, message: PictureMessage) -> None:
    """Answer a command, which may have been acknowledged before."""
    pictures = interaction.client.arena.pictures
    if interaction.response.is_done():
        await _fill_in(interaction, message)
    elif _is_at_hand(pictures, message):
        await interaction.response.send_message(
            view=message.layout,
            files=await files_of(pictures, message),
            allowed_mentions=discord.AllowedMentions.none(),
        )
    else:
        await interaction.response.defer(thinking=True)
        await _fill_in(interaction, message)


async def replace(interaction: Interaction, message: PictureMessage) -> None:
    """Put the sheet in place of the message whose button was pressed.

    A picture goes up with an edit: the answer to a press does not find files (discord-api-docs#6277).
    """
    if message.picture is None:
        await interaction.response.edit_message(
            view=message.layout, attachments=[], allowed_mentions=discord.AllowedMentions.none()
        )
    else:
        await interaction.response.defer()
        await _fill_in(interaction, message)


async def files_of(pictures: PictureCache, message: PictureMessage) -> list[discord.File]:
    """Return the picture as a file, drawn now unless it was before."""
    if message.picture is None:
        return []
    content = BytesIO(await pictures.show(message.picture))
    return [discord.File(content, message.file, description=message.picture.title)]


def why_no_picture(texts: Translations) -> str:
    return "-# " + texts.gettext("The picture is missing because I may not attach files in this channel.")


def _is_at_hand(pictures: PictureCache, message: PictureMessage) -> bool:
    return message.picture is None or pictures.has(message.picture)


async def _fill_in(interaction: Interaction, message: PictureMessage) -> None:
    """Draw the picture, and show it where the interaction was acknowledged."""
    await interaction.edit_original_response(
        view=message.layout,
        attachments=await files_of(interaction.client.arena.pictures, message),
        allowed_mentions=discord.AllowedMentions.none(),
    )
