"""The last step of `/setup`: whether the bot may do what a battle needs, channel by channel."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bot.i18n import translations
from cogs.access import missing_for_pictures, missing_permissions
from cogs.settings.pages import CHECK, step_buttons
from cogs.ui.layout import Layout, fitting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import discord

    from bot.arena.settings.guild_settings import GuildSettings
    from bot.client import Interaction
    from bot.i18n import Translations

GAPS_LIMIT = 1800
"""Characters of one of the two lists of channels."""


def check_page(interaction: Interaction) -> Layout:
    guild = interaction.guild
    texts = translations(interaction.locale.value)
    _ = texts.gettext
    own = interaction.client.arena.moderation.settings(interaction.guild_id or 0)
    layout = Layout()
    layout.add_text("## " + _("Ready"))
    if guild is not None:
        layout.add_text(_findings(guild, own, texts))
    layout.add_text(
        _("All of it can be changed with /settings show. Now ask with /battle: two models answer.")
    )
    layout.add_buttons(*step_buttons(CHECK, texts))
    return layout


def _findings(guild: discord.Guild, own: GuildSettings, texts: Translations) -> str:
    _ = texts.gettext
    chosen = [channel for each in own.battle_channel_ids if (channel := guild.get_channel(each)) is not None]
    channels = chosen or guild.text_channels
    for_battles = list(_gaps(channels, guild, texts, partial(missing_permissions, in_thread=False)))
    for_pictures = list(_gaps(channels, guild, texts, missing_for_pictures))
    parts = [_("✅ I may do all that battles need in every channel where they can be held.")]
    if for_battles:
        heading = _("⚠️ Battles cannot be held in these channels until I am allowed:")
        parts = [heading, fitting(for_battles, texts, GAPS_LIMIT)]
    if for_pictures:
        heading = _("⚠️ Prompts with images, charts and tournaments are missing here until I am allowed:")
        parts += [heading, fitting(for_pictures, texts, GAPS_LIMIT)]
    return "\n".join(parts)


def _gaps(
    channels: Iterable[discord.abc.GuildChannel],
    guild: discord.Guild,
    texts: Translations,
    missing_of: Callable[[discord.Permissions], list[str]],
) -> Iterable[str]:
    _ = texts.gettext
    for channel in channels:
        if missing := missing_of(channel.permissions_for(guild.me)):
            yield f"- {channel.mention}: {_(', ').join(map(_, missing))}"
