"""What is said of models and of changes to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.arena.models.form import host_of
from bot.arena.models.probe import Trial
from bot.domain.audit import AuditAction
from bot.domain.model import ModelState
from bot.i18n import N_

from cogs.battles.card import display_name
from cogs.settings.texts import NAMES, change_text
from cogs.ui.markdown import close, cut
from cogs.ui.markdown_reader import inert

if TYPE_CHECKING:
    from bot.arena.models.probe import Setback
    from bot.arena.models.roster import Entry
    from bot.domain.audit import AuditEntry
    from bot.i18n import Translations

REPLY_LIMIT = 600
DETAIL_LIMIT = 300
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


def trial_text(outcome: Trial | Setback, texts: Translations) -> str:
    """Say what a model answered and how long it took, or why it did not."""
    _ = texts.gettext
    if isinstance(outcome, Trial):
        quoted = "> " + cut(close(inert(outcome.reply)), REPLY_LIMIT).strip().replace("\n", "\n> ")
        return f"{quoted}\n-# {trial_times(outcome, texts)}"
    detail = cut(inert(outcome.detail), DETAIL_LIMIT).strip()
    return "\n".join(filter(None, [_(outcome.words), f"-# {detail}" if detail else ""]))


def trial_times(trial: Trial, texts: Translations) -> str:
    return texts.gettext("{first:.1f} s to the first word, {total:.1f} s in all").format(
        first=trial.first_token_seconds, total=trial.total_seconds
    )


def entry_line(entry: Entry, texts: Translations, *, moderator: bool) -> str:
    """Say a model's name and state; to moderators also where it is served and why it does not fight."""
    name = f"**{display_name(entry.model.shown)}**"
    state = state_text(entry, texts)
    line = name + (f" ({state})" if state else "")
    if not moderator:
        return line
    return f"{line}\n{host_line(entry, texts)}"


def host_line(entry: Entry, texts: Translations) -> str:
    """Say to moderators where a model is served, what it is really called, and why it does not fight."""
    _ = texts.gettext
    model = entry.model
    facts = [_("true name: {name}").format(name=display_name(model.name))] if model.code_name else []
    facts.append(inert(host_of(model) or _("from the operator")))
    facts += [_("family: {name}").format(name=display_name(name)) for name in entry.families.values()]
    if entry.max_prompt_chars is not None:
        facts.append(_("prompts up to {count} characters").format(count=entry.max_prompt_chars))
    return "-# " + " · ".join([*facts, *_health(entry, texts)])


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


def state_text(entry: Entry, texts: Translations) -> str:
    """Say why a model is not drawn at the moment; nothing where it is."""
    _ = texts.gettext
    if entry.is_retired:
        return _("retired")
    if entry.model.state is ModelState.DISABLED:
        return _("switched off")
    if entry.fighter is None:
        return _("its key cannot be read")
    if entry.player and entry.player.absence:
        return _("benched")
    return "" if entry.is_ready else _("resting: its server asked for a pause")


def _health(entry: Entry, texts: Translations) -> list[str]:
    _ = texts.gettext
    if entry.player is None:
        return []
    if setback := entry.player.setback:
        when = f"<t:{entry.player.absence.until:.0f}:R>" if entry.player.absence else ""
        return [
            _("failed again and again: {why} It is asked again {when}.").format(why=_(setback), when=when)
        ]
    until = entry.player.rests_until
    return [_("rests until {when}").format(when=f"<t:{until:.0f}:T>")] if until else []


def _change(field: str, before: str | None, after: str | None, texts: Translations) -> str:
    if field == "credentials":
        return texts.gettext("the credentials were replaced")
    if field == "member":
        return f"<@{after}>"
    if field in NAMES:
        return cut(change_text(field, before, after, texts), CHANGE_LIMIT)
    nothing = texts.gettext("not set")
    return inert(f"{field}: {before or nothing} → {after or nothing}")
