"""`/leaderboard`: the server's ranking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.acknowledgement import PUBLICLY
from bot.arena.ratings.board_filter import PERIOD, BoardFilter
from bot.pictures.specs import Theme
from cogs.ratings.board_filter import ViewNames, offer_categories, offer_periods, view_names, view_of
from cogs.ratings.imprints import Source, server_name
from cogs.ratings.pages import STYLES, BoardStyle, Pages
from cogs.ratings.pictures import THEMES
from cogs.ui.language import public_texts
from cogs.ui.persistent import PressedButton
from cogs.ui.picture_messages import show_picture

if TYPE_CHECKING:
    from bot.client import ArenaBot, Interaction
    from cogs.ui.picture_messages import PictureMessage


class PressedBoard(
    PressedButton,
    template=r"arena:board:(?P<page>\d{1,6}):(?P<style>ratings|matrix):(?P<theme>dark|light)"
    rf":(?P<period>{PERIOD}):(?P<category>[\w:-]+)",
):
    """Turns the pages of a leaderboard, for everyone who sees it."""

    async def press(self, interaction: Interaction) -> None:
        view = BoardFilter(self.match["category"], self.match["period"])
        style, theme = BoardStyle(self.match["style"]), Theme(self.match["theme"])
        message = await _message(interaction, view, style, theme, int(self.match["page"]))
        await show_picture(interaction, message)


class LeaderboardCog(commands.Cog):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot

    @app_commands.command(
        name=locale_str("leaderboard"),
        description=locale_str("Show how this server's votes rank the models"),
        extras=PUBLICLY,
    )
    @app_commands.describe(
        category=locale_str("Only some kind of prompts"),
        period=locale_str("Only the last days, or a season that is over"),
        style=locale_str("What the picture shows"),
        theme=locale_str("The colours of the picture"),
    )
    @app_commands.choices(
        style=[app_commands.Choice(name=locale_str(name), value=style) for style, name in STYLES.items()],
        theme=[app_commands.Choice(name=locale_str(name), value=theme) for theme, name in THEMES.items()],
    )
    @app_commands.autocomplete(category=offer_categories, period=offer_periods)
    @app_commands.guild_only()
    async def leaderboard(
        self,
        interaction: Interaction,
        category: str | None = None,
        period: str | None = None,
        style: str = BoardStyle.RATINGS,
        theme: str = Theme.DARK,
    ) -> None:
        view = await view_of(interaction, category, period)
        message = await _message(interaction, view, BoardStyle(style), Theme(theme), 0)
        await show_picture(interaction, message)


async def _message(
    interaction: Interaction, view: BoardFilter, style: BoardStyle, theme: Theme, page: int
) -> PictureMessage:
    arena, guild_id = interaction.client.arena, interaction.guild_id or 0
    board = await arena.leaderboards.board(guild_id, view)
    texts = public_texts(interaction)
    names = ViewNames() if view.is_plain else await view_names(arena, guild_id)
    source = Source(server_name(interaction.guild), arena.clock())
    pages = Pages(theme, texts, names, source, interaction.app_permissions.attach_files)
    match style:
        case BoardStyle.RATINGS:
            return pages.ratings(board, page)
        case BoardStyle.MATRIX:
            return pages.matrix(board, page)
        case BoardStyle.TREND:
            return pages.trend(board, await arena.trends.of(guild_id, view))
        case BoardStyle.VALUE:
            return pages.value(board)


async def setup(bot: ArenaBot) -> None:
    bot.add_dynamic_items(PressedBoard)
    await bot.add_cog(LeaderboardCog(bot))
