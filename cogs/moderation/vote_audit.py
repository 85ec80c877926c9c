"""`/votes`: whose votes moderators should look at, and whose they leave out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.acknowledgement import show
from bot.i18n import translations
from cogs.access import require_moderator
from cogs.audit_log import done
from cogs.moderation.vote_audit_pages import audit_page
from cogs.ui.persistent import PressedButton

if TYPE_CHECKING:
    from bot.arena.moderation.vote_audits import Audit
    from bot.client import ArenaBot, Interaction
    from cogs.ui.layout import Layout

REASON_LIMIT = 300


class PressedAudit(PressedButton, template=r"arena:audit:(?P<page>\d{1,9})"):
    """Turns the pages of an audit."""

    async def press(self, interaction: Interaction) -> None:
        actor = require_moderator(interaction)
        audit = await interaction.client.arena.audits.latest(actor.guild_id)
        await show(interaction, await _page(interaction, audit, int(self.match["page"])))


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class VotesCog(
    commands.GroupCog,
    group_name=locale_str("votes"),
    group_description=locale_str("Votes that do not look honest"),
):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot

    @app_commands.command(
        name=locale_str("audit"),
        description=locale_str("Show moderators whose votes stand out; nothing is done to anyone"),
    )
    async def audit(self, interaction: Interaction) -> None:
        actor = require_moderator(interaction)
        audit = await self.bot.arena.audits.make(actor.guild_id)
        await show(interaction, await _page(interaction, audit, 0))

    @app_commands.command(
        name=locale_str("exclude"),
        description=locale_str("Take all votes of a member out of the ratings; they are kept and marked"),
    )
    @app_commands.describe(
        member=locale_str("Whose votes no longer count, neither old ones nor new ones"),
        reason=locale_str("Why; only moderators can read it"),
    )
    async def exclude(
        self,
        interaction: Interaction,
        member: discord.User,
        reason: app_commands.Range[str, 1, REASON_LIMIT],
    ) -> None:
        actor = require_moderator(interaction)
        await done(interaction, await self.bot.arena.exclusions.exclude(actor, member.id, reason))

    @app_commands.command(
        name=locale_str("include"),
        description=locale_str("Let the votes of a member count again, exactly as before"),
    )
    @app_commands.describe(member=locale_str("Whose votes were excluded"))
    async def include(self, interaction: Interaction, member: discord.User) -> None:
        actor = require_moderator(interaction)
        await done(interaction, await self.bot.arena.exclusions.include(actor, member.id))


async def _page(interaction: Interaction, audit: Audit, number: int) -> Layout:
    excluded = await interaction.client.arena.exclusions.of(interaction.guild_id or 0)
    return audit_page(audit, excluded, number, translations(interaction.locale.value))


async def setup(bot: ArenaBot) -> None:
    bot.add_dynamic_items(PressedAudit)
    await bot.add_cog(VotesCog(bot))
