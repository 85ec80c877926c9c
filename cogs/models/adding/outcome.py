"""What came of a form: a mistake in it, or whether the model answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.acknowledgement import show
from bot.arena.models.probe import Probe, ProbeFailure
from bot.errors import ArenaError
from bot.i18n import N_, translations
from cogs.models.texts import probe_text
from cogs.ui.layout import Button, Layout
from cogs.ui.sanitize import display_name, sanitize

if TYPE_CHECKING:
    from bot.arena.models.form import ModelForm
    from bot.arena.models.probe import VersionHint
    from bot.client import Interaction
    from bot.i18n import Translations

EXPIRED = N_("This form has expired. Please begin again; nothing was changed.")


def draft_id(action: str, ticket: str) -> str:
    return f"arena:model:{action}:{ticket}"


async def show_probe(interaction: Interaction, ticket: str) -> None:
    """Ask the model one short question, and show what came of it."""
    arena = interaction.client.arena
    texts = translations(interaction.locale.value)
    draft = arena.drafts.find(ticket, interaction.guild_id or 0)
    form = draft.form
    if form is None:
        raise ArenaError(EXPIRED)
    name = display_name(form.settings.name)
    await show_text(interaction, texts.gettext("Asking **{name}** …").format(name=name))
    said, works, hint = await _outcome(interaction, form, texts)
    layout = Layout()
    layout.add_section(_heading(texts, works=works).format(name=name), said)
    if hint:
        layout.add_text(hint_text(hint, texts))
    if form.dropped:
        dropped = texts.gettext("Headers that did not follow to the new address: {names}")
        layout.add_text("-# " + dropped.format(names=display_name(", ".join(form.dropped))))
    layout.add_buttons(*_buttons(ticket, texts, works=works))
    more = version_buttons(hint, ticket, texts)
    if draft.listed:
        more.append(Button(label=texts.gettext("Another model"), custom_id=draft_id("page", ticket) + ":0"))
    layout.add_buttons(*more)
    await show(interaction, layout)


async def _outcome(
    interaction: Interaction, form: ModelForm, texts: Translations
) -> tuple[str, bool, VersionHint | None]:
    probes = interaction.client.arena.probes
    try:
        outcome = await probes.of_form(form)
        hint = await probes.version_hint(form, outcome) if isinstance(outcome, ProbeFailure) else None
    except ArenaError as error:
        return interaction.client.wording(error, texts), False, None
    return probe_text(outcome, texts), isinstance(outcome, Probe), hint


def _heading(texts: Translations, *, works: bool) -> str:
    _ = texts.gettext
    return _("**{name}** answers. Save it?") if works else _("**{name}** does not work. Nothing was stored.")


def _buttons(ticket: str, texts: Translations, *, works: bool) -> list[Button]:
    _ = texts.gettext
    save = Button(label=_("Save"), custom_id=draft_id("save", ticket), style=discord.ButtonStyle.success)
    return [
        *([save] if works else []),
        Button(label=_("Options"), custom_id=draft_id("options", ticket)),
        Button(label=_("Change"), custom_id=draft_id("basics", ticket)),
        Button(label=_("Ask again"), custom_id=draft_id("again", ticket)),
        Button(label=_("Discard"), custom_id=draft_id("drop", ticket)),
    ]


def hint_text(hint: VersionHint, texts: Translations) -> str:
    """Ask whether the address lacks its /v1."""
    _ = texts.gettext
    if hint.works:
        said = _("Is /v1 missing at the end of the address? {address} answers.")
        return said.format(address=f"`{sanitize(hint.address)}`")
    return _("Is /v1 missing at the end of the address? Most OpenAI-compatible addresses end in it.")


def version_buttons(hint: VersionHint | None, ticket: str, texts: Translations) -> list[Button]:
    if hint is None or not hint.works:
        return []
    label = texts.gettext("Add /v1")
    primary = discord.ButtonStyle.primary
    return [Button(label=label, custom_id=draft_id("version", ticket), style=primary)]


async def show_mistake(interaction: Interaction, ticket: str, form: str, error: ArenaError) -> None:
    """Say what is wrong with a form, and lead back to it as it was filled in."""
    texts = translations(interaction.locale.value)
    layout = Layout()
    layout.add_text(interaction.client.wording(error, texts))
    layout.add_buttons(Button(label=texts.gettext("Back to the form"), custom_id=draft_id(form, ticket)))
    await show(interaction, layout)


async def show_text(interaction: Interaction, text: str, *buttons: Button) -> None:
    layout = Layout()
    layout.add_text(text)
    layout.add_buttons(*buttons)
    await show(interaction, layout)
