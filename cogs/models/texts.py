"""What is said of models and of changes to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.arena.models.form import host_of
from bot.arena.models.probe import Probe
from bot.domain.model import ModelState
from cogs.ui.markdown import close, cut
from cogs.ui.sanitize import display_name, sanitize

if TYPE_CHECKING:
    from bot.arena.models.probe import ProbeFailure
    from bot.arena.models.roster import Entry
    from bot.i18n import Translations

REPLY_LIMIT = 600
DETAIL_LIMIT = 300
FIRST_WORDS_LIMIT = 80


def probe_text(outcome: Probe | ProbeFailure, texts: Translations) -> str:
    """Say what a model answered and how long it took, or why it did not."""
    _ = texts.gettext
    if isinstance(outcome, Probe):
        quoted = "> " + cut(close(sanitize(outcome.reply)), REPLY_LIMIT).strip().replace("\n", "\n> ")
        return f"{quoted}\n-# {probe_facts(outcome, texts)}"
    detail = cut(sanitize(outcome.detail), DETAIL_LIMIT).strip()
    return "\n".join(filter(None, [_(outcome.words), f"-# {detail}" if detail else ""]))


def probe_times(probe: Probe, texts: Translations) -> str:
    return texts.gettext("{first:.1f} s to the first word, {total:.1f} s in all").format(
        first=probe.first_token_seconds, total=probe.total_seconds
    )


def first_words(probe: Probe) -> str:
    """Quote the beginning of what a model said, on one line."""
    return cut(sanitize(" ".join(probe.reply.split())), FIRST_WORDS_LIMIT).strip()


def probe_facts(probe: Probe, texts: Translations) -> str:
    """Say how long it took, how the reply ended, and what the server refuses to be asked for."""
    _ = texts.gettext
    facts = [probe_times(probe, texts)]
    facts.append(_("finish: {reason}").format(reason=sanitize(probe.finish.said or probe.finish.reason)))
    if probe.finish.left_out:
        facts.append(
            _("asked without: {left_out}").format(left_out=sanitize(", ".join(probe.finish.left_out)))
        )
    return " · ".join(facts)


def entry_line(entry: Entry, texts: Translations, *, moderator: bool) -> str:
    """Say a model's name and state; to moderators also where it is served and why it does not fight."""
    name = f"**{display_name(entry.model.shown)}**"
    state = state_text(entry, texts, moderator=moderator)
    line = name + (f" ({state})" if state else "")
    if not moderator:
        return line
    return f"{line}\n{host_line(entry, texts)}"


def host_line(entry: Entry, texts: Translations) -> str:
    """Say to moderators where a model is served, what it is really called, and why it does not fight."""
    _ = texts.gettext
    model = entry.model
    facts = [_("true name: {name}").format(name=display_name(model.name))] if model.code_name else []
    facts.append(sanitize(host_of(model) or _("from the operator")))
    facts += [_("family: {name}").format(name=display_name(name)) for name in entry.families.values()]
    facts += _room(entry, texts)
    return "-# " + " · ".join([*facts, *_health(entry, texts)])


def _room(entry: Entry, texts: Translations) -> list[str]:
    """Say how long a prompt it can be asked, and whether that is set or was learned the hard way."""
    _ = texts.gettext
    learned = entry.shown_health.max_prompt_chars
    decided = entry.decided_max_prompt_chars
    if learned is not None and (decided is None or learned <= decided):
        return [_("prompts up to {count} characters (its server refused a longer one)").format(count=learned)]
    return [] if decided is None else [_("prompts up to {count} characters").format(count=decided)]


def state_text(entry: Entry, texts: Translations, *, moderator: bool) -> str:
    """Say why a model is not drawn at the moment; nothing where it is, or where members may not know."""
    _ = texts.gettext
    if entry.is_retired:
        return _("retired")
    if entry.model.state is ModelState.DISABLED:
        return _("switched off")
    if entry.competitor is None:
        return _("its key cannot be read")
    if not moderator or entry.seems_ready:
        return ""
    return _("benched") if entry.shown_health.outage else _("resting: its server asked for a pause")


def _health(entry: Entry, texts: Translations) -> list[str]:
    _ = texts.gettext
    health = entry.shown_health
    if health.outage and health.outage_reason:
        said = _("failed again and again: {why} It is asked again {when}.")
        return [said.format(why=_(health.outage_reason), when=f"<t:{health.outage.until:.0f}:R>")]
    until = health.rests_until
    return [_("rests until {when}").format(when=f"<t:{until:.0f}:T>")] if until else []
