"""The list of `/models list`: all models, of which a moderator chooses one to act on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.i18n import translations
from cogs.models.texts import entry_line, state_text
from cogs.ui.layout import Button, Layout, fitting

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.arena.models.roster import Entry
    from bot.client import Interaction
    from bot.i18n import Translations

MOST_CHOICES = 25
"""Options that Discord takes in one menu."""

MOST_CHARS = 100
"""In an option."""


def in_order(roster: Iterable[Entry]) -> list[Entry]:
    """Put those first that are not retired, by their names."""
    return sorted(roster, key=lambda entry: (entry.is_retired, entry.model.shown.casefold()))


async def roster_page(interaction: Interaction, number: int, result: str = "") -> Layout:
    """Draw page `number`, from 0, for moderators; `result` is what was just decided."""
    texts = translations(interaction.locale.value)
    _ = texts.gettext
    entries = in_order(await interaction.client.arena.roster.of(interaction.guild_id or 0))
    pages = max(1, -(-len(entries) // MOST_CHOICES))
    number = min(number, pages - 1)
    shown = entries[number * MOST_CHOICES : (number + 1) * MOST_CHOICES]
    layout = Layout()
    if result:
        layout.add_text(result)
    layout.add_text("## " + _("Models") + (f" ({number + 1}/{pages})" if pages > 1 else ""))
    lines = [entry_line(entry, texts, moderator=True) for entry in shown]
    layout.add_text(fitting(lines, texts, _ROOM) or _("There are no models here yet."))
    if shown:
        layout.add_item(ui.ActionRow[Layout](_menu(shown, texts)))
    _add_buttons(layout, entries, texts)
    layout.add_page_buttons(
        Button(label=_("Previous page"), custom_id=f"arena:roster:page:{max(0, number - 1)}"),
        Button(label=_("Next page"), custom_id=f"arena:roster:page:{number + 1}"),
        number,
        pages,
    )
    return layout


_ROOM = 3500
"""Characters of the list; the rest of the message is for what was just decided."""


def page_of(roster: Iterable[Entry], model_id: int) -> int:
    """Return the page on which a model is."""
    ids = [entry.model.model_id for entry in in_order(roster)]
    return ids.index(model_id) // MOST_CHOICES if model_id in ids else 0


def _menu(entries: Sequence[Entry], texts: Translations) -> ui.Select[Layout]:
    return ui.Select["Layout"](
        custom_id="arena:roster:chosen",
        placeholder=texts.gettext("Choose a model: test, change, mask, switch off …"),
        options=[
            discord.SelectOption(
                label=_called(entry)[:MOST_CHARS],
                value=str(entry.model.model_id),
                description=state_text(entry, texts, moderator=True)[:MOST_CHARS] or None,
            )
            for entry in entries
        ],
    )


def _called(entry: Entry) -> str:
    model = entry.model
    return f"{model.name} ({model.code_name})" if model.code_name else model.name


def _add_buttons(layout: Layout, entries: Sequence[Entry], texts: Translations) -> None:
    _ = texts.gettext
    asked = any(not entry.is_retired for entry in entries)
    layout.add_buttons(
        Button(label=_("Test all"), custom_id="arena:roster:test", disabled=not asked),
        Button(label=_("Changes"), custom_id="arena:history:0"),
    )
