"""Images that members attach to a prompt: fetched from Discord, and put on the card."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import discord
from aiohttp import ClientError

from bot.errors import ArenaError
from bot.i18n import N_
from cogs.ui.layout import Layout

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from bot.client import Interaction
    from bot.domain.image import Image

FETCH_SECONDS = 30.0


async def fetch(interaction: Interaction, attachment: discord.Attachment, most_bytes: int) -> Image:
    """Acknowledge the command, for this may take longer than Discord waits, and bring the cleaned image.

    Discord's own figure for its size was checked before, so no more than that comes into memory.
    """
    async with _thinking(interaction):
        content = await _content(attachment)
        return await interaction.client.arena.images.clean(content, most_bytes)


async def post_with_image(interaction: Interaction, card: Layout, image: Image) -> int:
    """Show the card where the command was acknowledged; returns its message id.

    The image goes up once: the edits that follow name it by its id (`KeptImage`).
    """
    message = await interaction.edit_original_response(
        view=card,
        attachments=[discord.File(BytesIO(image.content), image.kind.file_name)],
        allowed_mentions=discord.AllowedMentions.none(),
    )
    return message.id


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


@asynccontextmanager
async def _thinking(interaction: Interaction) -> AsyncGenerator[None]:
    """Let everyone see that the bot is at work, but what is wrong with an image only the member."""
    await interaction.response.defer(thinking=True)
    try:
        yield
    except ArenaError:
        # While the answer still says "thinking", what follows is put in its place, for everyone to see.
        nothing = Layout()
        nothing.add_text("…")
        with suppress(discord.HTTPException):
            await interaction.edit_original_response(view=nothing)
            await interaction.delete_original_response()
        raise


async def _content(attachment: discord.Attachment) -> bytes:
    try:
        async with asyncio.timeout(FETCH_SECONDS):
            return await attachment.read()
    except (discord.HTTPException, ClientError, OSError) as exc:
        raise ArenaError(N_("I could not fetch the image from Discord. Please try again.")) from exc
