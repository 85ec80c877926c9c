"""`/battle`: two anonymous models answer, the channel votes. **Rematch** asks another pair the same."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.acknowledgement import PUBLICLY, Acknowledgement, show
from bot.arena.battles.card import CardAddress, PartialReply
from bot.arena.battles.images.file_types import check_declared
from bot.arena.battles.request import BattleRequest
from bot.domain.battle import Side
from cogs.access import check_card, check_place, role_ids
from cogs.battles.card import replies_card
from cogs.battles.card_message import DiscordCard
from cogs.battles.chosen_models import chosen, offer_pairs
from cogs.battles.images import KeptImage, fetch, image_file
from cogs.settings.categories import offer_open
from cogs.ui.language import locale_of
from cogs.ui.persistent import PressedButton

if TYPE_CHECKING:
    from bot.client import ArenaBot, Interaction
    from bot.domain.battle import Battle

MAX_PROMPT = 4000


class BattleCog(commands.Cog):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot

    @app_commands.command(
        name=locale_str("battle"),
        description=locale_str("Let two anonymous models answer a prompt, and vote for the better reply"),
        extras=PUBLICLY,
    )
    @app_commands.describe(
        prompt=locale_str("What both models are asked"),
        category=locale_str("A category of this server that the battle belongs to"),
        models=locale_str("For moderators: which two models are shown, as A / B; it is not rated"),
        image=locale_str("An image (PNG, JPEG, WebP or GIF) that both models are shown with the prompt"),
    )
    @app_commands.guild_only()
    async def battle(
        self,
        interaction: Interaction,
        prompt: app_commands.Range[str, 1, MAX_PROMPT],
        category: str | None = None,
        models: str | None = None,
        image: discord.Attachment | None = None,
    ) -> None:
        await check_place(interaction, pictures=image is not None)
        most_bytes = self.bot.arena.config.limits.max_image_bytes
        if image:
            check_declared(image.content_type, image.size, most_bytes)
        request = replace(
            request_of(interaction, prompt, category),
            chosen_pair=None if models is None else await chosen(interaction, models),
            fetch_image=partial(fetch, interaction.client.arena.images, image, most_bytes) if image else None,
        )
        await hold(interaction, request)

    @battle.autocomplete("category")
    async def complete_category(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await offer_open(interaction, typed)

    @battle.autocomplete("models")
    async def complete_models(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await offer_pairs(interaction, typed)


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


class PressedRematch(PressedButton, template=r"arena:rematch:(?P<battle>\d+)"):
    """Has whoever presses ask the same prompt, as with `/battle`; the new card answers the old one."""

    @property
    def acknowledgement(self) -> Acknowledgement:
        return Acknowledgement.PUBLIC

    async def press(self, interaction: Interaction) -> None:
        battle_id = int(self.match["battle"])
        await check_card(interaction, battle_id)
        await check_place(interaction)
        rematch = await interaction.client.arena.rematches.of(interaction.guild_id or 0, battle_id)
        await hold(interaction, replace(request_of(interaction, rematch.prompt), after=rematch.after))


async def setup(bot: ArenaBot) -> None:
    bot.arena.supervisor.show_with(partial(DiscordCard, bot))
    await bot.add_cog(BattleCog(bot))
