"""`/void` and `/unvoid`: what moderators decide about battles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.errors import ArenaError
from bot.i18n import N_, translations
from cogs.access import is_moderator, require_moderator
from cogs.audit_log import done
from cogs.ui.autocomplete import choices

if TYPE_CHECKING:
    from bot.arena.moderation.rulings import Ruling
    from bot.client import ArenaBot, Interaction

BATTLE = locale_str("The battle: one that is offered, its number, or the link to its message")
LINK = re.compile(r"https://(?:\w+\.)?discord(?:app)?\.com/channels/\d+/\d+/(\d{1,20})/?")
REASON_LIMIT = 300


class RulingsCog(commands.Cog):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot

    @app_commands.command(
        name=locale_str("void"),
        description=locale_str("Take a battle out of the ratings; it is kept and marked"),
    )
    @app_commands.describe(battle=BATTLE, reason=locale_str("Why; everyone can read it on the battle's card"))
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def void(
        self, interaction: Interaction, battle: str, reason: app_commands.Range[str, 1, REASON_LIMIT]
    ) -> None:
        actor = require_moderator(interaction)
        battle_id = await self._battle_id(interaction, battle)
        await self._show(interaction, await self.bot.arena.rulings.void(actor, battle_id, reason))

    @app_commands.command(
        name=locale_str("unvoid"),
        description=locale_str("Bring a battle back into the ratings"),
    )
    @app_commands.describe(battle=BATTLE)
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def unvoid(self, interaction: Interaction, battle: str) -> None:
        actor = require_moderator(interaction)
        battle_id = await self._battle_id(interaction, battle)
        await self._show(interaction, await self.bot.arena.rulings.unvoid(actor, battle_id))

    @void.autocomplete("battle")
    async def complete_void(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await _offer(interaction, typed, voided=False)

    @unvoid.autocomplete("battle")
    async def complete_unvoid(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await _offer(interaction, typed, voided=True)

    async def _battle_id(self, interaction: Interaction, entered: str) -> int:
        entered = entered.strip()
        if link := LINK.fullmatch(entered):
            message_id = int(link[1])
            is_id = message_id < 2**63  # what the database can hold
            found = await self.bot.arena.rulings.at(interaction.guild_id or 0, message_id) if is_id else None
            if found is None:
                raise ArenaError(
                    N_("There is no battle in that message. Please choose one of those that are offered.")
                )
            return found
        number = entered.removeprefix("#")
        if not re.fullmatch(r"[0-9]{1,15}", number):
            raise ArenaError(N_("Please choose a battle, or enter its number or the link to its message."))
        return int(number)

    async def _show(self, interaction: Interaction, ruling: Ruling) -> None:
        await done(interaction, ruling.entry)
        self.bot.arena.supervisor.redraw(ruling.battle)


async def _offer(interaction: Interaction, typed: str, *, voided: bool) -> list[app_commands.Choice[str]]:
    """Offer the latest battles to moderators."""
    if not is_moderator(interaction):
        return []
    deleted = translations(interaction.locale.value).gettext("(deleted)")
    latest = await interaction.client.arena.rulings.latest(interaction.guild_id or 0, voided=voided)
    named = (
        (str(each.battle_id), f"#{each.battle_id} {each.a} – {each.b}: {each.prompt or deleted}")
        for each in latest
    )
    return choices(named, typed)


async def setup(bot: ArenaBot) -> None:
    await bot.add_cog(RulingsCog(bot))
