"""One model as moderators see it: its state, and a button for each thing that can be decided about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.acknowledgement import show
from bot.domain.model import ModelState
from bot.errors import ArenaError
from bot.i18n import N_, translations
from cogs.audit_log import report, result_text
from cogs.models.roster_page import page_of
from cogs.models.texts import entry_line
from cogs.ui.layout import Button, Layout
from cogs.ui.sanitize import display_name

if TYPE_CHECKING:
    from bot.arena.models.roster import Entry, GuildRoster
    from bot.client import Interaction
    from bot.domain.audit import AuditEntry
    from bot.i18n import Translations

GONE = N_("This model is not here any more. {list} shows those that are.")
QUESTIONS = {
    "retire": N_(
        "Retire **{model}**? It takes part in no more battles. Its history and its place stay, and it can"
        " be brought back."
    ),
    "remove": N_("Remove **{model}**? Its settings and its key are deleted. This cannot be undone."),
}
"""What is asked before it is done."""


async def entry_of(interaction: Interaction, model_id: int) -> Entry:
    """Return a model of the server; raises `ArenaError` where it is gone."""
    return _found(interaction, await interaction.client.arena.roster.of(interaction.guild_id or 0), model_id)


def known_entry(interaction: Interaction, model_id: int) -> Entry | None:
    """Return it as it was read last; `None` where nothing was."""
    roster = interaction.client.arena.roster.known(interaction.guild_id or 0)
    return None if roster is None else _found(interaction, roster, model_id)


async def model_page(interaction: Interaction, model_id: int, result: str = "") -> Layout:
    """Draw it; `result` is what was just decided."""
    roster = await interaction.client.arena.roster.of(interaction.guild_id or 0)
    entry = _found(interaction, roster, model_id)
    texts = translations(interaction.locale.value)
    layout = Layout()
    if result:
        layout.add_text(result)
    layout.add_text("### " + entry_line(entry, texts, moderator=True))
    layout.add_buttons(*_changing(entry, texts))
    layout.add_buttons(*_ending(entry, texts))
    back = Button(
        label=texts.gettext("All models"), custom_id=f"arena:roster:page:{page_of(roster, model_id)}"
    )
    layout.add_buttons(back)
    return layout


async def show_decided(interaction: Interaction, model_id: int, change: AuditEntry) -> None:
    """Show the model as it is now, with what was decided about it, and report the change."""
    result = result_text(change, translations(interaction.locale.value))
    await show(interaction, await model_page(interaction, model_id, result))
    await report(interaction, change)


def question_page(entry: Entry, deed: str, texts: Translations) -> Layout:
    """Ask once more before something is done that is not simply undone."""
    _ = texts.gettext
    layout = Layout()
    layout.add_text(_(QUESTIONS[deed]).format(model=display_name(entry.model.name)))
    done = {"retire": ("retired", _("Retire it")), "remove": ("removed", _("Remove it"))}[deed]
    layout.add_buttons(
        Button(label=done[1], custom_id=_id(done[0], entry), style=discord.ButtonStyle.danger),
        Button(label=_("Keep it"), custom_id=_id("show", entry)),
    )
    return layout


def _changing(entry: Entry, texts: Translations) -> list[Button]:
    _ = texts.gettext
    masked = entry.model.code_name is not None
    buttons = [] if entry.is_retired else [Button(label=_("Test"), custom_id=_id("test", entry))]
    if entry.model.is_own:
        buttons.append(Button(label=_("Edit"), custom_id=_id("edit", entry)))
    buttons.append(Button(label=_("Code name"), custom_id=_id("mask", entry)))
    if masked:
        buttons.append(Button(label=_("Unmask"), custom_id=_id("unmask", entry)))
    return [*buttons, Button(label=_("Family"), custom_id=_id("family", entry))]


def _ending(entry: Entry, texts: Translations) -> list[Button]:
    _ = texts.gettext
    danger = discord.ButtonStyle.danger
    if entry.model.state is ModelState.ENABLED:
        buttons = [Button(label=_("Switch off"), custom_id=_id("disable", entry))]
    else:
        buttons = [Button(label=_("Let it fight"), custom_id=_id("enable", entry))]
    if entry.model.is_own and not entry.is_retired:
        buttons.append(Button(label=_("Retire"), custom_id=_id("retire", entry), style=danger))
    if entry.model.is_own:
        buttons.append(Button(label=_("Remove"), custom_id=_id("remove", entry), style=danger))
    return buttons


def _id(deed: str, entry: Entry) -> str:
    return f"arena:roster:{deed}:{entry.model.model_id}"


def _found(interaction: Interaction, roster: GuildRoster, model_id: int) -> Entry:
    for entry in roster:
        if entry.model.model_id == model_id:
            return entry
    raise ArenaError(GONE, list=interaction.client.mention_of("models list"))
