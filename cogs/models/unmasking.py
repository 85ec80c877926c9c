"""The announcement that ends a model's masquerade, and the question before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.acknowledgement import show
from bot.errors import ArenaError
from bot.i18n import N_, translations
from cogs.access import require_moderator
from cogs.models.model_page import entry_of, show_decided
from cogs.ui.language import public_texts
from cogs.ui.layout import Button, Layout
from cogs.ui.persistent import ChosenValues, PressedButton
from cogs.ui.sanitize import display_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.arena.models.roster import Entry
    from bot.client import Interaction
    from bot.domain.audit import Actor, AuditEntry
    from bot.domain.model import Model

ASKED = N_("Say in {channel} that **{code_name}** is **{model}**? This cannot be taken back.")
UNMASKED = N_("**{model}** fights under its true name already.")


class ChosenPlace(ChosenValues, template=r"arena:unmask:(?P<model>\d{1,18}):where"):
    """Asks once more, for another channel."""

    async def choose(self, interaction: Interaction, values: Sequence[str]) -> None:
        require_moderator(interaction)
        entry = await entry_of(interaction, int(self.match["model"]))
        await show(interaction, unmasking_page(interaction, entry, int(values[0])))


class PressedUnmask(PressedButton, template=r"arena:unmask:(?P<model>\d{1,18}):(?P<channel>\d{1,20})"):
    """Announces the true name."""

    async def press(self, interaction: Interaction) -> None:
        actor = require_moderator(interaction)
        entry = await entry_of(interaction, int(self.match["model"]))
        channel_id = int(self.match["channel"])
        _check_announcement(interaction, channel_id)
        change = await _unmask(interaction, actor, entry.model, channel_id)
        await show_decided(interaction, entry.model.model_id, change)


def unmasking_page(interaction: Interaction, entry: Entry, channel_id: int | None) -> Layout:
    """Ask whether the true name is to be told, and where; `None` is the channel in which it is asked."""
    texts = translations(interaction.locale.value)
    _ = texts.gettext
    model, place = entry.model, channel_id or interaction.channel_id or 0
    if model.code_name is None:
        raise ArenaError(UNMASKED, model=model.name)
    layout = Layout()
    layout.add_text(
        _(ASKED).format(
            channel=f"<#{place}>",
            code_name=display_name(model.code_name),
            model=display_name(model.name),
        )
    )
    layout.add_item(
        ui.ActionRow[Layout](
            ui.ChannelSelect["Layout"](
                custom_id=f"arena:unmask:{model.model_id}:where",
                channel_types=[discord.ChannelType.text, discord.ChannelType.news],
                placeholder=_("Somewhere else"),
            )
        )
    )
    layout.add_buttons(
        Button(
            label=_("Announce it"),
            custom_id=f"arena:unmask:{model.model_id}:{place}",
            style=discord.ButtonStyle.danger,
        ),
        Button(label=_("Keep the code name"), custom_id=f"arena:roster:show:{model.model_id}"),
    )
    return layout


def _check_announcement(interaction: Interaction, channel_id: int) -> None:
    """Refuse, before anything changes, where the bot, or the moderator, may not write."""
    bot_may, member_may, in_thread = _granted(interaction, channel_id)
    for granted, refusal in (
        (bot_may, N_("I may not write in that channel, so nothing was changed.")),
        (member_may, N_("You may not write in that channel, so nothing was changed.")),
    ):
        may_write = granted.send_messages_in_threads if in_thread else granted.send_messages
        if not (granted.view_channel and may_write):
            raise ArenaError(refusal)


def _granted(
    interaction: Interaction, channel_id: int
) -> tuple[discord.Permissions, discord.Permissions, bool]:
    """Return what the bot and the moderator may do in a channel, and whether it is a thread."""
    if channel_id == interaction.channel_id:
        in_thread = isinstance(interaction.channel, discord.Thread)
        return interaction.app_permissions, interaction.permissions, in_thread
    channel = interaction.guild.get_channel(channel_id) if interaction.guild else None
    member = interaction.user
    if channel is None or not isinstance(member, discord.Member):
        raise ArenaError(N_("I do not know that channel, so nothing was changed."))
    return channel.permissions_for(channel.guild.me), channel.permissions_for(member), False


async def _unmask(interaction: Interaction, actor: Actor, model: Model, channel_id: int) -> AuditEntry:
    """Let the model go on under its true name, and say so once."""
    entry = await interaction.client.arena.models.unmask(actor, model)
    texts = public_texts(interaction)
    text = texts.gettext("🎭 **{code_name}** was **{name}** all along.")
    layout = Layout()
    layout.add_text(text.format(code_name=display_name(model.code_name or ""), name=display_name(model.name)))
    channel = interaction.client.get_partial_messageable(channel_id, guild_id=actor.guild_id)
    await channel.send(view=layout, allowed_mentions=discord.AllowedMentions.none())
    return entry
