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
    compare_button,
    continue_button,
    is_readable,
    read_button,
    rematch_button,
)
from cogs.battles.card_result import VOID_REASONS, mark, notes, result, title, work
from cogs.battles.replies.preview import ELLIPSIS, Preview, preview, previews
from cogs.battles.vote_buttons import vote_buttons
from cogs.battles.vote_emoji import COLOURS, EMOJI
from cogs.ui.layout import TEXT_LIMIT, ButtonText, Layout, gallery_of
from cogs.ui.markdown import cut, prefix, share
from cogs.ui.round_names import round_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.arena.battles.card import PartialReply
    from bot.i18n import Translations
    from cogs.battles.card_result import Gettext
    from cogs.ui.layout import Button, PictureGallery


GOLD = 0xEAB308

REFUSED = N_("Discord does not accept this text.")

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
    bodies = {side: prefix(partial.text, partial.count) for side, partial in replies.items()} if begun else {}
    return _draw(battle, bodies, _titles(_), f"-# {footer}" + _archival(battle, channel))


def ballot_card(battle: Battle, max_turns: int, channel: object | None = None) -> Layout:
    """Draw both replies, long ones in part, and say until when one can vote.

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
    footer += _archival(battle, channel)
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
    titles = {side: title(battle, side) for side in Side}
    left_out = _notices(battle, _).keys()
    top = "\n".join([*result(battle, texts), *notes(battle, left_out, texts)])
    return _draw(battle, _replies(battle), titles, top=top)


def _draw(
    battle: Battle,
    bodies: Mapping[Side, str],
    titles: Mapping[Side, str],
    footer: str = "",
    *,
    top: str = "",
    may_continue: bool = False,
) -> Layout:
    """Lay out the result, the prompt, the replies and the ballot, in this order, and small deeds last."""
    texts = translations(battle.locale)
    heading = _heading(battle, texts)
    notices = _notices(battle, texts.gettext)
    said = {side: _said(battle, side, texts, is_shown=side not in notices) for side in titles}
    prompt, replies = _shown(battle, bodies, titles, notices)
    more = {side: _more(battle, side.value, shown.hidden, texts) for side, shown in replies.items()}
    more_prompt = _more(battle, "prompt", prompt.hidden, texts)
    fixed = [top, heading, footer, *titles.values(), *_texts_of(more.values()), *_texts_of([more_prompt])]
    fixed += [line for lines in said.values() for line in lines]
    wanted = [len(prompt.text), *(len(replies[side].text) for side in titles)]
    room = share(wanted, TEXT_LIMIT - sum(map(len, fixed)))
    card = Layout()
    if top:
        card.add_section(top, colour=GOLD)
    card.add_section(heading, _fitted(prompt, room[0]), *more_prompt, *_image(battle, texts.gettext))
    for (side, name), space in zip(titles.items(), room[1:], strict=True):
        body = _fitted(replies[side], space)
        card.add_section(name, body, *more[side], *said[side], colour=COLOURS[side])
    if is_readable(battle):
        card.add_buttons(compare_button(battle, texts))
    if footer:
        card.add_text(footer)
    card.add_buttons(*_choices(battle))
    card.add_buttons(*_deeds(battle, texts, may_continue=may_continue))
    return card


def _heading(battle: Battle, texts: Translations) -> str:
    heading = "### " + texts.gettext("Prompt")
    if battle.turns:
        number = battle.turns[-1].number
        heading = "### " + texts.gettext("Prompt, turn {number}").format(number=number)
    if battle.match:
        heading += f" · 🏟️ {round_name(battle.match.place.of, texts)}"
    return heading


def _shown(
    battle: Battle,
    bodies: Mapping[Side, str],
    titles: Mapping[Side, str],
    notices: Mapping[CardPart, str],
) -> tuple[Preview, dict[Side, Preview]]:
    """Return what is shown of the prompt and of both replies; what stands in place of one tells no length."""
    _ = translations(battle.locale).gettext
    nothing = Preview("-# " + (ELLIPSIS if battle.texts_removed_at is None else _("(deleted)")))
    empty = Preview("-# " + _("(empty)")) if is_readable(battle) else nothing
    prompt = preview(battle.last_prompt)
    if CardPart.PROMPT in notices or not prompt.text:
        prompt = Preview(notices.get(CardPart.PROMPT, nothing.text))
    seen = previews({side: bodies.get(side, "") for side in titles if CardPart(side) not in notices})
    instead = {side: Preview(notices[CardPart(side)]) for side in titles if CardPart(side) in notices}
    replies = {side: shown if shown.text else empty for side, shown in seen.items()} | instead
    return prompt, replies


def _said(battle: Battle, side: Side, texts: Translations, *, is_shown: bool) -> list[str]:
    """Return the small lines under a reply: how it ended, and once revealed what its model needed for it."""
    lines = [mark(battle.last_finish(side), texts)] if is_shown else []
    if battle.is_revealed:
        lines.append(work(battle.contestant(side), texts.gettext))
    return ["\n".join(found)] if (found := list(filter(None, lines))) else []


def _more(battle: Battle, subject: str, hidden: int, texts: Translations) -> list[str | ButtonText]:
    """Say where a text is cut how much follows, and open it there; of a later turn also what came before."""
    if not hidden and not (battle.turns and is_readable(battle)):
        return []
    said = "-# " + (_continues(hidden, texts) if hidden else texts.gettext("with the turns before"))
    if not is_readable(battle):
        return [said]
    return [ButtonText(said, read_button(battle.battle_id, subject, texts))]


def _continues(hidden: int, texts: Translations) -> str:
    """Say about how many characters follow, in two digits, as nobody counts them."""
    step = 10 ** max(0, len(str(hidden)) - 2)
    about = f"{max(hidden // step * step, 1):,}"
    return texts.ngettext(
        "continues: about {count} more character", "continues: about {count} more characters", hidden
    ).format(count=about)


def _texts_of(parts: Iterable[Sequence[str | ButtonText]]) -> list[str]:
    return [part if isinstance(part, str) else part.text for found in parts for part in found]


def _fitted(shown: Preview, room: int) -> str:
    return (cut(shown.text, room).strip() if room else "") or "-# " + ELLIPSIS


def _notices(battle: Battle, _: Gettext) -> dict[CardPart, str]:
    """Return what stands in place of the parts that are not shown."""
    notices = dict.fromkeys(battle.refused, "-# " + _(REFUSED))
    return notices | {CardPart(side): "-# " + _(HIDDEN) for side in battle.hidden}


def _image(battle: Battle, _: Gettext) -> list[PictureGallery]:
    if battle.image_kind is None or not battle.shows_image:
        return []
    return [gallery_of(battle.image_kind.file_name, _("The image that belongs to the prompt"))]


def _choices(battle: Battle) -> list[Button]:
    """Return the buttons of a secret ballot, which is open while the models write a further turn, too."""
    is_open = battle.state is BattleState.VOTING or (battle.state is BattleState.GENERATING and battle.turns)
    if battle.rules.ballot != "secret" or not is_open:
        return []
    return vote_buttons(battle.battle_id, translations(battle.locale))


def _deeds(battle: Battle, texts: Translations, *, may_continue: bool) -> list[Button]:
    """Return what few members may press, or want to."""
    if battle.state is BattleState.GENERATING:
        return [cancel_button(battle.battle_id, texts)]
    if not is_readable(battle):
        return []
    buttons: list[Button] = []
    if may_continue:
        buttons.append(continue_button(battle.battle_id, texts))
    if battle.state is BattleState.VOTING and battle.rules.early_close != "nobody":
        buttons.append(close_button(battle, texts))
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
