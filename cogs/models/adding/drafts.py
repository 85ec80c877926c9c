"""What a moderator does with a form that was filled in, and the ways into the first one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.acknowledgement import Acknowledgement
from bot.arena.models.form import basics_of, moved_to, options_of
from bot.arena.models.form_drafts import FormDraft
from bot.arena.models.probe import lacks_version
from bot.arena.models.source import source_of
from bot.backends.protocols.openai import with_version
from bot.errors import ArenaError
from bot.i18n import translations
from cogs.access import require_moderator
from cogs.audit_log import report
from cogs.models.adding.forms import BasicsForm, OptionsForm
from cogs.models.adding.listing import TICKET, ChosenListed, PressedFind, PressedListPage, go_on
from cogs.models.adding.outcome import EXPIRED, show_probe, show_text
from cogs.ui.layout import Button
from cogs.ui.persistent import PressedButton
from cogs.ui.sanitize import display_name

if TYPE_CHECKING:
    from bot.client import Interaction
    from bot.domain.audit import Actor
    from bot.domain.model import Model

FORMS = frozenset({"basics", "options"})


class PressedDraft(
    PressedButton, template=rf"arena:model:(?P<action>basics|options|again|save|drop|version):{TICKET}"
):
    """What a moderator does with a draft."""

    @property
    def acknowledgement(self) -> Acknowledgement:
        return Acknowledgement.FORM if self.match["action"] in FORMS else Acknowledgement.UPDATE

    async def press(self, interaction: Interaction) -> None:
        actor = require_moderator(interaction)
        ticket = self.match["ticket"]
        draft = interaction.client.arena.drafts.find(ticket, actor.guild_id)
        match self.match["action"]:
            case "basics" | "options" as which:
                await _open(interaction, ticket, draft, which)
            case "save":
                await _save(interaction, actor, ticket, draft)
            case "again":
                await show_probe(interaction, ticket)
            case "version":
                await _add_version(interaction, ticket, draft)
            case _:
                interaction.client.arena.drafts.drop(ticket)
                unchanged = translations(interaction.locale.value).gettext("Nothing was changed.")
                await show_text(interaction, unchanged, *_way_on(interaction, draft))


async def _open(interaction: Interaction, ticket: str, draft: FormDraft, which: str) -> None:
    texts = translations(interaction.locale.value)
    form = draft.form
    if which == "basics":
        has_key = bool(draft.basics.key or (form and form.credentials.key))
        modal = BasicsForm(texts, draft.basics, ticket, has_key=has_key)
        await interaction.response.send_modal(modal)
        return
    if form is None:
        raise ArenaError(EXPIRED)
    await interaction.response.send_modal(OptionsForm(texts, draft.options or options_of(form), ticket))


async def _save(interaction: Interaction, actor: Actor, ticket: str, draft: FormDraft) -> None:
    if draft.form is None:
        raise ArenaError(EXPIRED)
    arena = interaction.client.arena
    entry = await arena.models.admit(actor, draft.form)
    arena.drafts.drop(ticket)
    saved = translations(interaction.locale.value).gettext("**{name}** is saved.")
    said = saved.format(name=display_name(draft.form.settings.name))
    await show_text(interaction, said, *_way_on(interaction, draft))
    await report(interaction, entry)


async def _add_version(interaction: Interaction, ticket: str, draft: FormDraft) -> None:
    """Take the /v1 over that the address lacked."""
    drafts = interaction.client.arena.drafts
    if not draft.basics.model.strip():
        opened = interaction.client.arena.config.security.allowed_private_hosts
        source = source_of(draft.basics, draft.form, draft.guild_id, opened)
        address = with_version(source.base_url) or source.base_url
        basics = replace(draft.basics, provider=f"at-{source.protocol}", base_url=address)
        drafts.keep(replace(draft, basics=basics), ticket)
        await go_on(interaction, ticket)
        return
    if draft.form is None:
        raise ArenaError(EXPIRED)
    address = lacks_version(draft.form.settings) or draft.form.settings.base_url
    form = moved_to(draft.form, address)
    basics = replace(basics_of(form), key=draft.basics.key)
    drafts.keep(replace(draft, basics=basics, form=form), ticket)
    await show_probe(interaction, ticket)


def _way_on(interaction: Interaction, draft: FormDraft) -> list[Button]:
    """Return the button that leads back to where the form was opened from."""
    if not draft.is_setup:
        return []
    label = translations(interaction.locale.value).gettext("Back to the setup")
    return [Button(label=label, custom_id="arena:settings:models")]


async def open_form(interaction: Interaction, *, is_setup: bool = False) -> None:
    """Show the first form, empty, where a model may be added."""
    interaction.client.arena.models.check_allowed()
    texts = translations(interaction.locale.value)
    await interaction.response.send_modal(BasicsForm(texts, None, None, has_key=False, is_setup=is_setup))


async def open_form_of(interaction: Interaction, model: Model) -> None:
    """Show the first form of a model that is there."""
    arena = interaction.client.arena
    form = arena.models.form(model)
    draft = FormDraft(form.guild_id, basics_of(form), form=form)
    await _open(interaction, arena.drafts.keep(draft), draft, "basics")


DRAFT_ITEMS = (ChosenListed, PressedDraft, PressedFind, PressedListPage)
