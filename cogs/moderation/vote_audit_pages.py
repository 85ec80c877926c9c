"""What moderators are told of an audit of votes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.arena.moderation.vote_audits import Manner, Strength
from bot.i18n import N_
from cogs.ui.layout import Button, Layout, fitting
from cogs.ui.markdown import cut
from cogs.ui.sanitize import sanitize, short_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.arena.moderation.vote_audits import Audit, Pace, Suspect
    from bot.arena.moderation.vote_influence import Influence
    from bot.domain.vote import Exclusion
    from bot.i18n import Translations

PAGE_SUSPECTS = 10
EXCLUDED_LIMIT = 1000
"""Characters of those who are excluded already."""

REASON_LIMIT = 100
NAME_LIMIT = 50

MANNERS = {
    Manner.COIN: N_("votes like a coin flip, whatever the replies are ({strength})"),
    Manner.CONTRARIAN: N_("votes against the server's ratings and the other voters ({strength})"),
}
STRENGTHS = {
    Strength.NOTICEABLE: N_("noticeable signs"),
    Strength.STRONG: N_("strong signs"),
    Strength.OVERWHELMING: N_("overwhelming signs"),
}
CAUTION = N_(
    "A flag is a reason to look, not a verdict: nothing has been done, and nobody was told."
    " `/votes exclude` takes a member's votes out of the ratings, `/votes include` brings them back."
)
LEGEND = N_(
    "Noticeable: 20 times likelier from such a voter than from an ordinary one. Strong: 1,000 times. "
    "Overwhelming: a million times."
)


MOVED = {
    1: N_("- <@{member}> · {votes}, {share} of all · without them, {model} would be rated {points} higher"),
    0: N_("- <@{member}> · {votes}, {share} of all · without them, no rating would change"),
    -1: N_("- <@{member}> · {votes}, {share} of all · without them, {model} would be rated {points} lower"),
}


def audit_page(audit: Audit, excluded: Sequence[Exclusion], number: int, texts: Translations) -> Layout:
    """Lay out one page of the members who stand out and are not excluded already."""
    _ = texts.gettext
    known = {each.user_id for each in excluded}
    suspects = [each for each in audit.suspects if each.user_id not in known]
    pages = max(1, -(-len(suspects) // PAGE_SUSPECTS))
    number = min(number, pages - 1)
    heading = "## 🔎 " + _("Votes that stand out")
    layout = Layout()
    layout.add_text(f"{heading} ({number + 1}/{pages})" if pages > 1 else heading)
    layout.add_text(_looked_at(audit, texts))
    shown = suspects[number * PAGE_SUSPECTS : (number + 1) * PAGE_SUSPECTS]
    layout.add_text("\n".join(_entry(each, texts) for each in shown) or _("Nobody's votes stand out."))
    if shown:
        layout.add_text(f"⚠️ {_(CAUTION)}\n-# {_(LEGEND)}")
    if audit.influences and number == 0:
        moves = [_moved(each, audit, texts) for each in audit.influences]
        layout.add_text("### " + _("Whose votes move the ratings most") + "\n" + "\n".join(moves))
    if excluded:
        lines = [_exclusion(each, texts) for each in excluded]
        layout.add_text("### " + _("Excluded") + "\n" + fitting(lines, texts, EXCLUDED_LIMIT))
    layout.add_page_buttons(
        Button(label=_("Previous page"), custom_id=f"arena:audit:{max(0, number - 1)}"),
        Button(label=_("Next page"), custom_id=f"arena:audit:{number + 1}"),
        number,
        pages,
    )
    return layout


def _looked_at(audit: Audit, texts: Translations) -> str:
    votes = texts.ngettext("{count} vote", "{count} votes", audit.votes).format(count=audit.votes)
    members = texts.ngettext("{count} member", "{count} members", audit.voters).format(count=audit.voters)
    return texts.gettext("Looked at: {votes} of {members}, in rated battles.").format(
        votes=votes, members=members
    )


def _entry(suspect: Suspect, texts: Translations) -> str:
    """Say of a member how many votes there are, and what is odd about them."""
    pace = suspect.pace
    votes = texts.ngettext("{count} vote", "{count} votes", pace.votes).format(count=pace.votes)
    signs: list[str] = []
    if suspect.manner is not None:
        strength = texts.gettext(STRENGTHS[suspect.strength])
        signs.append(texts.gettext(MANNERS[suspect.manner]).format(strength=strength))
    if pace.fast:
        signs.append(_fast(pace, texts))
    return "\n".join([f"- <@{suspect.user_id}> · {votes}", *(f"  - {sign}" for sign in signs)])


def _moved(influence: Influence, audit: Audit, texts: Translations) -> str:
    """Say how much of the board is one member's work."""
    votes = texts.ngettext("{count} vote", "{count} votes", influence.votes).format(count=influence.votes)
    points = round(influence.points)
    return texts.gettext(MOVED[(points > 0) - (points < 0)]).format(
        member=influence.user_id,
        votes=votes,
        share=f"{influence.votes / audit.votes:.0%}",
        model=short_name(audit.names[influence.model_id], NAME_LIMIT),
        points=abs(points),
    )


def _fast(pace: Pace, texts: Translations) -> str:
    return texts.ngettext(
        "{fast} of {count} vote faster than the replies can be read",
        "{fast} of {count} votes faster than the replies can be read",
        pace.timed,
    ).format(fast=pace.fast, count=pace.timed)


def _exclusion(exclusion: Exclusion, texts: Translations) -> str:
    reason = cut(sanitize(discord.utils.escape_markdown(exclusion.reason)), REASON_LIMIT)
    return texts.gettext("- <@{member}>, {day}, by <@{moderator}>: {reason}").format(
        member=exclusion.user_id,
        day=f"<t:{exclusion.excluded_at:.0f}:d>",
        moderator=exclusion.actor_id,
        reason=" ".join(reason.split()),
    )
