"""`/tournament` and `/bracket`: models in single elimination, one battle after another in a channel."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.acknowledgement import PUBLICLY, show
from bot.arena.tournaments.service import Plan
from bot.i18n import translations
from bot.pictures.specs import Theme
from cogs.access import check_place, require_moderator
from cogs.audit_log import report
from cogs.ratings.pictures import THEMES
from cogs.tournaments.autocomplete import offer_entrants
from cogs.tournaments.channel import DiscordTournamentChannel
from cogs.tournaments.suggest_prompt import spot_of
from cogs.tournaments.texts import start_message, whole_message
from cogs.ui.language import locale_of, public_texts
from cogs.ui.layout import Layout
from cogs.ui.picture_messages import show_picture

if TYPE_CHECKING:
    from bot.client import ArenaBot, Interaction


NAMES_LIMIT = 1500


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class TournamentCog(
    commands.GroupCog,
    group_name=locale_str("tournament"),
    group_description=locale_str("Tournaments of the models, for moderators"),
):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot

    @app_commands.command(
        name=locale_str("start"),
        description=locale_str("Begin a tournament in this channel; members suggest the prompts"),
        extras=PUBLICLY,
    )
    @app_commands.describe(
        models=locale_str("How many of the best rated (4 to 16), or their names with / between them"),
        rated=locale_str("Whether its battles count for the leaderboard (default: no)"),
        voting=locale_str("How long each vote lasts, such as 90 s, 10 min or 2 h"),
    )
    async def start(
        self,
        interaction: Interaction,
        models: app_commands.Range[str, 1, NAMES_LIMIT] | None = None,
        rated: bool = False,  # noqa: FBT001, FBT002 - an option of the command
        voting: str | None = None,
    ) -> None:
        await check_place(interaction, pictures=True)
        actor = require_moderator(interaction)
        locale = locale_of(interaction)
        started = await self.bot.arena.tournaments.start(
            actor, spot_of(interaction), Plan(models, voting, rated, locale)
        )
        texts = translations(started.tournament.locale)
        await show_picture(interaction, start_message(started.tournament, texts))
        await report(interaction, started.entry)

    @app_commands.command(
        name=locale_str("stop"),
        description=locale_str("End this channel's tournament without a champion"),
        extras=PUBLICLY,
    )
    async def stop(self, interaction: Interaction) -> None:
        actor = require_moderator(interaction)
        entry = await self.bot.arena.tournaments.stop(actor, interaction.channel_id or 0)
        texts = public_texts(interaction)
        layout = Layout()
        layout.add_text(
            "🏟️ " + texts.gettext("This tournament was stopped. A vote that is open goes on to its end.")
        )
        await show(interaction, layout)
        await report(interaction, entry)

    @start.autocomplete("models")
    async def complete(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await offer_entrants(interaction, typed)

    @commands.Cog.listener()
    async def on_shard_connect(self, shard_id: int) -> None:
        """Go on with what an earlier process left, once the events of its servers come."""
        await self.bot.arena.tournaments.resume(lambda guild_id: self.bot.shard_of(guild_id) == shard_id)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        await self.bot.arena.tournaments.lose(channel_id=channel.id)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        await self.bot.arena.tournaments.lose(channel_id=event.thread_id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self.bot.arena.tournaments.lose(guild_id=guild.id)


class BracketCog(commands.Cog):
    @app_commands.command(
        name=locale_str("bracket"),
        description=locale_str("Show this channel's tournament, and suggest a prompt for it"),
        extras=PUBLICLY,
    )
    @app_commands.describe(theme=locale_str("The colours of the picture"))
    @app_commands.choices(
        theme=[app_commands.Choice(name=locale_str(name), value=theme) for theme, name in THEMES.items()]
    )
    @app_commands.guild_only()
    async def bracket(self, interaction: Interaction, theme: str = Theme.DARK) -> None:
        tournament = await interaction.client.arena.tournaments.find(
            interaction.guild_id or 0, interaction.channel_id or 0
        )
        texts = public_texts(interaction)
        may_draw = interaction.app_permissions.attach_files
        await show_picture(interaction, whole_message(tournament, Theme(theme), texts, may_draw=may_draw))


async def setup(bot: ArenaBot) -> None:
    bot.arena.tournaments.show_with(partial(DiscordTournamentChannel, bot))
    await bot.add_cog(TournamentCog(bot))
    await bot.add_cog(BracketCog())
