"""How a battle begins that a member asks for: who asks where, and the card that answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.acknowledgement import show
from bot.arena.battles.card import CardAddress, PartialReply
from bot.arena.battles.request import BattleRequest
from bot.domain.battle import Side
from cogs.access import role_ids
from cogs.battles.card import replies_card
from cogs.battles.images import KeptImage, image_file
from cogs.ui.language import locale_of

if TYPE_CHECKING:
    from bot.client import Interaction
    from bot.domain.battle import Battle

MAX_PROMPT = 4000


def request_of(interaction: Interaction, prompt: str, category: str | None = None) -> BattleRequest:
    """Let the member whose interaction it is ask, here."""
    thread = interaction.channel if isinstance(interaction.channel, discord.Thread) else None
    return BattleRequest(
        guild_id=interaction.guild_id or 0,
        channel_id=interaction.channel_id or 0,
        asker_id=interaction.user.id,
        prompt=prompt,
        locale=locale_of(interaction),
        interaction_token=interaction.token,
        parent_id=thread.parent_id if thread else None,
        role_ids=frozenset(role_ids(interaction)),
        may_remove_reactions=interaction.app_permissions.manage_messages,
        category=category,
    )


async def hold(interaction: Interaction, request: BattleRequest) -> None:
    """Begin a battle whose card answers the interaction."""

    async def post(battle: Battle) -> CardAddress:
        card = replies_card(battle, dict.fromkeys(Side, PartialReply("", 0)), interaction.channel)
        # An image goes up once: the edits that follow name it by its id (`KeptImage`).
        message = await show(interaction, card, [image_file(battle.image)] if battle.image else None)
        kept = KeptImage.on(message, battle.image.kind.file_name) if battle.image else None
        return CardAddress(message.id, kept.attachment_id if kept else None)

    await interaction.client.arena.battles.start(request, post)
