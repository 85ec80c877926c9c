"""What the settings are called, and how their values are said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.arena.settings.durations import spelled
from bot.arena.settings.guild_settings import RoleAllowance
from bot.arena.settings.kinds import KINDS, SettingKind, bounds
from bot.i18n import N_

if TYPE_CHECKING:
    from bot.arena.settings.kinds import SettingValue, Value
    from bot.i18n import Translations

NAMES = {
    "battle_channel_ids": N_("Channels for battles"),
    "battle_role_ids": N_("Roles that may ask for battles"),
    "rated_channel_ids": N_("Channels whose battles are rated"),
    "voting_seconds": N_("Voting time"),
    "close_at_votes": N_("Close after this many votes"),
    "early_close": N_("Who may close a vote early"),
    "ballot": N_("How members vote"),
    "single_reaction": N_("A member's earlier reactions"),
    "min_votes_rated": N_("Votes that a battle needs to be rated"),
    "asker_votes": N_("The vote of the member who asked"),
    "min_account_days": N_("Account age needed for a vote to count"),
    "min_member_days": N_("Time in the server needed for a vote to count"),
    "cooldown_seconds": N_("Wait between two battles of a member"),
    "member_battles_per_day": N_("Battles of a member in a day"),
    "role_allowances": N_("Roles with a pace of their own"),
    "stream": N_("While the models write"),
    "result_notice": N_("When a result is in"),
    "language": N_("Language in the channel"),
    "log_channel_id": N_("Log channel"),
    "weekly_channel_id": N_("Recap of the week, on Mondays"),
    "retention_days": N_("Prompts and replies are kept for"),
}

WORDS = {
    "early_close": {
        "asker": N_("who asked, and moderators"),
        "moderators": N_("moderators (Manage Messages)"),
        "nobody": N_("nobody"),
    },
    "ballot": {
        "reactions": N_("with reactions, seen by everyone"),
        "secret": N_("with buttons, in secret"),
    },
    "single_reaction": {
        "on": N_("are taken away (I need Manage Messages for it)"),
        "off": N_("stay; the last one counts"),
    },
    "stream": {
        "lockstep": N_("show both replies growing in step"),
        "together": N_("say that they write, show both when done"),
        "off": N_("show nothing until both are done"),
    },
    "result_notice": {
        "reply": N_("say so in a short reply to the battle"),
        "mention": N_("say so, and mention who asked"),
        "thread": N_("say so in a thread of the battle"),
        "silent": N_("say nothing, only change the battle's message"),
    },
    "language": {
        "auto": N_("the Community's language in Discord, elsewhere the asker's"),
        "en": N_("English"),
        "ja": N_("Japanese"),
    },
    "asker_votes": {"on": N_("counts"), "off": N_("does not count")},
}

NOTHING = {
    "battle_channel_ids": N_("every channel"),
    "battle_role_ids": N_("everyone"),
    "rated_channel_ids": N_("every channel"),
    "close_at_votes": N_("no, wait for the end"),
    "min_account_days": N_("any"),
    "min_member_days": N_("any"),
    "cooldown_seconds": N_("none"),
    "member_battles_per_day": N_("no limit"),
    "role_allowances": N_("none"),
    "log_channel_id": N_("nowhere"),
    "weekly_channel_id": N_("nowhere"),
    "retention_days": N_("until someone deletes them"),
}
"""What a setting is called that holds nothing, or 0."""


def value_text(field: str, value: Value, texts: Translations) -> str:
    _ = texts.gettext
    if value in (None, (), 0) and value is not False:
        return _(NOTHING[field])
    if isinstance(value, tuple):
        separator = "\n" if KINDS[field] is SettingKind.ALLOWANCES else " "
        return separator.join(_listed(field, each, texts) for each in value)
    if field in WORDS:
        return _(WORDS[field][_recorded_as(value)])
    return _number_text(field, int(str(value)), texts)


def _number_text(field: str, value: int, texts: Translations) -> str:
    match KINDS[field]:
        case SettingKind.CHANNEL:
            return f"<#{value}>"
        case SettingKind.SECONDS:
            return spelled(value, texts)
        case SettingKind.DAYS:
            return texts.ngettext("{count} day", "{count} days", value).format(count=value)
        case _:
            return str(value)


def _recorded_as(value: Value) -> str:
    return ("on" if value else "off") if isinstance(value, bool) else str(value)


def change_text(field: str, before: str | None, after: str | None, texts: Translations) -> str:
    """Say what became of a setting, from the record of changes."""
    name, default = texts.gettext(NAMES[field]), texts.gettext("default")
    return (
        f"{name}: {_recorded(field, before, texts) or default} → {_recorded(field, after, texts) or default}"
    )


def _recorded(field: str, text: str | None, texts: Translations) -> str | None:
    if text is None:
        return None
    match KINDS[field]:
        case SettingKind.SECONDS | SettingKind.DAYS | SettingKind.COUNT | SettingKind.CHANNEL:
            return value_text(field, int(text), texts)
        case SettingKind.CHOICE | SettingKind.SWITCH:
            return texts.gettext(WORDS[field].get(text, text))
        case _:
            return text


def standing_text(standing: SettingValue, texts: Translations) -> str:
    """Say a setting, its value, and whether the server decided on it."""
    _ = texts.gettext
    whose = _("set here") if standing.is_own else _("default")
    value = value_text(standing.field, standing.value, texts)
    return f"**{_(NAMES[standing.field])}** · {whose}\n{value}"


def bounds_text(field: str, texts: Translations) -> str:
    """Say what can be typed in for a number."""
    _ = texts.gettext
    least, most = bounds(field)
    if KINDS[field] is SettingKind.SECONDS:
        low = spelled(least, texts) or "0"
        return _("{least} to {most}; for example 90 s, 10 min, 2 h, 1 d").format(
            least=low, most=spelled(most, texts)
        )
    if KINDS[field] is SettingKind.DAYS:
        return _("{least} to {most} days").format(least=least, most=most)
    return _("{least} to {most}").format(least=least, most=most)


def typed_text(field: str, value: Value, texts: Translations) -> str:
    """Write a number as one would type it, and as it is read again."""
    if not isinstance(value, int):
        return ""
    return spelled(value, texts) or "0" if KINDS[field] is SettingKind.SECONDS else str(value)


def _listed(field: str, each: int | RoleAllowance, texts: Translations) -> str:
    if not isinstance(each, RoleAllowance):
        return f"<@&{each}>" if KINDS[field] is SettingKind.ROLES else f"<#{each}>"
    wait = value_text("cooldown_seconds", each.cooldown_seconds, texts)
    battles = value_text("member_battles_per_day", each.battles_per_day, texts)
    return texts.gettext("<@&{role}>: wait {wait}, a day {battles}").format(
        role=each.role_id, wait=wait, battles=battles
    )
