"""A whole reply, or the prompt, page by page for the member who pressed a button."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import discord

from bot.acknowledgement import Acknowledgement, show
from bot.client import FILTERED
from bot.domain.battle import Side
from bot.errors import ArenaError
from bot.i18n import N_, translations
from cogs.access import may_moderate, readable
from cogs.battles.card_buttons import HIDDEN, hiding_button, report_button
from cogs.battles.card_result import mark
from cogs.battles.replies.presented import presented
from cogs.ui.layout import Button, Layout
from cogs.ui.markdown import TextPage, close, split
from cogs.ui.persistent import PressedButton
from cogs.ui.sanitize import sanitize

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from bot.client import Interaction
    from bot.domain.battle import Battle, FinishReason
    from bot.i18n import Translations


_LINK = re.compile(r"http(s?://)([^\s/]+)", re.IGNORECASE)

PAGE_LIMIT = 3800
"""Characters of one page; the rest of a message's 4,000 is for its heading."""

FOR_MODERATORS = N_("This reply is hidden. You can read it because you may manage messages here.")

DEFUSED = N_("Discord does not accept this text as it is, so its links cannot be opened here.")

HEADINGS = {"a": N_("Reply A"), "b": N_("Reply B"), "prompt": N_("Prompt")}


class PressedRead(
    PressedButton, template=r"arena:read:(?P<battle>\d+):(?P<subject>a|b|prompt)(?::(?P<page>\d+))?"
):
    """Opens a whole reply, or turns its pages, for the member who pressed."""

    @property
    def acknowledgement(self) -> Acknowledgement:
        return Acknowledgement.PRIVATE if self.match["page"] is None else Acknowledgement.UPDATE

    async def press(self, interaction: Interaction) -> None:
        battle = await with_texts(interaction, int(self.match["battle"]))
        page, subject = self.match["page"], self.match["subject"]
        texts = translations(interaction.locale.value)
        moderates = may_moderate(interaction, battle.channel_id)
        notes = [texts.gettext(FOR_MODERATORS)] if subject in battle.hidden and moderates else []
        buttons = [] if subject == "prompt" else _deeds(battle, Side(subject), texts, moderates=moderates)

        async def show_page(written: Callable[[str], str], notes: Sequence[str]) -> None:
            if subject in battle.hidden and not moderates:
                pages = [TextPage("", texts.gettext(HIDDEN), "")]
            else:  # a long one takes many ms
                pages = await asyncio.to_thread(pages_of, battle, subject, texts, written)
            layout = reading_page(pages, f"arena:read:{battle.battle_id}:{subject}", int(page or 0), texts)
            await show(interaction, finished(layout, notes, buttons))

        await show_or_defuse(show_page, notes, texts)


async def show_or_defuse(
    show_page: Callable[[Callable[[str], str], Sequence[str]], Awaitable[None]],
    notes: Sequence[str],
    texts: Translations,
) -> None:
    """Show a page as it was written; where Discord does not take that, with links that lead nowhere."""
    try:
        await show_page(str, notes)
    except discord.HTTPException as exc:
        if exc.code not in FILTERED:
            raise
        await show_page(defused, [*notes, texts.gettext(DEFUSED)])


def finished(layout: Layout, notes: Iterable[str], buttons: Sequence[Button]) -> Layout:
    """Add what is said under a page, and what its reader can do about it."""
    for note in notes:
        layout.add_text(f"-# {note}")
    layout.add_buttons(*buttons)
    return layout


async def with_texts(interaction: Interaction, battle_id: int) -> Battle:
    """Return a battle that the member can see, whose texts are still there."""
    battle = await readable(interaction, battle_id)
    if battle.texts_removed_at is not None:
        raise ArenaError(
            N_("The prompt and the replies of this battle were deleted. Its result is kept: /history")
        )
    return battle


def defused(text: str) -> str:
    """Write links as those do who warn of them: they stay legible, and lead nowhere."""
    return _LINK.sub(lambda link: f"hxxp{link[1]}{link[2].replace('.', '[.]')}", text)


def _deeds(battle: Battle, side: Side, texts: Translations, *, moderates: bool) -> list[Button]:
    """Return what its reader can do about a reply."""
    report = report_button(battle, side, texts)
    return [*([report] if report else []), *([hiding_button(battle, side, texts)] if moderates else [])]


def pages_of(
    battle: Battle, subject: str, texts: Translations, written: Callable[[str], str] = str
) -> list[TextPage]:
    """Divide a reply, or the prompt, into pages."""
    return split(written(_whole(battle, subject, texts)), PAGE_LIMIT)


def _whole(battle: Battle, subject: str, texts: Translations) -> str:
    if battle.turns:
        return _conversation(battle, subject, texts)
    if subject == "prompt":
        return sanitize(battle.prompt)
    contestant = battle.contestant(Side(subject))
    return marked(contestant.reply, contestant.finish, texts)


def _conversation(battle: Battle, subject: str, texts: Translations) -> str:
    """Join the turns: all prompts, or those with the replies of one side."""
    side = Side.B if subject == "b" else Side.A
    parts: list[str] = []
    for number, ((prompt, reply), finish) in enumerate(
        zip(battle.exchanges(side), battle.finishes(side), strict=True), 1
    ):
        parts.append(f"**{number}.** {close(sanitize(prompt)).strip()}")
        if subject != "prompt":
            parts.append(marked(reply, finish, texts).strip())
    return "\n\n".join(parts)


def marked(reply: str, finish: FinishReason, texts: Translations) -> str:
    """Return a reply with what is to be said of its end, which must not stand in its last code block."""
    said = mark(finish, texts)
    return "\n\n".join([close(sanitize(presented(reply))), *([said] if said else [])])


def reading_page(pages: list[TextPage], link: str, number: int, texts: Translations) -> Layout:
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
