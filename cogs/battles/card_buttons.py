"""Buttons that are known by their ids alone, and so work after a restart and on any old message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.battle import BattleState, Side
from bot.i18n import N_
from cogs.access import check_card
from cogs.ui.layout import Button
from cogs.ui.persistent import PressedButton

if TYPE_CHECKING:
    from discord import ui

    from bot.client import Interaction
    from bot.domain.battle import Battle
    from bot.i18n import Translations

    AnyItem = ui.Item[ui.View | ui.LayoutView]


BUTTONS = {"a": N_("Read A"), "b": N_("Read B"), "prompt": N_("Read the prompt")}
HIDING = {"hide": N_("Hide this reply"), "show": N_("Show it again")}
HIDING_ONE = {"hide": N_("Hide {side}"), "show": N_("Show {side} again")}
CLOSERS = {"asker": N_("Close (asker)"), "moderators": N_("Close (moderators)")}
HIDDEN = N_("A moderator hid this reply. Votes count as usual.")


class PressedClose(PressedButton, template=r"arena:close:(?P<battle>\d+)"):
    async def press(self, interaction: Interaction) -> None:
        battle_id = int(self.match["battle"])
        await check_card(interaction, battle_id)
        interaction.client.arena.battles.end_early(
            battle_id,
            interaction.user.id,
            moderator=interaction.permissions.manage_messages,
        )


class PressedCancel(PressedButton, template=r"arena:cancel:(?P<battle>\d+)"):
    async def press(self, interaction: Interaction) -> None:
        battle_id = int(self.match["battle"])
        await check_card(interaction, battle_id)
        interaction.client.arena.battles.cancel(
            battle_id,
            interaction.user.id,
            moderator=interaction.permissions.manage_messages,
        )


def cancel_button(battle_id: int, texts: Translations) -> Button:
    return Button(label="✖️ " + texts.gettext("Cancel"), custom_id=f"arena:cancel:{battle_id}")


def close_button(battle: Battle, texts: Translations) -> Button:
    """Return the button whose label says who may press it, as everyone sees it."""
    closers = "moderators" if battle.rules.early_close == "moderators" else "asker"
    return Button(label="🔒 " + texts.gettext(CLOSERS[closers]), custom_id=f"arena:close:{battle.battle_id}")


def continue_button(battle_id: int, texts: Translations) -> Button:
    return Button(label="💬 " + texts.gettext("Continue"), custom_id=f"arena:continue:{battle_id}")


def rematch_button(battle_id: int, texts: Translations) -> Button:
    return Button(label="🔁 " + texts.gettext("Rematch"), custom_id=f"arena:rematch:{battle_id}")


def suggest_button(texts: Translations) -> Button:
    return Button(label="💡 " + texts.gettext("Suggest a prompt"), custom_id="arena:suggest")


def read_button(battle_id: int, subject: str, texts: Translations) -> Button:
    return Button(label=texts.gettext(BUTTONS[subject]), custom_id=f"arena:read:{battle_id}:{subject}")


def is_readable(battle: Battle) -> bool:
    """Whether the replies are complete, and there to be read."""
    is_shown = battle.state is BattleState.VOTING or battle.is_revealed
    return is_shown and battle.texts_removed_at is None


def compare_button(battle: Battle, texts: Translations) -> Button:
    """Return the button that opens both replies; its id also tells which of them its card hides."""
    hidden = "".join(f":hides-{side.value}" for side in Side if side in battle.hidden)
    return Button(
        label="🔍 " + texts.gettext("Compare"), custom_id=f"arena:compare:{battle.battle_id}{hidden}"
    )


def hidden_by(custom_id: str) -> frozenset[Side]:
    """Return the sides that a card with this button of `compare_button` hides."""
    return frozenset(side for side in Side if f":hides-{side.value}" in custom_id)


def report_button(battle: Battle, side: Side, texts: Translations) -> Button | None:
    """Return the button that reports a reply, where there is one to be seen."""
    if not is_readable(battle) or side in battle.hidden:
        return None
    label = texts.gettext("Report {side}").format(side=side.upper())
    return Button(label=f"🚩 {label}", custom_id=f"arena:report:{battle.battle_id}:{side.value}")


def hiding_button(
    battle: Battle, side: Side, texts: Translations, page: int | None = None, *, named: bool = False
) -> Button:
    """Return the moderators' button that hides a reply or shows it again.

    `page` is where it stands; where both replies do, it is `named` which of them is meant.
    """
    deed = "show" if side in battle.hidden else "hide"
    label = texts.gettext((HIDING_ONE if named else HIDING)[deed]).format(side=side.upper())
    place = "" if page is None else f":{page}"
    return Button(label=label, custom_id=f"arena:{deed}:{battle.battle_id}:{side.value}{place}")
