"""`/leaderboard`: the server's ranking."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import discord
from bot.i18n import translations
from bot.pictures.subjects import Theme
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from cogs.board_pictures import (
    STYLES,
    THEMES,
    Style,
    front,
    matrix_blocks,
    matrix_picture,
    priced,
    ratings_picture,
    value_picture,
)
from cogs.buttons import PressedButton
from cogs.cards import display_name
from cogs.layout import Button, Layout

if TYPE_CHECKING:
    from bot.arena.leaderboards import Board, Standing
    from bot.client import ArenaBot
    from bot.i18n import Translations
    from bot.pictures.gallery import Gallery
    from bot.pictures.subjects import Picture

    Interaction = discord.Interaction[ArenaBot]

PAGE_ROWS = 15
FILE = "leaderboard.png"


class PressedBoard(
    PressedButton,
    template=r"arena:board:(?P<page>\d+):(?P<style>ratings|matrix|value):(?P<theme>dark|light)",
):
    """Turns the pages of a leaderboard, for everyone who sees it."""

    async def press(self, interaction: Interaction) -> None:
        style, theme = Style(self.match["style"]), Theme(self.match["theme"])
        sheet = await _sheet(interaction, int(self.match["page"]), style, theme)
        gallery = interaction.client.arena.gallery
        if sheet.picture is None or gallery.has(sheet.picture):
            await interaction.response.edit_message(
                view=sheet.layout,
                attachments=await _files(gallery, sheet),
                allowed_mentions=discord.AllowedMentions.none(),
            )
        else:
            await interaction.response.defer()
            await _fill_in(interaction, sheet)


class LeaderboardCog(commands.Cog):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot

    @app_commands.command(
        name=locale_str("leaderboard"), description=locale_str("Show how this server's votes rank the models")
    )
    @app_commands.describe(
        style=locale_str("What the picture shows"), theme=locale_str("The colours of the picture")
    )
    @app_commands.choices(
        style=[app_commands.Choice(name=locale_str(name), value=style) for style, name in STYLES.items()],
        theme=[app_commands.Choice(name=locale_str(name), value=theme) for theme, name in THEMES.items()],
    )
    @app_commands.guild_only()
    async def leaderboard(
        self, interaction: Interaction, style: str = Style.RATINGS, theme: str = Theme.DARK
    ) -> None:
        sheet = await _sheet(interaction, 0, Style(style), Theme(theme))
        gallery = self.bot.arena.gallery
        if sheet.picture is None or gallery.has(sheet.picture):
            await interaction.response.send_message(
                view=sheet.layout,
                files=await _files(gallery, sheet),
                allowed_mentions=discord.AllowedMentions.none(),
            )
        else:
            await interaction.response.defer(thinking=True)
            await _fill_in(interaction, sheet)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of a board, and the picture on it; none where there is nothing to show or no right to."""

    layout: Layout
    picture: Picture | None


async def _sheet(interaction: Interaction, page: int, style: Style, theme: Theme) -> Sheet:
    board = await interaction.client.arena.leaderboards.board(interaction.guild_id or 0)
    texts = translations((interaction.guild_locale or interaction.locale).value)
    may_draw = interaction.app_permissions.attach_files
    match style:
        case Style.RATINGS:
            return board_page(board, page, theme, texts, may_draw=may_draw)
        case Style.MATRIX:
            return matrix_page(board, page, theme, texts, may_draw=may_draw)
        case Style.VALUE:
            return value_page(board, theme, texts, may_draw=may_draw)


async def _fill_in(interaction: Interaction, sheet: Sheet) -> None:
    """Draw the picture, and show it where the interaction was acknowledged."""
    await interaction.edit_original_response(
        view=sheet.layout,
        attachments=await _files(interaction.client.arena.gallery, sheet),
        allowed_mentions=discord.AllowedMentions.none(),
    )


async def _files(gallery: Gallery, sheet: Sheet) -> list[discord.File]:
    if sheet.picture is None:
        return []
    return [discord.File(BytesIO(await gallery.show(sheet.picture)), FILE, description=sheet.picture.title)]


def board_page(board: Board, number: int, theme: Theme, texts: Translations, *, may_draw: bool) -> Sheet:
    """Lay out one page of the board, with buttons for its neighbours where there are more."""
    _ = texts.gettext
    pages = max(1, -(-len(board.standings) // PAGE_ROWS))
    number = min(number, pages - 1)
    rows = board.standings[number * PAGE_ROWS : (number + 1) * PAGE_ROWS]
    lines = [standing_line(row, texts) for row in rows] or [_("There are no models here yet.")]
    picture = ratings_picture(board, number * PAGE_ROWS, theme, texts) if rows and may_draw else None
    layout = Layout()
    layout.add_section(_heading(_("Leaderboard"), number, pages), "\n".join(lines))
    _finish(layout, board, picture, texts)
    _add_page_buttons(layout, number, pages, f"{Style.RATINGS}:{theme}", texts)
    return Sheet(layout, picture)


def matrix_page(board: Board, number: int, theme: Theme, texts: Translations, *, may_draw: bool) -> Sheet:
    """Lay out one block of the matrix; what the picture says cannot be said in words."""
    _ = texts.gettext
    blocks = matrix_blocks(board)
    number = min(number, max(0, len(blocks) - 1))
    picture = matrix_picture(board, blocks[number], theme, texts) if blocks and may_draw else None
    layout = Layout()
    layout.add_text(_heading(_("Who beats whom"), number, len(blocks)))
    if not blocks:
        layout.add_text(_("There are no models here yet."))
    _finish(layout, board, picture, texts)
    _add_page_buttons(layout, number, len(blocks), f"{Style.MATRIX}:{theme}", texts)
    return Sheet(layout, picture)


def value_page(board: Board, theme: Theme, texts: Translations, *, may_draw: bool) -> Sheet:
    """Lay out ratings against prices, and name the models that nothing beats in both."""
    _ = texts.gettext
    standings = priced(board)
    picture = value_picture(standings, theme, texts) if standings and may_draw else None
    layout = Layout()
    if standings:
        lines = [_priced_line(standing, texts) for standing in front(standings)]
        about = _("No other model is both better and as cheap:")
        layout.add_section(_heading(_("Ratings against prices"), 0, 1), "\n".join([about, *lines]))
        _finish(layout, board, picture, texts)
    else:
        layout.add_text(_heading(_("Ratings against prices"), 0, 1))
        layout.add_text(
            _("No model here has a known price. Prices come from the bot's operator, or from /models edit.")
        )
    return Sheet(layout, picture)


def _priced_line(standing: Standing, texts: Translations) -> str:
    price = f"${standing.price:.6g}" if standing.price else texts.gettext("free")
    rating = standing.rating
    return f"**{display_name(standing.name)}** · {price} · **{rating.rating:.0f}** ± {rating.half_width:.0f}"


def _heading(title: str, number: int, pages: int) -> str:
    return f"## 🏆 {title} ({number + 1}/{pages})" if pages > 1 else f"## 🏆 {title}"


def _finish(layout: Layout, board: Board, picture: Picture | None, texts: Translations) -> None:
    """Add the picture, or why there is none, and what the board rests on."""
    _ = texts.gettext
    if picture:
        layout.add_picture(FILE, picture.title)
    elif board.standings:
        layout.add_text("-# " + _("The picture is missing because I may not attach files in this channel."))
    battles = texts.ngettext("{count} battle", "{count} battles", board.battles).format(count=board.battles)
    votes = texts.ngettext("{count} vote", "{count} votes", board.votes).format(count=board.votes)
    footer = _(
        "{battles}, {votes}. Rating ± its interval (95%); a rank such as 1–3 means that the votes do not tell"
        " these places apart yet: /about ratings"
    )
    layout.add_text("-# " + footer.format(battles=battles, votes=votes))


def _add_page_buttons(layout: Layout, number: int, pages: int, what: str, texts: Translations) -> None:
    _ = texts.gettext
    layout.add_page_buttons(
        Button(label=_("Previous page"), custom_id=f"arena:board:{number - 1}:{what}"),
        Button(label=_("Next page"), custom_id=f"arena:board:{number + 1}:{what}"),
        number,
        pages,
    )


def standing_line(standing: Standing, texts: Translations) -> str:
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
