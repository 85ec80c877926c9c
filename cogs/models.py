"""`/models`: who fights here."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

import discord
from bot.i18n import translations
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from cogs.cards import display_name
from cogs.layout import Layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.client import ArenaBot
    from bot.i18n import Translations

    Interaction = discord.Interaction[ArenaBot]

LIST_LIMIT = 3800


@app_commands.guild_only()
class ModelsCog(
    commands.GroupCog,
    group_name=locale_str("models"),
    group_description=locale_str("The models of this server"),
):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot

    @app_commands.command(
        name=locale_str("list"), description=locale_str("Show the models that can be drawn for a battle")
    )
    async def list(self, interaction: Interaction) -> None:
        texts = translations(interaction.locale.value)
        roster = self.bot.arena.roster
        ready = roster.ready()
        resting = texts.gettext("{name} (resting: its server asked for a pause)")
        lines = [
            f"- {shown if name in ready else resting.format(name=shown)}"
            for name in roster.names()
            for shown in [display_name(name)]
        ]
        layout = Layout()
        layout.add_text("## " + texts.gettext("Models"))
        layout.add_text(_fitting(lines, texts) or texts.gettext("There are no models here yet."))
        await interaction.response.send_message(view=layout, ephemeral=True)


def _fitting(lines: Sequence[str], texts: Translations) -> str:
    """Join the lines that fit into one message, and count the rest."""
    ends = list(accumulate(len(line) + 1 for line in lines))
    shown = bisect_right(ends, LIST_LIMIT)
    left = len(lines) - shown
    more = [texts.gettext("… and {count} more").format(count=left)] if left else []
    return "\n".join([*lines[:shown], *more])


async def setup(bot: ArenaBot) -> None:
    await bot.add_cog(ModelsCog(bot))
