"""`/leaderboard`: the server's ranking."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from bot.i18n import translations
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from cogs.buttons import PressedButton
from cogs.cards import display_name
from cogs.layout import Button, Layout

if TYPE_CHECKING:
    from bot.arena.leaderboards import Board, Standing
    from bot.client import ArenaBot
    from bot.i18n import Translations

    Interaction = discord.Interaction[ArenaBot]

PAGE_ROWS = 15


class PressedBoard(PressedButton, template=r"arena:board:(?P<page>\d+)"):
    """Turns the pages of a leaderboard, for everyone who sees it."""

    async def press(self, interaction: Interaction) -> None:
        layout = await _board_layout(interaction, int(self.match["page"]))
        await interaction.response.edit_message(view=layout, allowed_mentions=discord.AllowedMentions.none())


class LeaderboardCog(commands.Cog):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot

    @app_commands.command(
        name=locale_str("leaderboard"), description=locale_str("Show how this server's votes rank the models")
    )
    @app_commands.guild_only()
    async def leaderboard(self, interaction: Interaction) -> None:
        layout = await _board_layout(interaction, 0)
        await interaction.response.send_message(view=layout, allowed_mentions=discord.AllowedMentions.none())


async def _board_layout(interaction: Interaction, page: int) -> Layout:
    board = await interaction.client.arena.leaderboards.board(interaction.guild_id or 0)
    locale = interaction.guild_locale or interaction.locale
    return board_page(board, page, translations(locale.value))


def board_page(board: Board, number: int, texts: Translations) -> Layout:
    """Lay out one page of the board, with buttons for its neighbours where there are more."""
    _ = texts.gettext
    pages = max(1, -(-len(board.standings) // PAGE_ROWS))
    number = min(number, pages - 1)
    rows = board.standings[number * PAGE_ROWS : (number + 1) * PAGE_ROWS]
    lines = [_line(row, texts) for row in rows] or [_("There are no models here yet.")]
    battles = texts.ngettext("{count} battle", "{count} battles", board.battles).format(count=board.battles)
    votes = texts.ngettext("{count} vote", "{count} votes", board.votes).format(count=board.votes)
    footer = "-# " + _(
        "{battles}, {votes}. Rating ± its interval (95%); a rank such as 1–3 means that the votes do not tell"
        " these places apart yet: /about ratings"
    )
    layout = Layout()
    heading = "## 🏆 " + _("Leaderboard")
    layout.add_section(f"{heading} ({number + 1}/{pages})" if pages > 1 else heading, "\n".join(lines))
    layout.add_text(footer.format(battles=battles, votes=votes))
    layout.add_page_buttons(
        Button(label=_("Previous page"), custom_id=f"arena:board:{number - 1}"),
        Button(label=_("Next page"), custom_id=f"arena:board:{number + 1}"),
        number,
        pages,
    )
    return layout


def _line(standing: Standing, texts: Translations) -> str:
    _ = texts.gettext
    rating = standing.rating
    place = f"**{standing.rank}.**" if standing.rank else _("(provisional)")
    name = f"**{display_name(standing.name)}**"
    name = _("{name} (retired)").format(name=name) if standing.retired else name
    facts = [
        f"**{rating.rating:.0f}** ± {rating.half_width:.0f}",
        texts.ngettext("{count} battle", "{count} battles", rating.battles).format(count=rating.battles),
        texts.ngettext("{count} vote", "{count} votes", rating.votes).format(count=rating.votes),
    ]
    if rating.win_rate is not None:
        facts.append(_("wins {percent}%").format(percent=round(100 * rating.win_rate)))
    return f"{place} {name}\n-# {' · '.join(facts)}"


async def setup(bot: ArenaBot) -> None:
    bot.add_dynamic_items(PressedBoard)
    await bot.add_cog(LeaderboardCog(bot))
