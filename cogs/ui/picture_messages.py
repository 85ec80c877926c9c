"""Answers with a picture."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import discord

from bot.acknowledgement import show
from cogs.ui.alt_texts import alt_text

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


async def show_picture(interaction: Interaction, message: PictureMessage) -> None:
    """Draw the picture, and show it where the interaction was acknowledged.

    It goes up with an edit: the answer to a press does not find files (discord-api-docs#6277).
    """
    await show(interaction, message.layout, await files_of(interaction.client.arena.pictures, message))


async def files_of(pictures: PictureCache, message: PictureMessage) -> list[discord.File]:
    """Return the picture as a file, drawn now unless it was before."""
    if message.picture is None:
        return []
    content = BytesIO(await pictures.show(message.picture))
    return [discord.File(content, message.file, description=alt_text(message.picture))]


def why_no_picture(texts: Translations) -> str:
    return "-# " + texts.gettext("The picture is missing because I may not attach files in this channel.")
