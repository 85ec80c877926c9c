"""`/season`: ends a season of the leaderboard after a question, and takes that back for a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.acknowledgement import SILENT, show
from bot.arena.moderation.seasons import UNDO_SECONDS, checked_name
from bot.arena.ratings.board_filter import BoardFilter
from bot.i18n import N_, translations
from cogs.access import require_moderator
from cogs.audit_log import report, result_text
from cogs.ratings.pages import standing_line
from cogs.ui.language import public_texts
from cogs.ui.layout import Button, Layout
from cogs.ui.persistent import PressedButton
from cogs.ui.sanitize import display_name

if TYPE_CHECKING:
    from bot.arena.ratings.leaderboards import Board
    from bot.client import ArenaBot, Interaction
    from bot.i18n import Translations

NAME_LIMIT = 80
"""Characters; the name stands in the id of a button, of which Discord takes 100."""

PODIUM = 3
ENDING = N_(
    "End this season, and keep its board as **{name}**? A new one begins then, in which every model starts at"
    " 1000 again."
)
LATER = N_("You can take that back until {when}, with {command}.")
UNDOING = N_("Take back the end of **{name}**? That season goes on then, with all that was voted since.")
GOES_ON = N_("The season goes on.")


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class SeasonCog(
    commands.GroupCog,
    group_name=locale_str("season"),
    group_description=locale_str("Seasons of the leaderboard"),
):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot

    @app_commands.command(
        name=locale_str("end"),
        description=locale_str("Keep the leaderboard so far under a name, and begin a new one"),
    )
    @app_commands.describe(name=locale_str("Name for the season that ends"))
    async def end(self, interaction: Interaction, name: app_commands.Range[str, 1, NAME_LIMIT]) -> None:
        actor = require_moderator(interaction)
        name = checked_name(name, await self.bot.arena.seasons.over(actor.guild_id))
        texts = translations(interaction.locale.value)
        board = await self.bot.arena.leaderboards.board(actor.guild_id)
        said = texts.gettext(ENDING).format(name=display_name(name))
        button = texts.gettext("End the season")
        await show(interaction, _question(f"{said}\n{_summary(board, texts)}", button, f"end:{name}", texts))

    @app_commands.command(
        name=locale_str("undo"), description=locale_str("Take back the end of a season, for a day")
    )
    async def undo(self, interaction: Interaction) -> None:
        actor = require_moderator(interaction)
        season = await self.bot.arena.seasons.last(actor.guild_id)
        texts = translations(interaction.locale.value)
        said = texts.gettext(UNDOING).format(name=display_name(season.name))
        button = texts.gettext("Take it back")
        await show(interaction, _question(said, button, f"undo:{season.number}", texts))


class PressedEnd(PressedButton, template=r"arena:season:end:(?P<name>.{1,80})"):
    """Ends the season, and tells the channel."""

    async def press(self, interaction: Interaction) -> None:
        actor = require_moderator(interaction)
        arena, texts = interaction.client.arena, translations(interaction.locale.value)
        entry = await arena.seasons.end(actor, self.match["name"])
        until = f"<t:{entry.at + UNDO_SECONDS:.0f}:f>"
        later = texts.gettext(LATER).format(when=until, command=interaction.client.mention_of("season undo"))
        await show(interaction, _said(f"{result_text(entry, texts)}\n-# {later}"))
        # As it is kept: what was counted since the question, or since the press, is on it.
        season = await arena.seasons.last(actor.guild_id)
        board = await arena.leaderboards.board(actor.guild_id, BoardFilter(period=f"s{season.number}"))
        await _announce(interaction, _ended_text(self.match["name"], board, public_texts(interaction)))
        await report(interaction, entry)


class PressedUndo(PressedButton, template=r"arena:season:undo:(?P<number>\d{1,6})"):
    """Lets the season go on that was ended."""

    async def press(self, interaction: Interaction) -> None:
        actor = require_moderator(interaction)
        entry = await interaction.client.arena.seasons.undo(actor, int(self.match["number"]))
        texts, public = translations(interaction.locale.value), public_texts(interaction)
        await show(interaction, _said(result_text(entry, texts)))
        said = public.gettext("The end of the season was taken back: it goes on.")
        await _announce(interaction, f"↩️ {said}")
        await report(interaction, entry)


class PressedGoOn(PressedButton, template=r"arena:season:keep"):
    async def press(self, interaction: Interaction) -> None:
        require_moderator(interaction)
        await show(interaction, _said(translations(interaction.locale.value).gettext(GOES_ON)))


def _question(text: str, label: str, deed: str, texts: Translations) -> Layout:
    layout = _said(text)
    layout.add_buttons(
        Button(label=label, custom_id=f"arena:season:{deed}", style=discord.ButtonStyle.danger),
        Button(label=texts.gettext("Leave it as it is"), custom_id="arena:season:keep"),
    )
    return layout


def _said(text: str) -> Layout:
    layout = Layout()
    layout.add_text(text)
    return layout


def _ended_text(name: str, board: Board, texts: Translations) -> str:
    """Tell the channel how the season ended."""
    said = texts.gettext("🏁 The season **{name}** is over.").format(name=display_name(name))
    new = texts.gettext("A new one begins: every model starts at 1000 again.")
    return f"## {said}\n{_summary(board, texts)}\n-# {new}"


def _summary(board: Board, texts: Translations) -> str:
    """Say how much was voted, and who leads."""
    facts = [
        texts.ngettext("{count} battle", "{count} battles", board.battles).format(count=board.battles),
        texts.ngettext("{count} vote", "{count} votes", board.votes).format(count=board.votes),
        texts.ngettext("{count} member voted", "{count} members voted", board.voters).format(
            count=board.voters
        ),
    ]
    ranked = [standing for standing in board.standings if standing.rank][:PODIUM]
    return "\n".join([" · ".join(facts), *(standing_line(each, texts) for each in ranked)])


async def _announce(interaction: Interaction, text: str) -> None:
    """Tell everyone in the channel; nobody is mentioned."""
    await interaction.followup.send(view=_said(text), allowed_mentions=SILENT)


async def setup(bot: ArenaBot) -> None:
    bot.add_dynamic_items(PressedEnd, PressedUndo, PressedGoOn)
    await bot.add_cog(SeasonCog(bot))
