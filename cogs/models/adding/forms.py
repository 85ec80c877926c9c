"""The two forms by which moderators bring a model."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.arena.models.form import NAME_LIMIT, FormBasics, FormOptions, refine
from bot.arena.models.form_drafts import FormDraft
from bot.arena.models.source import BY_ID, ELSEWHERE
from bot.errors import ArenaError
from bot.i18n import N_
from cogs.access import require_moderator
from cogs.models.adding.listing import go_on
from cogs.models.adding.outcome import EXPIRED, show_mistake, show_probe
from cogs.ui.forms import Form

if TYPE_CHECKING:
    from bot.client import Interaction
    from bot.i18n import Translations

PROTOCOLS = {
    "openai": N_("OpenAI-compatible (chat completions)"),
    "anthropic": N_("Anthropic (Messages)"),
    "gemini": N_("Google Gemini"),
    "ollama": N_("Ollama"),
}


def provider_options(chosen: str | None, texts: Translations) -> list[discord.SelectOption]:
    """Offer the providers that are known by their addresses, and then each protocol at another one."""
    _ = texts.gettext
    known = [
        discord.SelectOption(label=each.name, value=each.id, description=each.base_url[:100])
        for each in BY_ID.values()
    ]
    others = [
        discord.SelectOption(
            label=_("Another address: {protocol}").format(protocol=_(PROTOCOLS[protocol])), value=value
        )
        for value, protocol in ELSEWHERE.items()
    ]
    for option in (*known, *others):
        option.default = option.value == chosen
    return [*known, *others]


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
    """Name, provider, address, model, key; `known` is what stands in the fields."""

    def __init__(
        self,
        texts: Translations,
        known: FormBasics | None,
        ticket: str | None,
        *,
        has_key: bool,
        is_setup: bool = False,
    ) -> None:
        _ = texts.gettext
        super().__init__(_("A model of this server"), ticket)
        self.is_setup = is_setup
        filled = known or FormBasics("", "", "", "", "")
        self.name = _input("name", filled.name, NAME_LIMIT)
        # None is chosen from the start: a key is not to go to a provider that was only overlooked.
        self.provider = ui.Select["DraftForm"](
            custom_id="provider",
            placeholder=_("Where is the model?"),
            options=provider_options(filled.provider, texts),
        )
        self.base_url = _input("base_url", filled.base_url, 300, "https://api.example.org/v1")
        self.model = _input("model", filled.model, 200)
        self.key = _input("key", "", 400)
        self.ask(_("Name"), self.name, _("Its name in results and on the leaderboard. Empty: the model's id"))
        self.ask(_("Provider"), self.provider)
        self.ask(
            _("Address of the API"),
            self.base_url,
            _("Empty: the provider's. With OpenAI's protocol up to and including /v1"),
        )
        self.ask(
            _("Model"),
            self.model,
            _("Its id at the API, e.g. gpt-4o-mini. Empty: choose from the API's list"),
        )
        key_hint = (
            _("Left empty, the key stays as it is, at the same provider")
            if has_key
            else _("Kept encrypted, never shown again")
        )
        self.ask(_("API key"), self.key, key_hint)

    async def enter(self, interaction: Interaction) -> None:
        require_moderator(interaction)
        arena, guild_id = interaction.client.arena, interaction.guild_id or 0
        before = arena.drafts.find(self.ticket, guild_id) if self.ticket else None
        provider = next(iter(self.provider.values), "")
        # What was typed for one provider is not sent to another.
        kept = before.basics.key if before and before.basics.provider == provider else ""
        typed = FormBasics(
            self.name.value, provider, self.base_url.value, self.model.value, self.key.value or kept
        )
        draft = (
            replace(before, basics=typed) if before else FormDraft(guild_id, typed, is_setup=self.is_setup)
        )
        await go_on(interaction, arena.drafts.keep(draft, self.ticket))


def _input(custom_id: str, default: str, most: int, placeholder: str = "") -> ui.TextInput[DraftForm]:
    return ui.TextInput["DraftForm"](
        custom_id=custom_id,
        default=default,
        required=False,
        max_length=most,
        placeholder=placeholder or None,
    )


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
