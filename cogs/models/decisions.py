"""What moderators press on the list of models and on the page of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.acknowledgement import Acknowledgement, show
from bot.domain.model import ModelState
from bot.i18n import translations
from cogs.access import require_moderator
from cogs.audit_log import report, result_text
from cogs.models.adding.drafts import open_form_of
from cogs.models.model_page import entry_of, known_entry, model_page, question_page, show_decided
from cogs.models.naming import FamilyForm, MaskForm
from cogs.models.probe import test_models
from cogs.models.roster_page import roster_page
from cogs.models.unmasking import ChosenPlace, PressedUnmask, unmasking_page
from cogs.ui.persistent import ChosenValues, PressedButton

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.arena.models.roster import Entry
    from bot.client import Interaction
    from bot.domain.audit import Actor

FORMS = frozenset({"edit", "mask", "family"})
STATES = {
    "enable": ModelState.ENABLED,
    "disable": ModelState.DISABLED,
    "retired": ModelState.RETIRED,
}


class ChosenModel(ChosenValues, template=r"arena:roster:chosen"):
    """Opens the page of a model."""

    async def choose(self, interaction: Interaction, values: Sequence[str]) -> None:
        require_moderator(interaction)
        await show(interaction, await model_page(interaction, int(values[0])))


class PressedRoster(PressedButton, template=r"arena:roster:page:(?P<page>\d{1,6})"):
    """Goes back to the list, or turns its pages."""

    async def press(self, interaction: Interaction) -> None:
        require_moderator(interaction)
        await show(interaction, await roster_page(interaction, int(self.match["page"])))


class PressedTestAll(PressedButton, template=r"arena:roster:test"):
    async def press(self, interaction: Interaction) -> None:
        actor = require_moderator(interaction)
        roster = await interaction.client.arena.roster.of(actor.guild_id)
        await _test(interaction, actor, [entry for entry in roster if not entry.is_retired])


class PressedDeed(
    PressedButton,
    template=r"arena:roster:(?P<deed>show|test|enable|disable|retired?|removed?|unmask):(?P<model>\d{1,18})",
):
    """Does what was pressed, or asks once more, and shows the model as it is then."""

    async def press(self, interaction: Interaction) -> None:
        actor = require_moderator(interaction)
        deed, entry = self.match["deed"], await entry_of(interaction, int(self.match["model"]))
        texts = translations(interaction.locale.value)
        if deed == "test":
            await _test(interaction, actor, [entry])
        elif deed == "removed":
            await _remove(interaction, actor, entry)
        elif state := STATES.get(deed):
            await _set_state(interaction, actor, entry, state)
        elif deed == "show":
            await show(interaction, await model_page(interaction, entry.model.model_id))
        elif deed == "unmask":
            await show(interaction, unmasking_page(interaction, entry, None))
        else:
            await show(interaction, question_page(entry, deed, texts))


class PressedForm(PressedButton, template=r"arena:roster:(?P<deed>edit|mask|family):(?P<model>\d{1,18})"):
    """Opens a form about a model; one that this process has not read yet is shown first."""

    @property
    def acknowledgement(self) -> Acknowledgement:
        return Acknowledgement.FORM

    async def press(self, interaction: Interaction) -> None:
        require_moderator(interaction)
        model_id, texts = int(self.match["model"]), translations(interaction.locale.value)
        entry = known_entry(interaction, model_id)
        if entry is None:
            if await interaction.client.acknowledged(interaction, Acknowledgement.UPDATE):
                said = texts.gettext("Please press once more.")
                await show(interaction, await model_page(interaction, model_id, said))
        elif self.match["deed"] == "edit":
            await open_form_of(interaction, entry.model)
        else:
            form = {"mask": MaskForm, "family": FamilyForm}[self.match["deed"]]
            await interaction.response.send_modal(form(entry.model, texts))


async def _test(interaction: Interaction, actor: Actor, entries: Sequence[Entry]) -> None:
    with interaction.client.arena.probes.of_guild(actor.guild_id):
        await test_models(interaction, entries, leave=None)


async def _set_state(interaction: Interaction, actor: Actor, entry: Entry, state: ModelState) -> None:
    change = await interaction.client.arena.models.set_state(actor, entry.model, state)
    await show_decided(interaction, entry.model.model_id, change)


async def _remove(interaction: Interaction, actor: Actor, entry: Entry) -> None:
    change = await interaction.client.arena.models.remove(actor, entry.model)
    result = result_text(change, translations(interaction.locale.value))
    await show(interaction, await roster_page(interaction, 0, result))
    await report(interaction, change)


PRESSED = (
    ChosenModel,
    ChosenPlace,
    PressedDeed,
    PressedForm,
    PressedRoster,
    PressedTestAll,
    PressedUnmask,
)
