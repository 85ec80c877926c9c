"""The forms of `/settings`: the numbers of a page, and the pace of a role."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import ui

from bot.acknowledgement import show
from bot.arena.settings.guild_settings import RoleAllowance
from bot.arena.settings.kinds import typed
from bot.errors import ArenaError
from bot.i18n import N_, translations
from cogs.access import require_manager
from cogs.audit_log import report
from cogs.settings.pages import numbers_of, settings_page
from cogs.settings.texts import NAMES, bounds_text, typed_text, value_text
from cogs.ui.forms import Form

if TYPE_CHECKING:
    from bot.arena.settings.guild_settings import GuildSettings
    from bot.client import Interaction
    from bot.domain.audit import AuditEntry
    from bot.domain.rules import GuildRules
    from bot.i18n import Translations

    Input = ui.TextInput["SettingsForm"] | ui.RoleSelect["SettingsForm"]

NUMBER_LIMIT = 40
WAIT, PER_DAY = "cooldown_seconds", "member_battles_per_day"


class SettingsForm(Form):
    def __init__(self, title: str, page: str) -> None:
        super().__init__(title)
        self.page = page

    def ask(
        self, text: str, hint: str, component: ui.TextInput[SettingsForm] | ui.RoleSelect[SettingsForm]
    ) -> None:
        self.add_item(ui.Label["SettingsForm"](text=text, description=hint or None, component=component))


class NumbersForm(SettingsForm):
    """Every number of a page; an empty field goes back to the default."""

    def __init__(self, page: str, own: GuildSettings, defaults: GuildRules, texts: Translations) -> None:
        super().__init__(texts.gettext("Settings"), page)
        self.inputs: dict[str, ui.TextInput[SettingsForm]] = {}
        for field in numbers_of(page):
            self.inputs[field] = ui.TextInput["SettingsForm"](
                custom_id=field,
                required=False,
                default=typed_text(field, getattr(own, field), texts),
                placeholder=value_text(field, getattr(defaults, field), texts),
                max_length=NUMBER_LIMIT,
            )
            self.ask(texts.gettext(NAMES[field]), bounds_text(field, texts), self.inputs[field])

    async def enter(self, interaction: Interaction) -> None:
        actor = require_manager(interaction)
        texts = translations(interaction.locale.value)
        entered = {field: given.value.strip() for field, given in self.inputs.items()}
        numbers = {field: typed(field, text) if text else None for field, text in entered.items()}
        mistakes = [field for field, text in entered.items() if text and numbers[field] is None]
        right = {field: value for field, value in numbers.items() if field not in mistakes}
        entry = await interaction.client.arena.moderation.change(actor, right)
        await redraw(interaction, self.page, entry)
        if mistakes:
            lines = [_mistake(field, entered[field], texts) for field in mistakes]
            await interaction.followup.send("\n".join(lines), ephemeral=True)


class PaceForm(SettingsForm):
    """What the members with one role may do instead of what all may."""

    def __init__(self, page: str, texts: Translations) -> None:
        _ = texts.gettext
        super().__init__(_("A role's own pace"), page)
        self.role = ui.RoleSelect["SettingsForm"](custom_id="role", required=True)
        self.pause = ui.TextInput["SettingsForm"](custom_id="pause", required=False, max_length=NUMBER_LIMIT)
        self.battles = ui.TextInput["SettingsForm"](
            custom_id="battles", required=False, max_length=NUMBER_LIMIT
        )
        self.ask(_("Role"), _("Both empty: the role follows the rule for all again"), self.role)
        for field, component in ((WAIT, self.pause), (PER_DAY, self.battles)):
            self.ask(_(NAMES[field]), bounds_text(field, texts), component)

    async def enter(self, interaction: Interaction) -> None:
        actor = require_manager(interaction)
        pause, battles = self.pause.value.strip(), self.battles.value.strip()
        role_id = self.role.values[0].id
        allowance = None
        if pause or battles:
            allowance = RoleAllowance(
                role_id,
                _number(WAIT, pause or "0", interaction),
                _number(PER_DAY, battles or "0", interaction),
            )
        entry = await interaction.client.arena.moderation.allow_role(actor, role_id, allowance)
        await redraw(interaction, self.page, entry)


async def redraw(interaction: Interaction, page: str, entry: AuditEntry | None) -> None:
    """Show the change in the message of the settings, and report it if it is one."""
    await show(interaction, settings_page(interaction, page))
    if entry:
        await report(interaction, entry)


def _number(field: str, text: str, interaction: Interaction) -> int:
    value = typed(field, text)
    if value is None:
        texts = translations(interaction.locale.value)
        raise ArenaError(
            N_("{field}: “{text}” is not {bounds}. Nothing was changed."),
            field=texts.gettext(NAMES[field]),
            text=text,
            bounds=bounds_text(field, texts),
        )
    return value


def _mistake(field: str, text: str, texts: Translations) -> str:
    return texts.gettext("{field}: “{text}” is not {bounds}. It stays as it was.").format(
        field=texts.gettext(NAMES[field]),
        text=discord.utils.escape_markdown(text),
        bounds=bounds_text(field, texts),
    )
