"""Buttons that are known by their ids alone, and so work after a restart and on any old message."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from typing import TYPE_CHECKING, Self

import discord
from bot.domain.battle import BattleState, Side
from bot.errors import ArenaError
from bot.i18n import N_, translations
from discord import ui

from cogs.sight import may_moderate
from cogs.ui.layout import Button, Layout
from cogs.ui.markdown import Page, close, split
from cogs.ui.markdown_reader import inert

if TYPE_CHECKING:
    import re

    from bot.client import Interaction
    from bot.domain.battle import Battle
    from bot.i18n import Translations

    AnyItem = ui.Item[ui.View | ui.LayoutView]

PAGE_LIMIT = 3800
"""Characters of one page; the rest of a message's 4,000 is for its heading."""

BUTTONS = {"a": N_("Read A"), "b": N_("Read B"), "prompt": N_("Read the prompt")}
HIDDEN = N_("A moderator hid this reply. Votes count as usual.")
FOR_MODERATORS = N_("This reply is hidden. You can read it because you may manage messages here.")
HEADINGS = {"a": N_("Reply A"), "b": N_("Reply B"), "prompt": N_("Prompt")}


class PressedButton(ui.DynamicItem[ui.Button[ui.View | ui.LayoutView]], template="arena:none"):
    """A press on a button whose id fits the template; its errors reach the member like a command's."""

    def __init__(self, match: re.Match[str]) -> None:
        super().__init__(ui.Button(custom_id=match[0]))
        self.match = match

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[discord.Client], _item: AnyItem, match: re.Match[str]
    ) -> Self:
        return cls(match)

    async def callback(self, interaction: discord.Interaction[discord.Client]) -> None:
        arena_interaction: Interaction = interaction  # pyright: ignore[reportAssignmentType] - the only client there is
        try:
            await self.press(arena_interaction)
        except Exception as error:  # noqa: BLE001 - the boundary of a press, as the tree is that of a command
            await arena_interaction.client.show_error(arena_interaction, error)

    @abstractmethod
    async def press(self, interaction: Interaction) -> None: ...


class PressedClose(PressedButton, template=r"arena:close:(?P<battle>\d+)"):
    async def press(self, interaction: Interaction) -> None:
        interaction.client.arena.battles.end_early(
            int(self.match["battle"]),
            interaction.user.id,
            moderator=interaction.permissions.manage_messages,
        )
        await interaction.response.defer()


class PressedRead(
    PressedButton, template=r"arena:read:(?P<battle>\d+):(?P<subject>a|b|prompt)(?::(?P<page>\d+))?"
):
    """Opens a whole reply, or turns its pages, for the member who pressed."""

    async def press(self, interaction: Interaction) -> None:
        battles = interaction.client.arena.battles
        battle = await battles.find(interaction.guild_id or 0, int(self.match["battle"]))
        if battle is None:
            raise ArenaError(N_("This battle is not known here any more."))
        if battle.texts_removed_at is not None:
            raise ArenaError(N_("The prompt and the replies of this battle were deleted."))
        page, subject = self.match["page"], self.match["subject"]
        texts = translations(interaction.locale.value)
        moderates = may_moderate(interaction, battle.channel_id)
        if subject in battle.hidden and not moderates:
            pages = [Page("", texts.gettext(HIDDEN), "")]
        else:
            pages = await asyncio.to_thread(pages_of, battle, subject)  # a long reply takes many milliseconds
        layout = reading_page(pages, f"arena:read:{battle.battle_id}:{subject}", int(page or 0), texts)
        if subject != "prompt":
            if subject in battle.hidden and moderates:
                layout.add_text("-# " + texts.gettext(FOR_MODERATORS))
            layout.add_buttons(*_deeds(battle, Side(subject), texts, moderates=moderates))
        if page is None:
            await interaction.response.send_message(view=layout, ephemeral=True)
        else:
            await interaction.response.edit_message(view=layout)


def close_button(battle_id: int, texts: Translations) -> Button:
    return Button(label="🔒 " + texts.gettext("Close voting"), custom_id=f"arena:close:{battle_id}")


def continue_button(battle_id: int, texts: Translations) -> Button:
    return Button(label="💬 " + texts.gettext("Continue"), custom_id=f"arena:continue:{battle_id}")


def rematch_button(battle_id: int, texts: Translations) -> Button:
    return Button(label="🔁 " + texts.gettext("Rematch"), custom_id=f"arena:rematch:{battle_id}")


def suggest_button(texts: Translations) -> Button:
    return Button(label="💡 " + texts.gettext("Suggest a prompt"), custom_id="arena:suggest")


def read_button(battle_id: int, subject: str, texts: Translations) -> Button:
    return Button(label=texts.gettext(BUTTONS[subject]), custom_id=f"arena:read:{battle_id}:{subject}")


def report_button(battle: Battle, side: Side, texts: Translations) -> Button | None:
    """Return the button that reports a reply, where there is one to be seen."""
    is_shown = battle.state is BattleState.VOTING or battle.is_revealed
    if not is_shown or side in battle.hidden or battle.texts_removed_at is not None:
        return None
    return Button(
        label="🚩 " + texts.gettext("Report"), custom_id=f"arena:report:{battle.battle_id}:{side.value}"
    )


def hiding_button(battle: Battle, side: Side, texts: Translations, page: int | None = None) -> Button:
    """Return the moderators' button that hides a reply or shows it again; `page` is where it stands."""
    deed, label = ("show", N_("Show it again")) if side in battle.hidden else ("hide", N_("Hide this reply"))
    place = "" if page is None else f":{page}"
    return Button(
        label=texts.gettext(label), custom_id=f"arena:{deed}:{battle.battle_id}:{side.value}{place}"
    )


def _deeds(battle: Battle, side: Side, texts: Translations, *, moderates: bool) -> list[Button]:
    """Return what its reader can do about a reply."""
    report = report_button(battle, side, texts)
    return [*([report] if report else []), *([hiding_button(battle, side, texts)] if moderates else [])]


def pages_of(battle: Battle, subject: str) -> list[Page]:
    """Divide a reply, or the prompt, into pages."""
    if battle.turns:
        return split(_conversation(battle, subject), PAGE_LIMIT)
    text = battle.prompt if subject == "prompt" else battle.contestant(Side(subject)).reply
    return split(inert(text), PAGE_LIMIT)


def _conversation(battle: Battle, subject: str) -> str:
    """Join the turns: all prompts, or those with the replies of one side."""
    parts: list[str] = []
    for number, (prompt, reply) in enumerate(battle.exchanges(Side.B if subject == "b" else Side.A), 1):
        parts.append(f"**{number}.** {close(inert(prompt)).strip()}")
        if subject != "prompt":
            parts.append(close(inert(reply)).strip())
    return "\n\n".join(parts)


def reading_page(pages: list[Page], link: str, number: int, texts: Translations) -> Layout:
    """Lay out one page, with buttons for its neighbours; `link` is the id of the button that opened it."""
    number = min(number, len(pages) - 1)
    heading = f"### {texts.gettext(HEADINGS[link.rpartition(':')[2]])}"
    layout = Layout()
    layout.add_text(f"{heading} ({number + 1}/{len(pages)})" if len(pages) > 1 else heading)
    layout.add_text(pages[number].text.strip() or "…")
    layout.add_page_buttons(
        Button(label=texts.gettext("Previous page"), custom_id=f"{link}:{number - 1}"),
        Button(label=texts.gettext("Next page"), custom_id=f"{link}:{number + 1}"),
        number,
        len(pages),
    )
    return layout
