"""The first step of `/setup`: which models can fight here, whether they answer, and the way to one more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.acknowledgement import Acknowledgement
from bot.arena.models.registry import NO_KEYS
from bot.i18n import translations
from cogs.access import require_manager
from cogs.models.adding.drafts import open_form
from cogs.models.probe import test_models
from cogs.models.roster_page import in_order
from cogs.models.texts import entry_line
from cogs.settings.pages import MODELS, step_buttons, step_heading
from cogs.ui.layout import Button, Layout, fitting
from cogs.ui.persistent import PressedButton

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.arena.models.roster import Entry
    from bot.client import Interaction
    from bot.i18n import Translations

PAIR = 2
_ROOM = 2400
"""Characters of the list; what else can be said takes less than the rest of a message."""


class PressedTestHere(PressedButton, template="arena:setup:test"):
    """Asks every model a short question, and shows beside the answers how the setup goes on."""

    async def press(self, interaction: Interaction) -> None:
        actor = require_manager(interaction)
        arena = interaction.client.arena
        entries = _present(await arena.roster.of(actor.guild_id))
        buttons = await _buttons(interaction, entries)

        def leave(last: Layout) -> None:
            last.add_buttons(*buttons)
            last.add_buttons(*step_buttons(MODELS, translations(interaction.locale.value)))

        with arena.probes.of_guild(actor.guild_id):
            await test_models(interaction, entries, leave=leave)


class PressedAddOne(PressedButton, template="arena:setup:add"):
    """Opens the form of `/models add`, which leads back here."""

    @property
    def acknowledgement(self) -> Acknowledgement:
        return Acknowledgement.FORM

    async def press(self, interaction: Interaction) -> None:
        require_manager(interaction)
        await open_form(interaction, is_setup=True)


async def models_step(interaction: Interaction) -> Layout:
    texts = translations(interaction.locale.value)
    _ = texts.gettext
    entries = _present(await interaction.client.arena.roster.of(interaction.guild_id or 0))
    ready = sum(entry.seems_ready for entry in entries)
    layout = Layout()
    layout.add_text(step_heading(MODELS, _("Which models fight here?"), texts))
    layout.add_text(_counted(ready, len(entries), texts))
    if entries:
        layout.add_text(fitting([_line(entry, texts) for entry in entries], texts, _ROOM))
    for said in await _obstacles(interaction, texts):
        layout.add_text(f"-# {said}")
    layout.add_buttons(*await _buttons(interaction, entries))
    layout.add_buttons(*step_buttons(MODELS, texts))
    return layout


def _present(roster: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in in_order(roster) if not entry.is_retired]


def _counted(ready: int, count: int, texts: Translations) -> str:
    _ = texts.gettext
    said = _("Models that can fight: **{ready}** of {count}.").format(ready=ready, count=count)
    if ready < PAIR:
        return f"⚠️ {said} " + _("A battle needs two.")
    return f"✅ {said}"


def _line(entry: Entry, texts: Translations) -> str:
    return ("" if entry.seems_ready else "⚠️ ") + entry_line(entry, texts, moderator=True)


async def _obstacles(interaction: Interaction, texts: Translations) -> list[str]:
    """Say why no model can be added, or none with a key, and who could change that."""
    models = interaction.client.arena.models
    if refusal := await models.obstacle(interaction.guild_id or 0):
        return [interaction.client.wording(refusal, texts)]
    return [] if models.can_keep_keys else [texts.gettext(NO_KEYS)]


async def _buttons(interaction: Interaction, entries: Sequence[Entry]) -> list[Button]:
    """Offer what works: to add a model only where one could be stored."""
    arena, _ = interaction.client.arena, translations(interaction.locale.value).gettext
    test = Button(label=_("Test all"), custom_id="arena:setup:test", disabled=not entries)
    # Without a key only hosts are of use that the operator opened.
    keeps = arena.models.can_keep_keys or bool(arena.config.security.allowed_private_hosts)
    if not keeps or await arena.models.obstacle(interaction.guild_id or 0):
        return [test]
    style = discord.ButtonStyle.secondary if _suffice(entries) else discord.ButtonStyle.success
    return [test, Button(label=_("Add a model"), custom_id="arena:setup:add", style=style)]


def _suffice(entries: Sequence[Entry]) -> bool:
    return sum(entry.seems_ready for entry in entries) >= PAIR
