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
    AuditAction.LIMITS: N_("{who} changed what this server may use"),
    AuditAction.ACCESS: N_("{who} changed who may manage models"),
    AuditAction.LOG: N_("{who} changed where changes are reported"),
    AuditAction.VOIDED: N_("{who} took a battle out of the ratings"),
    AuditAction.UNVOIDED: N_("{who} brought a battle back into the ratings"),
    AuditAction.SEASON: N_("{who} ended a season"),
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
DISCREET = {AuditAction.EXCLUDED, AuditAction.INCLUDED}
"""Whom they concern, and why, is for moderators alone."""


async def done(interaction: Interaction, entry: AuditEntry) -> None:
    """Tell the moderator what was changed, and the log channel too."""
    layout = Layout()
    layout.add_text(history_line(entry, translations(interaction.locale.value), public=False))
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


def history_line(entry: AuditEntry, texts: Translations, *, public: bool) -> str:
    """Say who changed what and when; in public a masked model stays one, and no voter is named."""
    _ = texts.gettext
    name = (entry.shown_as if public else entry.name) or ""
    masked = entry.name != entry.shown_as
    if masked and not public:
        name = _("{name} (as {code_name})").format(name=entry.name, code_name=entry.shown_as)
    if entry.action is AuditAction.MASKED:
        name = entry.shown_as or ""
        if not public:
            name = _("{code_name} (it is {name})").format(code_name=name, name=entry.name)
    said = _(ACTIONS[entry.action]).format(who=f"<@{entry.actor_id}>", model=f"**{display_name(name)}**")
    line = f"<t:{entry.at:.0f}:f> {said}"
    if public and (masked or entry.action in DISCREET):
        return line
    changes = [_change(*change, texts) for change in entry.changes]
    return "\n".join([line, *(f"-# {change}" for change in changes)])


def _change(field: str, before: str | None, after: str | None, texts: Translations) -> str:
    if field == "credentials":
        return texts.gettext("the credentials were replaced")
    if field == "member":
        return f"<@{after}>"
    if field in NAMES:
        return cut(change_text(field, before, after, texts), CHANGE_LIMIT)
    nothing = texts.gettext("not set")
    return sanitize(f"{field}: {before or nothing} → {after or nothing}")
