"""**Compare**: both replies, page by page and in step, for the member who pressed."""

from __future__ import annotations

import asyncio
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from bot.acknowledgement import Acknowledgement, show
from bot.domain.battle import Side
from bot.domain.vote import Vote
from bot.i18n import translations
from cogs.access import may_moderate
from cogs.battles.card_buttons import HIDDEN, hiding_button, report_button
from cogs.battles.replies.read_reply import (
    FOR_MODERATORS,
    HEADINGS,
    finished,
    marked,
    show_or_defuse,
    with_texts,
)
from cogs.battles.vote_emoji import COLOURS, EMOJI
from cogs.ui.layout import Button, Layout
from cogs.ui.markdown import close, cut, split
from cogs.ui.persistent import PressedButton
from cogs.ui.sanitize import sanitize

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from bot.client import Interaction
    from bot.domain.battle import Battle
    from bot.i18n import Translations

PAGE_LIMIT = 1700
"""Characters of one reply on a page."""

PROMPT_LIMIT = 200


class ComparedPage(NamedTuple):
    """What stands beside each other; of the side that has ended before, nothing."""

    prompt: str
    """What was asked, where the battle has several turns."""
    a: str
    b: str


class PressedCompare(
    PressedButton,
    template=r"arena:compare:(?P<battle>\d+)(?P<hidden>(?::hides-[ab]){0,2})(?::(?P<page>\d{1,9}))?",
):
    @property
    def acknowledgement(self) -> Acknowledgement:
        return Acknowledgement.PRIVATE if self.match["page"] is None else Acknowledgement.UPDATE

    async def press(self, interaction: Interaction) -> None:
        battle = await with_texts(interaction, int(self.match["battle"]))
        texts = translations(interaction.locale.value)
        moderates = may_moderate(interaction, battle.channel_id)
        number = int(self.match["page"] or 0)
        left_out = frozenset[Side]() if moderates else battle.hidden
        notes = [texts.gettext(FOR_MODERATORS)] if moderates and battle.hidden else []
        buttons = _deeds(battle, texts, moderates=moderates)

        async def show_page(written: Callable[[str], str], notes: Sequence[str]) -> None:
            pages = await asyncio.to_thread(compared, battle, left_out, texts, written)
            layout = comparing_page(battle, pages, number, texts)
            await show(interaction, finished(layout, notes, buttons))

        await show_or_defuse(show_page, notes, texts)


def compared(
    battle: Battle,
    left_out: Collection[Side],
    texts: Translations,
    written: Callable[[str], str] = str,
) -> list[ComparedPage]:
    """Divide both replies into pages, those of each turn beside each other."""
    sides = [_replies(battle, side, texts) for side in Side]
    pages: list[ComparedPage] = []
    for number, (exchange, *replies) in enumerate(zip(battle.exchanges(Side.A), *sides, strict=True), 1):
        columns = [
            [texts.gettext(HIDDEN)] if side in left_out else _divided(written(reply))
            for side, reply in zip(Side, replies, strict=True)
        ]
        prompt = _prompt(number, written(sanitize(exchange[0]))) if battle.turns else ""
        pages += [ComparedPage(prompt, a, b) for a, b in zip_longest(*columns, fillvalue="")]
    return pages


def _replies(battle: Battle, side: Side, texts: Translations) -> list[str]:
    finishes = battle.finishes(side)
    return [
        marked(reply, finish, texts)
        for (_, reply), finish in zip(battle.exchanges(side), finishes, strict=True)
    ]


def _divided(reply: str) -> list[str]:
    return [page.text.strip() or "…" for page in split(reply, PAGE_LIMIT)]


def _prompt(number: int, prompt: str) -> str:
    return f"**{number}.** {cut(close(prompt), PROMPT_LIMIT).strip()}"


def comparing_page(battle: Battle, pages: Sequence[ComparedPage], number: int, texts: Translations) -> Layout:
    _ = texts.gettext
    number = min(number, len(pages) - 1)
    page = pages[number]
    layout = Layout()
    heading = f"### {_('Compare')}" + (f" ({number + 1}/{len(pages)})" if len(pages) > 1 else "")
    layout.add_text(f"{heading}\n{page.prompt}" if page.prompt else heading)
    for side, said in zip(Side, (page.a, page.b), strict=True):
        title = f"### {EMOJI[Vote(side)]} {_(HEADINGS[side.value])}"
        layout.add_section(title, said or "-# " + _("It ended on an earlier page."), colour=COLOURS[side])
    layout.add_page_buttons(
        Button(label=_("Previous page"), custom_id=f"arena:compare:{battle.battle_id}:{number - 1}"),
        Button(label=_("Next page"), custom_id=f"arena:compare:{battle.battle_id}:{number + 1}"),
        number,
        len(pages),
    )
    return layout


def _deeds(battle: Battle, texts: Translations, *, moderates: bool) -> list[Button]:
    """Return what its reader can do about either reply."""
    reports = [report_button(battle, side, texts) for side in Side]
    hidings = [hiding_button(battle, side, texts, named=True) for side in Side] if moderates else []
    return [*filter(None, reports), *hidings]
