"""Images that members attach to a prompt: fetched from Discord, and put on the card."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from io import BytesIO
from typing import TYPE_CHECKING

import discord
from aiohttp import ClientError

from bot.arena.battles.images import read_image
from bot.errors import ArenaError
from bot.i18n import N_
from cogs.ui.layout import Layout

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from bot.client import Interaction
    from bot.domain.image import Image

FETCH_SECONDS = 30.0


async def fetch(interaction: Interaction, attachment: discord.Attachment, most_bytes: int) -> Image:
    """Acknowledge the command, for this may take longer than Discord waits, and bring the image.

    Discord's own figure for its size was checked before, so no more than that comes into memory.
    """
    async with _thinking(interaction):
        content = await _content(attachment)
        return await asyncio.to_thread(read_image, content, most_bytes)


async def post_with_image(interaction: Interaction, card: Layout, image: Image) -> int:
    """Show the card where the command was acknowledged; returns its message id.

    The image goes up once: the edits that follow name no attachments, and so leave it there.
    """
    message = await interaction.edit_original_response(
        view=card,
        attachments=[discord.File(BytesIO(image.content), image.kind.file_name)],
        allowed_mentions=discord.AllowedMentions.none(),
    )
    return message.id


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
