"""Who may manage models beside members with Manage Server, and how the right is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.acknowledgement import show
from bot.i18n import N_, sentences, translations
from cogs.access import require_manager
from cogs.audit_log import report, result_text
from cogs.ui.layout import Button, Layout
from cogs.ui.persistent import PressedButton

if TYPE_CHECKING:
    from bot.client import Interaction
    from bot.i18n import Translations

MANAGERS = N_("Members with Manage Server may manage the models of this server, and nobody else.")
ROLE = N_("Members with Manage Server may manage the models of this server, and those with the role {role}.")
SHOWN = N_(
    "Discord shows moderators' commands only to members with Manage Server. To show them to a role too: "
    "Server Settings → Integrations → this bot."
)
NAME_ONE = N_("To name a role: {command}, with the role.")


class PressedNoRole(PressedButton, template=r"arena:access:none"):
    """Takes the right back from the role that has it."""

    async def press(self, interaction: Interaction) -> None:
        actor = require_manager(interaction)
        entry = await interaction.client.arena.moderation.set_manager_role(actor, None)
        await show(interaction, access_page(interaction, result_text(entry, _texts(interaction))))
        await report(interaction, entry)


def access_page(interaction: Interaction, result: str = "") -> Layout:
    """Say who may; `result` is what was just decided."""
    _ = _texts(interaction).gettext
    role_id = interaction.client.arena.moderation.settings(interaction.guild_id or 0).manager_role_id
    who = _(MANAGERS) if role_id is None else _(ROLE).format(role=f"<@&{role_id}>")
    layout = Layout()
    if result:
        layout.add_text(result)
    name_one = _(NAME_ONE).format(command=interaction.client.mention_of("models access"))
    layout.add_text(f"{who}\n-# {sentences(name_one, _(SHOWN))}")
    if role_id is not None:
        layout.add_buttons(Button(label=_("Only Manage Server"), custom_id="arena:access:none"))
    return layout


def _texts(interaction: Interaction) -> Translations:
    return translations(interaction.locale.value)
