"""What was changed in a server, told to the moderator and to the log channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
import structlog

from bot.acknowledgement import show
from bot.domain.audit import AuditAction
from bot.i18n import N_, translations
from cogs.settings.texts import NAMES, change_text
from cogs.ui.language import public_texts
from cogs.ui.layout import Layout
from cogs.ui.markdown import cut
from cogs.ui.sanitize import display_name, sanitize

if TYPE_CHECKING:
    from bot.client import Interaction
    from bot.domain.audit import AuditEntry
    from bot.i18n import Translations

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

CHANGE_LIMIT = 300
ACTIONS = {
    AuditAction.ADDED: N_("{who} added {model}"),
    AuditAction.EDITED: N_("{who} changed {model}"),
    AuditAction.ENABLED: N_("{who} let {model} fight"),
    AuditAction.DISABLED: N_("{who} switched {model} off"),
    AuditAction.RETIRED: N_("{who} retired {model}"),
    AuditAction.REMOVED: N_("{who} removed {model}"),
    AuditAction.MASKED: N_("{who} gave a model the code name {model}"),
    AuditAction.UNMASKED: N_("{who} unmasked {model}"),
    AuditAction.LIMITS: N_("{who} changed the daily limits"),
    AuditAction.ACCESS: N_("{who} changed who may manage models"),
    AuditAction.LOG: N_("{who} changed the log channel"),
    AuditAction.VOIDED: N_("{who} took a battle out of the ratings"),
    AuditAction.UNVOIDED: N_("{who} brought a battle back into the ratings"),
    AuditAction.SEASON: N_("{who} ended a season"),
    AuditAction.SEASON_UNDONE: N_("{who} took back the end of a season"),
    AuditAction.CATEGORY_OPENED: N_("{who} made a category"),
    AuditAction.CATEGORY_CLOSED: N_("{who} closed a category"),
    AuditAction.CATEGORY_BOUND: N_("{who} changed which category a channel belongs to"),
    AuditAction.TOURNAMENT_STARTED: N_("{who} started a tournament"),
    AuditAction.TOURNAMENT_STOPPED: N_("{who} stopped a tournament"),
    AuditAction.FAMILY: N_("{who} changed which models are siblings of {model}"),
    AuditAction.RECAP: N_("{who} changed where the recap of the week is posted"),
    AuditAction.EXCLUDED: N_("{who} took a member's votes out of the ratings"),
    AuditAction.INCLUDED: N_("{who} brought a member's votes back into the ratings"),
    AuditAction.REPLY_HIDDEN: N_("{who} hid a reply"),
    AuditAction.REPLY_SHOWN: N_("{who} let a hidden reply be shown again"),
    AuditAction.SETTINGS: N_("{who} changed the settings"),
}
RESULTS = {
    AuditAction.ADDED: N_("**{model}** is added, and fights from now on."),
    AuditAction.EDITED: N_("**{model}** is changed."),
    AuditAction.ENABLED: N_("**{model}** fights from now on."),
    AuditAction.DISABLED: N_("**{model}** is switched off. Its place and its votes stay."),
    AuditAction.RETIRED: N_("**{model}** is retired. Its history and its place stay."),
    AuditAction.REMOVED: N_("**{model}** is removed."),
    AuditAction.MASKED: N_("From now on everyone sees **{model}**."),
    AuditAction.UNMASKED: N_("**{model}** fights under its true name from now on."),
    AuditAction.FAMILY: N_("The family of **{model}** is changed; variants of one model never meet."),
    AuditAction.ACCESS: N_("Who may manage models is changed."),
    AuditAction.VOIDED: N_("The battle does not count any more."),
    AuditAction.UNVOIDED: N_("The battle counts again, exactly as it did."),
    AuditAction.SEASON: N_("The season is over, and a new one begins."),
    AuditAction.SEASON_UNDONE: N_("The season goes on, with all that was voted since."),
    AuditAction.CATEGORY_OPENED: N_("The category is made. Members choose it with /battle."),
    AuditAction.CATEGORY_CLOSED: N_("The category is closed. Its leaderboard stays."),
    AuditAction.CATEGORY_BOUND: N_("The channel's category is changed."),
    AuditAction.EXCLUDED: N_("The member's votes do not count any more."),
    AuditAction.INCLUDED: N_("The member's votes count again, exactly as they did."),
    AuditAction.REPLY_HIDDEN: N_("The reply is hidden behind a notice."),
    AuditAction.REPLY_SHOWN: N_("The reply can be seen again."),
    AuditAction.SETTINGS: N_("The settings are changed."),
}
"""What an action comes to, for whoever took it."""
DISCREET = {AuditAction.EXCLUDED, AuditAction.INCLUDED}
"""Whom they concern, and why, is for moderators alone."""


async def done(interaction: Interaction, entry: AuditEntry) -> None:
    """Tell the moderator what was changed, and the log channel too."""
    layout = Layout()
    layout.add_text(result_text(entry, translations(interaction.locale.value)))
    await show(interaction, layout)
    await report(interaction, entry)


async def report(interaction: Interaction, entry: AuditEntry) -> None:
    """Post a change to the server's log channel, if it named one; what is secret stays so there."""
    bot = interaction.client
    settings = bot.arena.moderation.settings(entry.guild_id)
    if settings.log_channel_id is None:
        return
    layout = Layout()
    layout.add_text(history_line(entry, public_texts(interaction), public=True))
    channel = bot.get_partial_messageable(settings.log_channel_id, guild_id=entry.guild_id)
    try:
        await channel.send(view=layout, allowed_mentions=discord.AllowedMentions.none())
    except (discord.HTTPException, OSError) as exc:
        _log.warning("a change could not be reported", guild=entry.guild_id, error=str(exc))


def result_text(entry: AuditEntry, texts: Translations) -> str:
    """Say to a moderator what their action came to."""
    model = display_name(_name(entry, texts, public=False))
    said = texts.gettext(RESULTS[entry.action]).format(model=model)
    return "\n".join([f"✅ {said}", *(f"-# {_outcome(*change, texts)}" for change in entry.changes)])


def history_line(entry: AuditEntry, texts: Translations, *, public: bool) -> str:
    """Say who changed what and when; in public a masked model stays one, and no voter is named."""
    name = display_name(_name(entry, texts, public=public))
    said = texts.gettext(ACTIONS[entry.action]).format(who=f"<@{entry.actor_id}>", model=f"**{name}**")
    line = f"<t:{entry.at:.0f}:f> {said}"
    if public and (entry.name != entry.shown_as or entry.action in DISCREET):
        return line
    return "\n".join([line, *_changes(entry, texts)])


def _name(entry: AuditEntry, texts: Translations, *, public: bool) -> str:
    name = (entry.shown_as if public else entry.name) or ""
    if public or entry.name == entry.shown_as:
        return name
    if entry.action is AuditAction.MASKED:
        said = texts.gettext("{code_name} (it is {name})")
    else:
        said = texts.gettext("{name} (as {code_name})")
    return said.format(name=entry.name, code_name=entry.shown_as)


def _outcome(field: str, before: str | None, after: str | None, texts: Translations) -> str:
    """Say of what was not there before only what it is now."""
    if before is None and after is not None and field not in {*NAMES, "credentials", "member"}:
        return cut(sanitize(f"{field}: {after}"), CHANGE_LIMIT)
    return _change(field, before, after, texts)


def _changes(entry: AuditEntry, texts: Translations) -> list[str]:
    return [f"-# {_change(*change, texts)}" for change in entry.changes]


def _change(field: str, before: str | None, after: str | None, texts: Translations) -> str:
    if field == "credentials":
        return texts.gettext("the credentials were replaced")
    if field == "member":
        return f"<@{after}>"
    if field in NAMES:
        return cut(change_text(field, before, after, texts), CHANGE_LIMIT)
    nothing = texts.gettext("not set")
    return sanitize(f"{field}: {before or nothing} → {after or nothing}")
