"""`/models`: what moderators see of a server's models, and the way to what they decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.acknowledgement import WITH_FORM, show
from bot.i18n import translations
from cogs.access import require_manager, require_moderator
from cogs.audit_log import done, report
from cogs.models.access_page import PressedNoRole, access_page
from cogs.models.adding.drafts import DRAFT_ITEMS, open_form
from cogs.models.decisions import PRESSED
from cogs.models.history import PressedHistory, allowance_text, history_page
from cogs.models.roster_page import roster_page
from cogs.ui.layout import Layout

if TYPE_CHECKING:
    from bot.client import ArenaBot, Interaction


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class ModelsCog(
    commands.GroupCog,
    group_name=locale_str("models"),
    group_description=locale_str("The models of this server, and what moderators decide about them"),
):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot

    @app_commands.command(
        name=locale_str("list"),
        description=locale_str("Show the models and their state; test, change, mask or retire one"),
    )
    async def list(self, interaction: Interaction) -> None:
        require_moderator(interaction)
        await show(interaction, await roster_page(interaction, 0))

    @app_commands.command(
        name=locale_str("add"),
        description=locale_str("Bring a model of your own to this server"),
        extras=WITH_FORM,
    )
    async def add(self, interaction: Interaction) -> None:
        require_moderator(interaction)
        await open_form(interaction)

    @app_commands.command(
        name=locale_str("changes"), description=locale_str("Show who changed what, and when")
    )
    async def changes(self, interaction: Interaction) -> None:
        require_moderator(interaction)
        await show(interaction, await history_page(interaction, 0))

    @app_commands.command(
        name=locale_str("budget"), description=locale_str("Show or set the daily limits (cost and battles)")
    )
    @app_commands.describe(
        usd_per_day=locale_str("US dollars that replies may cost in a day; 0 for no limit"),
        battles_per_day=locale_str("Battles in a day; 0 for the operator's limit"),
        concurrent=locale_str("Battles written at the same time; 0 for the operator's limit"),
    )
    async def budget(
        self,
        interaction: Interaction,
        usd_per_day: app_commands.Range[float, 0, 100_000] | None = None,
        battles_per_day: app_commands.Range[int, 0, 1_000_000] | None = None,
        concurrent: app_commands.Range[int, 0, 1000] | None = None,
    ) -> None:
        actor = require_moderator(interaction)
        entry = await self.bot.arena.moderation.set_limits(
            actor,
            usd_per_day=usd_per_day,
            battles_per_day=battles_per_day,
            concurrent_battles=concurrent,
        )
        today = await self.bot.arena.daily_limits.today(actor.guild_id, decided_only=True)
        layout = Layout()
        layout.add_text(allowance_text(today, translations(interaction.locale.value)))
        await show(interaction, layout)
        if entry:
            await report(interaction, entry)

    @app_commands.command(
        name=locale_str("access"),
        description=locale_str("Show or name the role whose members may manage models"),
    )
    @app_commands.describe(role=locale_str("The role"))
    async def access(self, interaction: Interaction, role: discord.Role | None = None) -> None:
        actor = require_manager(interaction)
        if role:
            await done(interaction, await self.bot.arena.moderation.set_manager_role(actor, role.id))
        else:
            await show(interaction, access_page(interaction))


async def setup(bot: ArenaBot) -> None:
    bot.add_dynamic_items(*PRESSED, *DRAFT_ITEMS, PressedNoRole, PressedHistory)
    await bot.add_cog(ModelsCog(bot))
