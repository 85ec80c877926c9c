"""`/recap`: the last seven days of the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.acknowledgement import PUBLICLY
from bot.arena.ratings.weeks import last_seven_days
from bot.pictures.specs import Theme
from cogs.ratings.board_filter import view_names
from cogs.ratings.imprints import server_name
from cogs.ratings.pictures import THEMES
from cogs.ratings.recap_pictures import recap_picture
from cogs.ratings.recap_texts import asked_lines, dates, figures_line, recap_lines
from cogs.ui.alt_texts import alt_text
from cogs.ui.language import public_texts
from cogs.ui.layout import Layout
from cogs.ui.picture_messages import PictureMessage, show_picture, why_no_picture

if TYPE_CHECKING:
    import discord

    from bot.arena.ratings.recaps import Recap
    from bot.client import ArenaBot, Interaction
    from bot.i18n import Translations
    from cogs.ratings.board_filter import ViewNames

FILE = "recap.png"


class RecapCog(commands.Cog):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot

    @app_commands.command(
        name=locale_str("recap"),
        description=locale_str("Show the last seven days of this server's arena"),
        extras=PUBLICLY,
    )
    @app_commands.describe(theme=locale_str("The colours of the picture"))
    @app_commands.choices(
        theme=[app_commands.Choice(name=locale_str(name), value=theme) for theme, name in THEMES.items()]
    )
    @app_commands.guild_only()
    async def recap(self, interaction: Interaction, theme: str = Theme.DARK) -> None:
        arena = self.bot.arena
        guild_id = interaction.guild_id or 0
        recap = await arena.recaps.of(guild_id, last_seven_days(arena.clock()))
        names = await view_names(arena, guild_id)
        texts = public_texts(interaction)
        may_draw = interaction.app_permissions.attach_files
        message = recap_message(recap, names, interaction.guild, Theme(theme), texts, may_draw=may_draw)
        await show_picture(interaction, message)


def recap_message(
    recap: Recap,
    names: ViewNames,
    guild: discord.Guild | None,
    theme: Theme,
    texts: Translations,
    *,
    may_draw: bool,
) -> PictureMessage:
    """Lay a recap out; an empty one is one friendly sentence."""
    _ = texts.gettext
    layout = Layout()
    if recap.is_empty:
        layout.add_text(_("No battle was decided here in the last seven days. /battle begins one!"))
        return PictureMessage(layout, None, FILE)
    picture = recap_picture(recap, server_name(guild), theme, texts) if may_draw else None
    heading, asked = [f"## 📅 {_('Recap of the week')}"], asked_lines(recap, names, texts)
    if not picture:  # which has the days and the figures, as does its description
        heading.append(f"-# {dates(recap.week)} (UTC)")
        asked.insert(0, figures_line(recap, texts))
    layout.add_section("\n".join([*heading, *recap_lines(recap, guild, texts)]))
    if picture:
        layout.add_picture(FILE, alt_text(picture))
    else:
        layout.add_text(why_no_picture(texts))
    if asked:
        layout.add_text("\n".join(f"-# {line}" for line in asked))
    return PictureMessage(layout, picture, FILE)


async def setup(bot: ArenaBot) -> None:
    await bot.add_cog(RecapCog(bot))
