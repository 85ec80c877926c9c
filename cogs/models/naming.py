"""The forms in which moderators give a model a code name, or name the family of its variants."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from discord import ui

from bot.arena.models.registry import NAME_LIMIT
from cogs.access import require_moderator
from cogs.models.model_page import entry_of, show_decided
from cogs.ui.forms import Form

if TYPE_CHECKING:
    from bot.client import Interaction
    from bot.domain.audit import Actor, AuditEntry
    from bot.domain.model import Model
    from bot.i18n import Translations


class NameForm(Form):
    """One name for a model; what came of it is shown on the model's page."""

    def __init__(self, title: str, model: Model, field: ui.Label[NameForm]) -> None:
        super().__init__(title)
        self.model_id = model.model_id
        self.add_item(field)

    @abstractmethod
    async def decide(self, interaction: Interaction, actor: Actor, model: Model) -> AuditEntry: ...

    async def enter(self, interaction: Interaction) -> None:
        actor = require_moderator(interaction)
        entry = await entry_of(interaction, self.model_id)
        await show_decided(interaction, self.model_id, await self.decide(interaction, actor, entry.model))


class MaskForm(NameForm):
    def __init__(self, model: Model, texts: Translations) -> None:
        _ = texts.gettext
        self.code_name = ui.TextInput[NameForm](
            custom_id="code_name", default=model.code_name, max_length=NAME_LIMIT
        )
        label = ui.Label[NameForm](
            text=_("What everyone sees instead of its name"),
            description=_("Only moderators know its true one, until it is unmasked."),
            component=self.code_name,
        )
        super().__init__(_("Code name"), model, label)

    async def decide(self, interaction: Interaction, actor: Actor, model: Model) -> AuditEntry:
        return await interaction.client.arena.models.mask(actor, model, self.code_name.value)


class FamilyForm(NameForm):
    def __init__(self, model: Model, texts: Translations) -> None:
        _ = texts.gettext
        self.family = ui.TextInput[NameForm](
            custom_id="family", default=model.family, required=False, max_length=NAME_LIMIT
        )
        label = ui.Label[NameForm](
            text=_("A name that all its variants get too"),
            description=_("Variants of one model never meet each other. Left empty, it has no family."),
            component=self.family,
        )
        super().__init__(_("Family"), model, label)

    async def decide(self, interaction: Interaction, actor: Actor, model: Model) -> AuditEntry:
        return await interaction.client.arena.models.set_family(actor, model, self.family.value or None)
