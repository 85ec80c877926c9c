"""`/history`: the battles that were held here, page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.acknowledgement import show
from bot.i18n import translations
from cogs.access import is_moderator, may_see
from cogs.battles.past_battle_texts import past_text
from cogs.models.autocomplete import complete_model
from cogs.ui.layout import Button, Layout
from cogs.ui.persistent import PressedButton
from cogs.ui.sanitize import display_name

if TYPE_CHECKING:
    from bot.arena.ratings.history import Past
    from bot.client import ArenaBot, Interaction
from bot.i18n import Translations


class PressedPast(
    PressedButton, template=r"arena:past:(?P<page>\d{1,9}):(?P<asker>\d{1,19}):(?P<model>\d{1,18})"
):
    """Turns the pages, for the eyes of the member who presses; 0 is any asker, any model."""

    async def press(self, interaction: Interaction) -> None:
        page, asker_id, model_id = (int(self.match[name]) for name in ("page", "asker", "model"))
        await show(interaction, await past_page(interaction, page, asker_id or None, model_id or None))


class HistoryCog(commands.Cog):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot

    @app_commands.command(
        name=locale_str("history"), description=locale_str("Show the battles that were held here, with links")
    )
    @app_commands.describe(
        member=locale_str("Only battles that this member asked for"),
        model=locale_str("Only battles of this model"),
    )
    @app_commands.guild_only()
    async def history(
        self, interaction: Interaction, member: discord.User | None = None, model: str | None = None
    ) -> None:
        model_id = await self._model_id(interaction, model) if model is not None else None
        await show(interaction, await past_page(interaction, 0, member.id if member else None, model_id))

    @history.autocomplete("model")
    async def complete(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await complete_model(interaction, typed)

    async def _model_id(self, interaction: Interaction, name: str) -> int:
        moderator = is_moderator(interaction)
        entry = await self.bot.arena.models.find(interaction.guild_id or 0, name, moderator=moderator)
        return entry.model.model_id


async def past_page(
    interaction: Interaction, number: int, asker_id: int | None, model_id: int | None
) -> Layout:
    """Lay out one page, with buttons for its neighbours."""
    guild_id = interaction.guild_id or 0
    texts = translations(interaction.locale.value)
    past = await interaction.client.arena.histories.page(
        guild_id, number, asker_id=asker_id, model_id=model_id
    )
    layout = Layout()
    layout.add_text("\n".join([_heading(past, texts), *_filters(past, asker_id, texts)]))
    told = [
        past_text(battle, guild_id, texts, may_see=may_see(interaction, battle.channel_id))
        for battle in past.battles
    ]
    layout.add_section(*(told or [texts.gettext("There are no such battles yet.")]))
    wanted = f"{asker_id or 0}:{model_id or 0}"
    layout.add_page_buttons(
        Button(label=texts.gettext("Previous page"), custom_id=f"arena:past:{max(0, number - 1)}:{wanted}"),
        Button(label=texts.gettext("Next page"), custom_id=f"arena:past:{number + 1}:{wanted}"),
        number,
        number + 1 + past.goes_on,
    )
    return layout


def _heading(past: Past, texts: Translations) -> str:
    if past.page == 0 and not past.goes_on:
        return "## " + texts.gettext("Battles")
    return "## " + texts.gettext("Battles, page {number}").format(number=past.page + 1)


def _filters(past: Past, asker_id: int | None, texts: Translations) -> list[str]:
    _ = texts.gettext
    said: list[str] = []
    if asker_id is not None:
        said.append(_("asked by {member}").format(member=f"<@{asker_id}>"))
    if past.model is not None:
        said.append(_("with {model}").format(model=f"**{display_name(past.model)}**"))
    return [f"-# {' · '.join(said)}"] if said else []


async def setup(bot: ArenaBot) -> None:
    bot.add_dynamic_items(PressedPast)
    await bot.add_cog(HistoryCog(bot))
