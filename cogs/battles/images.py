"""Images that members attach to a prompt: fetched from Discord, and put on the card."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import discord
from aiohttp import ClientError

from bot.errors import ArenaError
from bot.i18n import N_

if TYPE_CHECKING:
    from bot.arena.battles.images.cleaner import ImageCleaner
    from bot.domain.image import Image

FETCH_SECONDS = 30.0


async def fetch(images: ImageCleaner, attachment: discord.Attachment, most_bytes: int) -> Image:
    """Bring the cleaned image; its size, by Discord's own figure, was checked before it comes into memory."""
    return await images.clean(await _content(attachment), most_bytes)


def image_file(image: Image) -> discord.File:
    return discord.File(BytesIO(image.content), image.kind.file_name)


@dataclass(frozen=True, slots=True)
class KeptImage:
    """The image of a card as an edit has to name it: the card finds no others (discord-api-docs#7529)."""

    attachment_id: int
    file_name: str

    @classmethod
    def on(cls, message: discord.Message, file_name: str) -> KeptImage | None:
        """Find it where it is shown, as Discord does not count it among the attachments any more."""
        items = discord.ui.LayoutView.from_message(message).walk_children()
        galleries = [item for item in items if isinstance(item, discord.ui.MediaGallery)]
        shown = [image.media.attachment_id for gallery in galleries for image in gallery.items]
        listed = [file.id for file in message.attachments if file.filename == file_name]
        found = next(filter(None, [*shown, *listed]), None)
        return cls(found, file_name) if found else None

    def to_dict(self) -> dict[str, int | str]:
        return {"id": self.attachment_id, "filename": self.file_name}


async def _content(attachment: discord.Attachment) -> bytes:
    try:
        async with asyncio.timeout(FETCH_SECONDS):
            return await attachment.read()
    except (discord.HTTPException, ClientError, OSError) as exc:
        raise ArenaError(N_("I could not fetch the image from Discord. Please try again.")) from exc
