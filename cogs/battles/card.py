"""The card of a battle; until the reveal nothing on it depends on who the models are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.domain.battle import Battle, BattleState, CardPart, Side, VoidReason
from bot.domain.vote import Vote
from bot.i18n import N_, sentences, translations
from cogs.battles.card_buttons import (
    HIDDEN,
    cancel_button,
    close_button,
    continue_button,
    read_button,
    rematch_button,
    report_button,
)
from cogs.battles.card_result import VOID_REASONS, details, mark, notes, tally, verdict
from cogs.battles.vote_buttons import vote_buttons
from cogs.battles.vote_emoji import EMOJI
from cogs.ui.layout import TEXT_LIMIT, Layout, gallery_of
from cogs.ui.markdown import close, cut, prefix, share
from cogs.ui.round_names import round_name
from cogs.ui.sanitize import display_name, sanitize

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.arena.battles.card import PartialReply
    from cogs.battles.card_result import Gettext
    from cogs.ui.layout import Button, PictureCache


READ_LIMIT = TEXT_LIMIT + 1000
"""Characters of a reply that a card looks at: the rest cannot be shown, and reading it takes time."""

PROMPT_LIMIT = 1000
COLOURS = {Side.A: 0x3B82F6, Side.B: 0xF97316}

REFUSED = N_("Discord does not take this text.")

BALLOTS = {
    "reactions": N_("Vote with the reactions below until {time} ({countdown}). Your last reaction counts."),
    "secret": N_(
        "Vote with the buttons below until {time} ({countdown}). Votes are secret; the reveal shows counts."
    ),
}


def replies_card(
    battle: Battle, replies: Mapping[Side, PartialReply], channel: object | None = None
) -> Layout:
    """Draw both replies in progress, or "thinking" as long as one side has nothing."""
    _ = translations(battle.locale).gettext
    begun = any(partial.count for partial in replies.values())
    footer = _("Both models are writing …") if begun else _("Both models are thinking …")
    if place := max(partial.place for partial in replies.values()):
        footer = _("Waiting until the models are free: number {place} in the queue.").format(place=place)
    if battle.seeds and not battle.turns:
        footer = sentences(footer, _("Reactions added before the vote opens do not count."))
    bodies = (
        {side: prefix(partial.text, min(partial.count, READ_LIMIT)) for side, partial in replies.items()}
        if begun
        else {}
    )
    return _draw(battle, bodies, _titles(_), f"-# {footer}" + _archival(battle, channel))


def ballot_card(battle: Battle, max_turns: int, channel: object | None = None) -> Layout:
    """Draw both replies whole, as far as they fit, and say until when one can vote.

    A conversation of `max_turns` turns cannot be continued, nor one whose image is gone.
    """
    texts = translations(battle.locale)
    _ = texts.gettext
    moment = int(battle.closes_at or 0)
    footer = _(BALLOTS[battle.rules.ballot]).format(time=f"<t:{moment}:T>", countdown=f"<t:{moment}:R>")
    if enough := battle.rules.close_at_votes:
        ends = texts.ngettext(
            "The vote ends at once with {count} vote.", "The vote ends at once with {count} votes.", enough
        )
        footer = sentences(footer, ends.format(count=enough))
    has_room = len(battle.turns) + 1 < max_turns
    may_continue = has_room and battle.match is None and not battle.lost_image
    footer = f"-# {footer}" + _archival(battle, channel)
    return _draw(battle, _replies(battle), _titles(_), footer, may_continue=may_continue)


def _archival(battle: Battle, channel: object | None) -> str:
    """Say of a thread that it may be archived before the vote ends, in a line of its own."""
    if not isinstance(channel, discord.Thread):
        return ""
    hours = channel.auto_archive_duration // 60
    if battle.rules.voting_seconds <= hours * 3600:
        return ""
    text = translations(battle.locale).ngettext(
        "Discord archives this thread after {count} hour without a message;"
        " nobody can vote then until somebody writes here.",
        "Discord archives this thread after {count} hours without a message;"
        " nobody can vote then until somebody writes here.",
        hours,
    )
    return "\n-# " + text.format(count=hours)


def end_card(battle: Battle) -> Layout:
    """Draw the reveal of a closed battle, or say why a voided one was called off."""
    texts = translations(battle.locale)
    _ = texts.gettext
    taken_out = battle.voided is VoidReason.MODERATOR
    if battle.state is BattleState.VOIDED and not taken_out:
        reason = _(VOID_REASONS[battle.voided or VoidReason.BOT_ERROR])
        notice = _("This battle was called off and does not count.")
        return _draw(battle, {}, {}, f"{notice}\n{reason}")
    titles = {side: f"### {EMOJI[Vote(side)]} {display_name(battle.contestant(side).model)}" for side in Side}
    left_out = _notices(battle, _).keys()
    lines = [verdict(battle, _), tally(battle.tally, texts), *details(battle, _)]
    lines += notes(battle, left_out, texts)
    return _draw(battle, _replies(battle), titles, "\n".join(lines))


def _draw(
    battle: Battle,
    bodies: Mapping[Side, str],
    titles: Mapping[Side, str],
    footer: str,
    *,
    may_continue: bool = False,
) -> Layout:
    """Lay the sections out; what the fixed texts leave of the limit is shared among prompt and replies."""
    _ = translations(battle.locale).gettext
    heading = "### " + _("Prompt")
    nothing = "-# " + ("…" if battle.texts_removed_at is None else _("(deleted)"))
    if battle.turns:
        heading = "### " + _("Prompt, turn {number}").format(number=battle.turns[-1].number)
    if battle.match:
        heading += f" · 🏟️ {round_name(battle.match.place.of, translations(battle.locale))}"
    notices = _notices(battle, _)
    parts = {side: CardPart(side) for side in titles}
    marks = {
        side: mark(battle.last_finish(side), translations(battle.locale))
        for side in titles
        if parts[side] not in notices
    }
    prompt = notices.get(CardPart.PROMPT) or close(sanitize(battle.last_prompt)).strip() or nothing
    replies = {
        side: notices.get(part) or close(sanitize(prefix(bodies.get(side, ""), READ_LIMIT)))
        for side, part in parts.items()
    }
    fixed = [heading, *titles.values(), *marks.values(), footer, *(nothing for _side in titles)]
    wanted = [min(len(prompt), PROMPT_LIMIT), *map(len, replies.values())]
    room = share(wanted, TEXT_LIMIT - sum(map(len, fixed)))
    card = Layout()
    card.add_section(heading, cut(prompt, room[0]), *_image(battle, _))
    for (side, title), space in zip(titles.items(), room[1:], strict=True):
        body = cut(replies[side], space).strip() if space else ""
        button = report_button(battle, side, translations(battle.locale))
        said_of_it = filter(None, [marks.get(side)])
        card.add_section(title, body or nothing, *said_of_it, colour=COLOURS[side], button=button)
    card.add_text(footer)
    card.add_buttons(*_choices(battle))
    card.add_buttons(*_buttons(battle, prompt_is_cut=len(prompt) > room[0], may_continue=may_continue))
    return card


def _notices(battle: Battle, _: Gettext) -> dict[CardPart, str]:
    """Return what stands in place of the parts that are not shown."""
    notices = dict.fromkeys(battle.refused, "-# " + _(REFUSED))
    return notices | {CardPart(side): "-# " + _(HIDDEN) for side in battle.hidden}


def _image(battle: Battle, _: Gettext) -> list[PictureCache]:
    if battle.image_kind is None or not battle.shows_image:
        return []
    return [gallery_of(battle.image_kind.file_name, _("The image that belongs to the prompt"))]


def _choices(battle: Battle) -> list[Button]:
    """Return the buttons of a secret ballot, which is open while the models write a further turn, too."""
    is_open = battle.state is BattleState.VOTING or (battle.state is BattleState.GENERATING and battle.turns)
    if battle.rules.ballot != "secret" or not is_open:
        return []
    return vote_buttons(battle.battle_id, translations(battle.locale))


def _buttons(battle: Battle, *, prompt_is_cut: bool, may_continue: bool) -> list[Button]:
    texts = translations(battle.locale)
    if battle.state is BattleState.GENERATING:
        return [cancel_button(battle.battle_id, texts)]
    if battle.state is BattleState.VOIDED or battle.texts_removed_at is not None:
        return []
    subjects = ["a", "b", "prompt"] if prompt_is_cut or battle.turns else ["a", "b"]
    buttons = [read_button(battle.battle_id, subject, texts) for subject in subjects]
    if may_continue:
        buttons.append(continue_button(battle.battle_id, texts))
    if battle.state is BattleState.VOTING and battle.rules.early_close != "nobody":
        buttons.append(close_button(battle.battle_id, texts))
    if battle.state is BattleState.CLOSED and battle.image_kind is None:
        buttons.append(rematch_button(battle.battle_id, texts))
    return buttons


def _titles(_: Gettext) -> dict[Side, str]:
    return {
        Side.A: f"### {EMOJI[Vote.A]} " + _("Reply A"),
        Side.B: f"### {EMOJI[Vote.B]} " + _("Reply B"),
    }


def _replies(battle: Battle) -> dict[Side, str]:
    return {side: battle.last_reply(side) for side in Side}
