"""The API's own list of models, of which a moderator chooses one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import discord
from discord import ui

from bot.acknowledgement import Acknowledgement, show
from bot.arena.models.form import enter
from bot.arena.models.probe import ProbeFailure
from bot.arena.models.source import source_of
from bot.errors import ArenaError
from bot.i18n import translations
from cogs.access import require_moderator
from cogs.models.adding.outcome import (
    EXPIRED,
    draft_id,
    hint_text,
    show_mistake,
    show_probe,
    show_text,
    version_buttons,
)
from cogs.models.texts import probe_text
from cogs.ui.forms import Form
from cogs.ui.layout import Button, Layout
from cogs.ui.persistent import ChosenValues, PressedButton
from cogs.ui.sanitize import display_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.arena.models.form_drafts import FormDraft
    from bot.arena.models.probe import VersionHint
    from bot.arena.models.source import ModelSource
    from bot.client import Interaction
    from bot.i18n import Translations

A_PAGE = 25
"""Options that Discord takes in one menu."""

MOST_CHARS = 100
"""In an option, and in what is looked for."""

TICKET = r"(?P<ticket>[A-Za-z0-9_-]{12})"


async def go_on(interaction: Interaction, ticket: str) -> None:
    """Go on from a form that was filled in: ask the model, or the API for those that it has."""
    arena = interaction.client.arena
    draft = arena.drafts.find(ticket, interaction.guild_id or 0)
    opened = arena.config.security.allowed_private_hosts
    try:
        if not draft.basics.model.strip():
            source = source_of(draft.basics, draft.form, draft.guild_id, opened)
            await _show_list(interaction, ticket, draft, source)
            return
        form = enter(draft.basics, draft.form, draft.guild_id, opened)
    except ArenaError as error:
        await show_mistake(interaction, ticket, "basics", error)
        return
    arena.drafts.keep(replace(draft, form=form), ticket)
    await show_probe(interaction, ticket)


async def _show_list(interaction: Interaction, ticket: str, draft: FormDraft, source: ModelSource) -> None:
    arena, texts = interaction.client.arena, translations(interaction.locale.value)
    host = display_name(urlsplit(source.base_url).netloc)
    await show_text(interaction, texts.gettext("Asking **{host}** for its models …").format(host=host))
    found = await arena.model_lists.of(source)
    if isinstance(found, ProbeFailure):
        hint = await arena.model_lists.version_hint(source, found)
        await show(interaction, _failure_page(host, found, hint, ticket, texts))
        return
    if not found:
        no_model = texts.gettext("**{host}** lists no models for chat.").format(host=host)
        await show(interaction, _way_back(no_model, None, ticket, texts))
        return
    draft = replace(draft, listed=found, wanted="")
    arena.drafts.keep(draft, ticket)
    await show(interaction, list_page(draft, ticket, 0, texts))


def _failure_page(
    host: str, failure: ProbeFailure, hint: VersionHint | None, ticket: str, texts: Translations
) -> Layout:
    heading = texts.gettext("**{host}** gave no list of models. Nothing was stored.").format(host=host)
    said = f"{heading}\n{probe_text(failure, texts)}"
    return _way_back(said, hint, ticket, texts)


def _way_back(said: str, hint: VersionHint | None, ticket: str, texts: Translations) -> Layout:
    _ = texts.gettext
    layout = Layout()
    layout.add_text(said)
    layout.add_text(hint_text(hint, texts) if hint else _("The model's id can be typed into the form."))
    layout.add_buttons(
        *version_buttons(hint, ticket, texts),
        Button(label=_("Back to the form"), custom_id=draft_id("basics", ticket)),
        Button(label=_("Discard"), custom_id=draft_id("drop", ticket)),
    )
    return layout


def matching(draft: FormDraft) -> list[int]:
    """Return the places in the list of the names that contain every word that is looked for."""
    words = draft.wanted.casefold().split()
    return [
        place for place, name in enumerate(draft.listed) if all(word in name.casefold() for word in words)
    ]


def list_page(draft: FormDraft, ticket: str, number: int, texts: Translations) -> Layout:
    """Draw page `number`, from 0, of the models that may be chosen."""
    _ = texts.gettext
    found = matching(draft)
    pages = max(1, -(-len(found) // A_PAGE))
    number = min(number, pages - 1)
    layout = Layout()
    layout.add_text("## " + _("Choose a model") + (f" ({number + 1}/{pages})" if pages > 1 else ""))
    layout.add_text("-# " + _counted(draft, len(found), texts))
    if found:
        shown = found[number * A_PAGE : (number + 1) * A_PAGE]
        layout.add_item(ui.ActionRow[Layout](_menu(draft, shown, ticket, texts)))
    layout.add_page_buttons(
        Button(label=_("Previous page"), custom_id=f"{draft_id('page', ticket)}:{max(0, number - 1)}"),
        Button(label=_("Next page"), custom_id=f"{draft_id('page', ticket)}:{number + 1}"),
        number,
        pages,
    )
    find = Button(label=_("Find"), emoji="🔎", custom_id=draft_id("find", ticket))
    layout.add_buttons(
        *([find] if len(draft.listed) > A_PAGE else []),
        Button(label=_("Back to the form"), custom_id=draft_id("basics", ticket)),
        Button(label=_("Discard"), custom_id=draft_id("drop", ticket)),
    )
    return layout


def _counted(draft: FormDraft, count: int, texts: Translations) -> str:
    _ = texts.gettext
    if draft.wanted:
        said = _("“{wanted}”: {count} of {of} models. “Find” with nothing typed shows all of them.")
        return said.format(wanted=display_name(draft.wanted), count=count, of=len(draft.listed))
    said = _("Models in the API's list: {count}. Those not meant for chat come last.")
    return said.format(count=count)


def _menu(draft: FormDraft, places: Sequence[int], ticket: str, texts: Translations) -> ui.Select[Layout]:
    return ui.Select["Layout"](
        custom_id=draft_id("listed", ticket),
        placeholder=texts.gettext("Choose a model"),
        options=[
            discord.SelectOption(label=draft.listed[place][:MOST_CHARS], value=str(place)) for place in places
        ],
    )


class FindForm(Form):
    """Asks for a part of a name."""

    def __init__(self, ticket: str, wanted: str, texts: Translations) -> None:
        _ = texts.gettext
        super().__init__(_("Find a model"))
        self.ticket = ticket
        self.wanted = ui.TextInput["FindForm"](
            custom_id="wanted", default=wanted, required=False, max_length=MOST_CHARS
        )
        hint = _("Words that the name contains; nothing shows all")
        self.add_item(
            ui.Label["FindForm"](text=_("Part of the name"), description=hint, component=self.wanted)
        )

    async def enter(self, interaction: Interaction) -> None:
        draft = _listed(interaction, self.ticket)
        draft = replace(draft, wanted=" ".join(self.wanted.value.split()))
        interaction.client.arena.drafts.keep(draft, self.ticket)
        texts = translations(interaction.locale.value)
        await show(interaction, list_page(draft, self.ticket, 0, texts))


class ChosenListed(ChosenValues, template=rf"arena:model:listed:{TICKET}"):
    """Takes a model of the list into the form, and asks it."""

    async def choose(self, interaction: Interaction, values: Sequence[str]) -> None:
        ticket = self.match["ticket"]
        draft, place = _listed(interaction, ticket), int(values[0])
        if place >= len(draft.listed):  # of a list before this one
            raise ArenaError(EXPIRED)
        basics = replace(draft.basics, model=draft.listed[place])
        interaction.client.arena.drafts.keep(replace(draft, basics=basics), ticket)
        await go_on(interaction, ticket)


class PressedListPage(PressedButton, template=rf"arena:model:page:{TICKET}:(?P<page>\d{{1,4}})"):
    """Shows the list, or turns its pages."""

    async def press(self, interaction: Interaction) -> None:
        draft = _listed(interaction, self.match["ticket"])
        texts = translations(interaction.locale.value)
        page = list_page(draft, self.match["ticket"], int(self.match["page"]), texts)
        await show(interaction, page)


class PressedFind(PressedButton, template=rf"arena:model:find:{TICKET}"):
    @property
    def acknowledgement(self) -> Acknowledgement:
        return Acknowledgement.FORM

    async def press(self, interaction: Interaction) -> None:
        draft = _listed(interaction, self.match["ticket"])
        texts = translations(interaction.locale.value)
        await interaction.response.send_modal(FindForm(self.match["ticket"], draft.wanted, texts))


def _listed(interaction: Interaction, ticket: str) -> FormDraft:
    """Return the draft of a moderator who is choosing from a list."""
    actor = require_moderator(interaction)
    draft = interaction.client.arena.drafts.find(ticket, actor.guild_id)
    if not draft.listed:
        raise ArenaError(EXPIRED)
    return draft
