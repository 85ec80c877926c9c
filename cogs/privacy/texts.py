"""What members are told about their own data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.arena.privacy.left_guilds import KEPT_DAYS
from bot.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.arena.privacy.member_data import Erased, Kept
    from bot.i18n import Translations

ALLOWED = N_(
    "Your votes here, and the battles that you ask for, may be part of this server's exports. In place of"
    " your Discord id they have a code. Prompts and replies are as they were written."
)
LEFT_OUT = N_(
    "From now on your votes here, and the battles that you asked for, are left out of this server's exports."
    " They still count on the leaderboard. Files that were written before do not change."
)
DOSSIER = N_(
    "All that is kept about you in this server, as JSON. Which models answered in a battle that is still open"
    " is not in it yet."
)
NOTHING_DELETED = N_("Nothing was deleted.")
WHERE = (
    N_("In a database on the machine of this bot's operator."),
    N_(
        "A prompt is sent to the providers of the models that answer it, or that tried to, and their own"
        " rules apply there."
    ),
    N_("Cards and reactions are messages on Discord, and kept there."),
)
FOLLOWING = (
    N_("Battles that are still open follow when they end."),
    N_("Your choice about exports is forgotten too."),
)
STAYING = (
    N_("What you changed as a moderator stays in the record of changes."),
    N_("Your reactions and messages on Discord, which you can delete there."),
    N_("Files that were exported before, and the operator's backups."),
)
LASTING = (
    N_("Votes are kept until you delete them; then they count on without your name."),
    N_("What moderators change stays on record with their name, so that it can be looked up."),
)


def kept_text(kept: Kept, texts: Translations) -> str:
    """Say what is kept of a member, how long and where, and what they can do about it."""
    _ = texts.gettext
    leaving = _("When the bot leaves this server, all that it knows of it is deleted {days} days later.")
    lasting = [_retention(kept, texts), *map(_, LASTING), leaving.format(days=KEPT_DAYS)]
    return "\n".join(
        [
            "## " + _("Your data in this server"),
            *_items([*_battles(kept, texts), *_votes(kept, texts)]),
            "### " + _("How long"),
            *_items(lasting),
            "### " + _("Where"),
            *_items(map(_, WHERE)),
        ]
    )


def warning(kept: Kept, texts: Translations) -> str:
    """Say exactly what a deletion does, before it is done."""
    _ = texts.gettext
    battles, votes = kept.traces.battles, kept.traces.votes
    asked = texts.ngettext(
        "The prompt and the replies of {count} battle that you asked for are deleted, also from `/history`"
        " and exports. Its card is redrawn without them, if I can still edit it.",
        "The prompts and the replies of {count} battles that you asked for are deleted, also from `/history`"
        " and exports. Their cards are redrawn without them, where I can still edit them.",
        battles,
    ).format(count=battles)
    cast = texts.ngettext(
        "{count} vote still counts, but no longer with your name. It is not exported.",
        "{count} votes still count, but no longer with your name. They are not exported.",
        votes,
    ).format(count=votes)
    return "\n".join(
        [
            "## " + _("Delete your data in this server?"),
            *_items([asked, cast, *map(_, FOLLOWING)]),
            "### " + _("What stays"),
            *_items(map(_, STAYING)),
            _("**This cannot be undone.**"),
        ]
    )


def erased_text(erased: Erased, texts: Translations) -> str:
    _ = texts.gettext
    battles = texts.ngettext("{count} battle", "{count} battles", erased.battles).format(count=erased.battles)
    votes = texts.ngettext("{count} vote", "{count} votes", erased.votes).format(count=erased.votes)
    lines = [
        _("Your data in this server was deleted: the texts of {battles}, and your name on {votes}.").format(
            battles=battles, votes=votes
        )
    ]
    if erased.battles:
        lines.append(_("The cards in the channels follow one by one, in the next minutes or hours."))
    if erased.pending:
        lines.append(
            texts.ngettext(
                "{count} battle is still open and follows when it ends.",
                "{count} battles are still open and follow when they end.",
                erased.pending,
            ).format(count=erased.pending)
        )
    return "\n".join(lines)


def _battles(kept: Kept, texts: Translations) -> list[str]:
    asked = texts.ngettext(
        "**{count} battle** that you asked for: when and where, the prompt and what followed it, both"
        " replies, and your Discord id",
        "**{count} battles** that you asked for: when and where, the prompt and what followed it, both"
        " replies, and your Discord id",
        kept.traces.battles,
    )
    deleted = texts.ngettext(
        "Prompt and replies of {count} of these battles were deleted already",
        "Prompts and replies of {count} of these battles were deleted already",
        kept.traces.without_texts,
    )
    return [
        asked.format(count=kept.traces.battles),
        *([deleted.format(count=kept.traces.without_texts)] if kept.traces.without_texts else []),
    ]


def _votes(kept: Kept, texts: Translations) -> list[str]:
    _, traces = texts.gettext, kept.traces
    votes = texts.ngettext(
        "**{count} vote**: on which battle, what, when, and your Discord id",
        "**{count} votes**: on which battle, what, when, and your Discord id",
        traces.votes,
    )
    reports = texts.ngettext(
        "**{count} report** of a reply, with your reason",
        "**{count} reports** of replies, with your reasons",
        traces.reports,
    )
    changes = texts.ngettext(
        "**{count} change** that you made as a moderator",
        "**{count} changes** that you made as a moderator",
        traces.changes,
    )
    prompts = texts.ngettext(
        "**{count} prompt** that you suggested to a tournament, until it was asked",
        "**{count} prompts** that you suggested to a tournament, until they were asked",
        traces.suggestions,
    )
    return [
        votes.format(count=traces.votes),
        *([prompts.format(count=traces.suggestions)] if traces.suggestions else []),
        *([reports.format(count=traces.reports)] if traces.reports else []),
        *([changes.format(count=traces.changes)] if traces.changes else []),
        _("Your choice to be left out of exports for researchers")
        if traces.is_left_out
        else _("Exports for researchers may include your votes and prompts, without your id"),
    ]


def _retention(kept: Kept, texts: Translations) -> str:
    if kept.retention_days is None:
        return texts.gettext("Prompts and replies are kept until you delete them.")
    return texts.ngettext(
        "Prompts and replies are deleted {count} day after their battle.",
        "Prompts and replies are deleted {count} days after their battle.",
        kept.retention_days,
    ).format(count=kept.retention_days)


def _items(lines: Iterable[str]) -> list[str]:
    return [f"- {line}" for line in lines]
