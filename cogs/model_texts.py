"""What is said of models and of changes to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.arena.candidates import host_of
from bot.arena.trial import Trial
from bot.domain import AuditAction, ModelState
from bot.i18n import N_

from cogs.cards import display_name
from cogs.inert import inert
from cogs.markdown import close, cut

if TYPE_CHECKING:
    from bot.arena.profiles import Profile, Record
    from bot.arena.roster import Entry
    from bot.arena.trial import Setback
    from bot.domain import AuditEntry
    from bot.i18n import Translations

REPLY_LIMIT = 600
DETAIL_LIMIT = 300
OPPONENTS = 25

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
    AuditAction.RECAP: N_("{who} changed where the recap of the week is posted"),
}


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
    state = _state(entry, texts)
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
    return "-# " + " · ".join([*facts, *_health(entry, texts)])


def history_line(entry: AuditEntry, texts: Translations, *, public: bool) -> str:
    """Say who changed what and when; in public a masked model stays one."""
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
    if public and masked:
        return line
    changes = [_change(*change, texts) for change in entry.changes]
    return "\n".join([line, *(f"-# {change}" for change in changes)])


def profile_text(profile: Profile, texts: Translations) -> str:
    """Say a model's rating, its record, and what its replies took."""
    _ = texts.gettext
    rating = profile.rating
    facts = [
        _("rating {rating:.0f} ± {half_width:.0f}").format(
            rating=rating.rating, half_width=rating.half_width
        ),
        texts.ngettext("{count} battle", "{count} battles", rating.battles).format(count=rating.battles),
        texts.ngettext("{count} vote", "{count} votes", rating.votes).format(count=rating.votes),
    ]
    lines = [" · ".join(facts)]
    took: list[str] = []
    if profile.first_token_seconds is not None:
        took.append(_("{seconds:.1f} s to the first word").format(seconds=profile.first_token_seconds))
    if profile.total_seconds is not None:
        took.append(_("{seconds:.1f} s in all").format(seconds=profile.total_seconds))
    if profile.output_tokens is not None:
        took.append(_("{count:.0f} tokens").format(count=profile.output_tokens))
    if took:
        lines.append(_("Usually: {facts}").format(facts=" · ".join(took)))
    lines += [_record(record, texts) for record in profile.records[:OPPONENTS]]
    return "\n".join(lines)


def _record(record: Record, texts: Translations) -> str:
    return texts.gettext(
        "- against **{opponent}**: {wins} won, {losses} lost, {ties} tied, {both_bad} both bad"
    ).format(
        opponent=display_name(record.opponent),
        wins=record.wins,
        losses=record.losses,
        ties=record.ties,
        both_bad=record.both_bad,
    )


def _state(entry: Entry, texts: Translations) -> str:
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
    nothing = texts.gettext("not set")
    return inert(f"{field}: {before or nothing} → {after or nothing}")
