"""The two forms by which moderators bring a model, and the card that says whether it answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.acknowledgement import Acknowledgement, show
from bot.arena.models.form import FormBasics, FormOptions, basics_of, enter, options_of, refine
from bot.arena.models.form_drafts import FormDraft
from bot.arena.models.probe import Probe
from bot.config import OWN_PROTOCOLS
from bot.errors import ArenaError
from bot.i18n import N_, translations
from cogs.access import require_moderator
from cogs.audit_log import report
from cogs.models.texts import probe_text
from cogs.ui.forms import Form
from cogs.ui.layout import Button, Layout
from cogs.ui.persistent import PressedButton
from cogs.ui.sanitize import display_name

if TYPE_CHECKING:
    from bot.arena.models.form import ModelForm
    from bot.client import Interaction
    from bot.domain.model import Model
    from bot.i18n import Translations

EXPIRED = N_("This form has expired. Please begin again; nothing was changed.")
PROTOCOLS = {
    "openai": N_("OpenAI and compatible (chat completions)"),
    "anthropic": N_("Anthropic (Messages)"),
    "gemini": N_("Google Gemini"),
    "ollama": N_("Ollama"),
}


class DraftForm(Form):
    """A form that belongs to a draft."""

    def __init__(self, title: str, ticket: str | None) -> None:
        super().__init__(title)
        self.ticket = ticket

    def ask(
        self, text: str, component: ui.TextInput[DraftForm] | ui.Select[DraftForm], hint: str = ""
    ) -> None:
        self.add_item(ui.Label["DraftForm"](text=text, description=hint or None, component=component))


class BasicsForm(DraftForm):
    """Name, protocol, address, model, key; `known` is what stands in the fields."""

    def __init__(
        self, texts: Translations, known: FormBasics | None, ticket: str | None, *, has_key: bool
    ) -> None:
        _ = texts.gettext
        super().__init__(_("A model of this server"), ticket)
        filled = known or FormBasics("", "openai", "", "", "")
        self.name = ui.TextInput["DraftForm"](custom_id="name", default=filled.name, max_length=80)
        self.protocol = ui.Select["DraftForm"](
            custom_id="protocol",
            options=[
                discord.SelectOption(label=_(PROTOCOLS[each]), value=each, default=each == filled.protocol)
                for each in OWN_PROTOCOLS
            ],
        )
        self.base_url = ui.TextInput["DraftForm"](
            custom_id="base_url",
            default=filled.base_url,
            placeholder="https://api.example.org/v1",
            max_length=300,
        )
        self.model = ui.TextInput["DraftForm"](custom_id="model", default=filled.model, max_length=200)
        self.key = ui.TextInput["DraftForm"](custom_id="key", required=False, max_length=400)
        self.ask(_("Name"), self.name, _("What the reveal and the leaderboard call it"))
        self.ask(_("Protocol"), self.protocol)
        self.ask(_("Address of the API"), self.base_url, _("With OpenAI's protocol up to and including /v1"))
        self.ask(_("Model"), self.model, _("Model ID at that API, e.g. gpt-4o-mini"))
        key_hint = (
            _("Left empty, the key stays as it is") if has_key else _("Kept encrypted, never shown again")
        )
        self.ask(_("API key"), self.key, key_hint)

    async def enter(self, interaction: Interaction) -> None:
        require_moderator(interaction)
        arena, guild_id = interaction.client.arena, interaction.guild_id or 0
        before = arena.drafts.find(self.ticket, guild_id) if self.ticket else None
        typed = FormBasics(
            self.name.value,
            self.protocol.values[0],
            self.base_url.value,
            self.model.value,
            self.key.value or (before.basics.key if before else ""),
        )
        draft = replace(before, basics=typed) if before else FormDraft(guild_id, typed)
        ticket = arena.drafts.keep(draft, self.ticket)
        try:
            opened = arena.config.security.allowed_private_hosts
            form = enter(typed, draft.form, guild_id, opened)
        except ArenaError as error:
            await show_mistake(interaction, ticket, "basics", error)
            return
        arena.drafts.keep(replace(draft, form=form), ticket)
        await show_probe(interaction, ticket)


class OptionsForm(DraftForm):
    """All that a model can do without."""

    def __init__(self, texts: Translations, known: FormOptions, ticket: str) -> None:
        _ = texts.gettext
        super().__init__(_("Options"), ticket)
        self.prompt = ui.TextInput["DraftForm"](
            custom_id="prompt",
            default=known.system_prompt,
            required=False,
            style=discord.TextStyle.paragraph,
            max_length=4000,
        )
        self.temperature = ui.TextInput["DraftForm"](
            custom_id="temperature", default=known.temperature, required=False, max_length=8
        )
        self.tokens = ui.TextInput["DraftForm"](
            custom_id="tokens", default=known.max_output_tokens, required=False, max_length=9
        )
        self.prices = ui.TextInput["DraftForm"](
            custom_id="prices", default=known.prices, required=False, placeholder="0.15 / 0.60", max_length=30
        )
        self.more = ui.TextInput["DraftForm"](
            custom_id="more",
            default=known.more,
            required=False,
            style=discord.TextStyle.paragraph,
            placeholder="total_seconds = 60\nmax_prompt_chars = 8000\n"
            'extra_body = { top_p = 0.9 }\naliases = ["…"]',
            max_length=4000,
        )
        self.ask(_("System prompt"), self.prompt, _("Sent before every prompt"))
        self.ask(_("Temperature"), self.temperature, _("0 (predictable) to 2 (varied)"))
        self.ask(_("Longest reply (tokens)"), self.tokens)
        self.ask(_("Prices"), self.prices, _("US dollars per million tokens, input / output"))
        self.ask(_("More"), self.more, _("Lines as in the bot's config.toml"))

    async def enter(self, interaction: Interaction) -> None:
        require_moderator(interaction)
        arena = interaction.client.arena
        ticket = self.ticket or ""
        draft = arena.drafts.find(ticket, interaction.guild_id or 0)
        if draft.form is None:
            raise ArenaError(EXPIRED)
        typed = FormOptions(
            self.prompt.value,
            self.temperature.value,
            self.tokens.value,
            self.prices.value,
            self.more.value,
        )
        arena.drafts.keep(replace(draft, options=typed), ticket)
        try:
            form = refine(draft.form, typed, arena.config.limits)
        except ArenaError as error:
            await show_mistake(interaction, ticket, "options", error)
            return
        arena.drafts.keep(replace(draft, options=None, form=form), ticket)
        await show_probe(interaction, ticket)


class PressedDraft(
    PressedButton,
    template=r"arena:model:(?P<action>basics|options|again|save|drop):(?P<ticket>[A-Za-z0-9_-]{12})",
):
    """What a moderator does with a draft."""

    @property
    def acknowledgement(self) -> Acknowledgement:
        return (
            Acknowledgement.FORM if self.match["action"] in {"basics", "options"} else Acknowledgement.UPDATE
        )

    async def press(self, interaction: Interaction) -> None:
        actor = require_moderator(interaction)
        arena = interaction.client.arena
        ticket = self.match["ticket"]
        draft = arena.drafts.find(ticket, actor.guild_id)
        texts = translations(interaction.locale.value)
        form = draft.form
        match self.match["action"]:
            case "basics":
                has_key = bool(draft.basics.key or (form and form.credentials.key))
                await interaction.response.send_modal(
                    BasicsForm(texts, draft.basics, ticket, has_key=has_key)
                )
            case "options":
                if form is None:
                    raise ArenaError(EXPIRED)
                known = draft.options or options_of(form)
                await interaction.response.send_modal(OptionsForm(texts, known, ticket))
            case "save" if form:
                entry = await arena.models.admit(actor, form)
                arena.drafts.drop(ticket)
                saved = texts.gettext("**{name}** is saved.")
                await _redraw(interaction, saved.format(name=display_name(form.settings.name)))
                await report(interaction, entry)
            case "again" if form:
                await show_probe(interaction, ticket)
            case _:
                arena.drafts.drop(ticket)
                await _redraw(interaction, texts.gettext("Nothing was changed."))


async def open_form(interaction: Interaction, draft: FormDraft | None = None) -> None:
    """Show the first form, empty or as it is for a model that is there."""
    texts = translations(interaction.locale.value)
    ticket = interaction.client.arena.drafts.keep(draft) if draft else None
    has_key = bool(draft and draft.form and draft.form.credentials.key)
    await interaction.response.send_modal(
        BasicsForm(texts, draft.basics if draft else None, ticket, has_key=has_key)
    )


async def open_form_of(interaction: Interaction, model: Model) -> None:
    """Show the first form of a model that is there."""
    await open_form(interaction, _draft_of(interaction.client.arena.models.form(model)))


async def show_probe(interaction: Interaction, ticket: str) -> None:
    """Ask the model one short question, and show what came of it."""
    arena = interaction.client.arena
    texts = translations(interaction.locale.value)
    _ = texts.gettext
    form = arena.drafts.find(ticket, interaction.guild_id or 0).form
    if form is None:
        raise ArenaError(EXPIRED)
    asking = Layout()
    asking.add_text(_("Asking **{name}** …").format(name=display_name(form.settings.name)))
    await show(interaction, asking)
    try:
        outcome = await arena.probes.of_form(form)
        said = probe_text(outcome, texts)
        works = isinstance(outcome, Probe)
    except ArenaError as error:
        said, works = interaction.client.wording(error, texts), False
    heading = (
        _("**{name}** answers. Save it?") if works else _("**{name}** does not work. Nothing was stored.")
    )
    layout = Layout()
    layout.add_section(heading.format(name=display_name(form.settings.name)), said)
    if form.dropped:
        dropped = _("Headers that did not follow to the new address: {names}")
        layout.add_text("-# " + dropped.format(names=display_name(", ".join(form.dropped))))
    save = [
        Button(label=_("Save"), custom_id=f"arena:model:save:{ticket}", style=discord.ButtonStyle.success)
    ]
    layout.add_buttons(
        *(save if works else []),
        Button(label=_("Options"), custom_id=f"arena:model:options:{ticket}"),
        Button(label=_("Change"), custom_id=f"arena:model:basics:{ticket}"),
        Button(label=_("Ask again"), custom_id=f"arena:model:again:{ticket}"),
        Button(label=_("Discard"), custom_id=f"arena:model:drop:{ticket}"),
    )
    await show(interaction, layout)


async def show_mistake(interaction: Interaction, ticket: str, form: str, error: ArenaError) -> None:
    """Say what is wrong with a form, and lead back to it as it was filled in."""
    texts = translations(interaction.locale.value)
    layout = Layout()
    layout.add_text(interaction.client.wording(error, texts))
    layout.add_buttons(
        Button(label=texts.gettext("Back to the form"), custom_id=f"arena:model:{form}:{ticket}")
    )
    await show(interaction, layout)


def _draft_of(form: ModelForm) -> FormDraft:
    """Make a draft of a model that is there."""
    return FormDraft(form.guild_id, basics_of(form), form=form)


async def _redraw(interaction: Interaction, text: str) -> None:
    layout = Layout()
    layout.add_text(text)
    await show(interaction, layout)
