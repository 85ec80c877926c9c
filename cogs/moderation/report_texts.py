"""What moderators are shown of a reported reply."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from cogs.battles.card_buttons import hiding_button, read_button
from cogs.battles.past_battle_texts import message_link
from cogs.ui.layout import Layout, fitting
from cogs.ui.markdown import close, cut, prefix
from cogs.ui.sanitize import display_name, sanitize

if TYPE_CHECKING:
    from bot.domain.battle import Battle, Side
    from bot.domain.report import Report, ReportedReply
    from bot.i18n import Translations

EXCERPT_LIMIT = 600
READ_LIMIT = 2 * EXCERPT_LIMIT
"""Characters of a reply that are looked at: the rest cannot be shown, and reading it takes time."""

REASON_LIMIT = 1000
REPORTS_LIMIT = 2500
"""Characters of all the reports together."""


def notice(reported: ReportedReply, texts: Translations, page: int | None = None) -> Layout:
    """Lay out a reply with its reports; the models stay unnamed until everyone may know them.

    `page` is its number in a list, for the button that is pressed there.
    """
    _ = texts.gettext
    battle, side = reported.battle, reported.side
    layout = Layout()
    layout.add_text(f"{_heading(reported, texts)}\n{_facts(battle, side, texts)}")
    beginning = prefix(battle.last_reply(side), READ_LIMIT)
    excerpt = cut(close(sanitize(beginning)), EXCERPT_LIMIT).strip()
    layout.add_section(excerpt or "…", spoiler=True)
    lines = [_line(report, texts) for report in reported.reports]
    if reported.hiding:
        hidden = _("Hidden by {who} {when}").format(
            who=f"<@{reported.hiding.user_id}>", when=f"<t:{reported.hiding.at:.0f}:R>"
        )
        layout.add_text(f"🙈 {hidden}")
    layout.add_text(fitting(lines, texts, REPORTS_LIMIT))
    layout.add_buttons(
        hiding_button(battle, side, texts, page), read_button(battle.battle_id, side.value, texts)
    )
    return layout


def _heading(reported: ReportedReply, texts: Translations) -> str:
    count = len(reported.reports)
    said = texts.ngettext("Reply {side}: {count} report", "Reply {side}: {count} reports", count)
    return "### 🚩 " + said.format(side=reported.side.upper(), count=count)


def _facts(battle: Battle, side: Side, texts: Translations) -> str:
    """Say which battle it is, and whose reply."""
    facts = [texts.gettext("Battle {number}").format(number=battle.battle_id)]
    if battle.message_id is not None:
        facts.append(message_link(battle.guild_id, battle.channel_id, battle.message_id))
    if battle.is_revealed:
        facts.append(f"**{display_name(battle.contestant(side).model)}**")
    return " · ".join(facts)


def _line(report: Report, texts: Translations) -> str:
    who = f"<@{report.user_id}> <t:{report.at:.0f}:R>"
    if report.reason is None:
        return f"- {who}"
    words = " ".join(report.reason.split())
    reason = cut(sanitize(discord.utils.escape_markdown(words)), REASON_LIMIT)
    return "- " + texts.gettext("{who}: {reason}").format(who=who, reason=reason)
