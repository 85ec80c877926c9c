"""The card of a battle; until the reveal nothing on it depends on who the models are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.domain.battle import Battle, BattleState, CardPart, Contestant, Side, UnratedReason, VoidReason
from bot.domain.vote import Tally, Vote
from bot.i18n import N_, translations
from cogs.battles.card_buttons import (
    HIDDEN,
    cancel_button,
    close_button,
    continue_button,
    read_button,
    rematch_button,
    report_button,
)
from cogs.battles.reply_marks import mark
from cogs.battles.vote_buttons import vote_buttons
from cogs.battles.vote_emoji import EMOJI
from cogs.ui.layout import TEXT_LIMIT, Layout, gallery_of
from cogs.ui.markdown import close, cut, prefix, share
from cogs.ui.round_names import round_name
from cogs.ui.sanitize import display_name, sanitize

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.arena.battles.card import PartialReply
    from bot.i18n import Translations
    from cogs.ui.layout import Button, PictureCache

    Gettext = Callable[[str], str]


READ_LIMIT = TEXT_LIMIT + 1000
"""Characters of a reply that a card looks at: the rest cannot be shown, and reading it takes time."""

PROMPT_LIMIT = 1000
LEAK_LIMIT = 60
COLOURS = {Side.A: 0x3B82F6, Side.B: 0xF97316}

VOID_REASONS = {
    VoidReason.RESTARTED: N_("The bot was restarted while the models were answering."),
    VoidReason.MODELS_FAILED: N_("Fewer than two models were able to answer. Please try again later."),
    VoidReason.PROMPT_TOO_LONG: N_(
        "The prompt is too large for the models that can answer here. Please shorten it, or use a smaller"
        " image."
    ),
    VoidReason.CANCELLED: N_("It was cancelled by the member who asked, while the models were writing."),
    VoidReason.MODERATOR_CANCELLED: N_("It was cancelled by a moderator, while the models were writing."),
    VoidReason.MESSAGE_GONE: N_("The message of the battle was deleted."),
    VoidReason.CHANNEL_GONE: N_("The channel of the battle was deleted."),
    VoidReason.GUILD_GONE: N_("The bot left the server."),
    VoidReason.NO_PERMISSION: N_("The bot lost a permission that it needs in this channel."),
    VoidReason.NOT_POSTED: N_("Discord did not confirm the message of the battle."),
    VoidReason.MODERATOR: N_("A moderator took this battle out of the ratings: {reason}"),
    VoidReason.BOT_ERROR: N_("Something went wrong inside the bot. The operator can see it in the log."),
}

UNRATED_REASONS = {
    UnratedReason.ASKED_IDENTITY: N_("Not rated: the prompt asks the models who they are."),
    UnratedReason.CHANNEL: N_("Not rated: battles in this channel are for fun."),
    UnratedReason.CHOSEN: N_("Not rated: a moderator chose the models."),
    UnratedReason.TOURNAMENT: N_("Not rated: this tournament is for fun."),
    UnratedReason.FEW_VOTES: N_("Not rated: that takes at least {count} votes here."),
    UnratedReason.REFUSED: N_("Not rated: Discord does not take one of the texts."),
}
"""What the card says beside its leaks, which are reasons of their own."""

REFUSED = N_("Discord does not take this text.")

BALLOTS = {
    "reactions": N_("Vote with the reactions below until {time} ({countdown}). Your last reaction counts."),
    "secret": N_(
        "Vote with the buttons below until {time} ({countdown}). Votes are secret; the reveal shows counts."
    ),
}


def replies_card(battle: Battle, replies: Mapping[Side, PartialReply]) -> Layout:
    """Draw both replies in progress, or "thinking" as long as one side has nothing."""
    _ = translations(battle.locale).gettext
    begun = any(partial.count for partial in replies.values())
    footer = _("Both models are writing …") if begun else _("Both models are thinking …")
    bodies = (
        {side: prefix(partial.text, min(partial.count, READ_LIMIT)) for side, partial in replies.items()}
        if begun
        else {}
    )
    return _draw(battle, bodies, _titles(_), f"-# {footer}")


def ballot_card(battle: Battle, max_turns: int) -> Layout:
    """Draw both replies whole, as far as they fit, and say until when one can vote.

    A conversation of `max_turns` turns cannot be continued, nor one whose image is gone.
    """
    texts = translations(battle.locale)
    _ = texts.gettext
    moment = int(battle.closes_at or 0)
    footer = _(BALLOTS[battle.rules.ballot]).format(time=f"<t:{moment}:T>", countdown=f"<t:{moment}:R>")
    if enough := battle.rules.close_at_votes:
        footer += " " + texts.ngettext(
            "The vote ends at once with {count} vote.", "The vote ends at once with {count} votes.", enough
        ).format(count=enough)
    has_room = len(battle.turns) + 1 < max_turns
    may_continue = has_room and battle.match is None and not battle.lost_image
    return _draw(battle, _replies(battle), _titles(_), f"-# {footer}", may_continue=may_continue)


def end_card(battle: Battle) -> Layout:
    """Draw the reveal of a closed battle, or say why a voided one was called off."""
    texts = translations(battle.locale)
    _ = texts.gettext
    taken_out = battle.voided is VoidReason.MODERATOR
    if battle.state is BattleState.VOIDED and not taken_out:
        reason = _(VOID_REASONS[battle.voided or VoidReason.BOT_ERROR])
        notice = _("This battle was called off and does not count.")
        return _draw(battle, {}, {}, f"{notice}\n{reason}")
    titles = {side: f"### {EMOJI[Vote(side)]} {_name(battle.contestant(side))}" for side in Side}
    lines = [_verdict(battle, _), _tally(battle.tally, texts), *_details(battle, _), *_notes(battle, texts)]
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


def _name(contestant: Contestant) -> str:
    return display_name(contestant.model)


def _verdict(battle: Battle, _: Gettext) -> str:
    winner = battle.tally.winner
    if winner is None:
        return "## " + _("No votes")
    if winner is Vote.TIE:
        return f"## {EMOJI[winner]} " + _("A tie")
    if winner is Vote.BOTH_BAD:
        return f"## {EMOJI[winner]} " + _("Both are bad")
    return "## 🏆 " + _("{model} wins").format(model=_name(battle.contestant(Side(winner))))


def _tally(tally: Tally, texts: Translations) -> str:
    counts = " · ".join(f"{EMOJI[vote]} {tally.count(vote)}" for vote in Vote)
    votes = texts.ngettext("{count} vote", "{count} votes", tally.votes).format(count=tally.votes)
    return texts.gettext("{counts} ({votes})").format(counts=counts, votes=votes)


def _details(battle: Battle, _: Gettext) -> list[str]:
    return [
        f"{EMOJI[Vote(side)]} **{_name(contestant)}** · {_rating(contestant, _)}{_speed(contestant, _)}"
        for side in Side
        for contestant in [battle.contestant(side)]
    ]


def _rating(contestant: Contestant, _: Gettext) -> str:
    before, after = round(contestant.rating_before or 0), round(contestant.rating_after or 0)
    return _("rating {before} → {after} ({change:+d})").format(
        before=before, after=after, change=after - before
    )


def _speed(contestant: Contestant, _: Gettext) -> str:
    parts: list[str] = []
    if contestant.first_token_seconds is not None and contestant.total_seconds is not None:
        parts.append(
            _("{first:.1f} s to the first word, {total:.1f} s in all").format(
                first=contestant.first_token_seconds, total=contestant.total_seconds
            )
        )
    if contestant.output_tokens is not None:
        parts.append(_("{count} tokens").format(count=contestant.output_tokens))
    return "".join(f" · {part}" for part in parts)


def _notes(battle: Battle, texts: Translations) -> list[str]:
    """Say what did not count, and why."""
    _ = texts.gettext
    left_out = _notices(battle, _)
    notes: list[str] = []
    if battle.unclear:
        notes.append(
            texts.ngettext(
                "{count} vote was unclear and is not counted (several reactions, order unknown).",
                "{count} votes were unclear and are not counted (several reactions, order unknown).",
                battle.unclear,
            ).format(count=battle.unclear)
        )
    if battle.uncounted:
        notes.append(
            texts.ngettext(
                "{count} vote is not counted by the rules of this server.",
                "{count} votes are not counted by the rules of this server.",
                battle.uncounted,
            ).format(count=battle.uncounted)
        )
    if battle.voided is VoidReason.MODERATOR:
        reason = sanitize(discord.utils.escape_markdown(battle.void_note or ""))
        notes.append(_(VOID_REASONS[VoidReason.MODERATOR]).format(reason=reason))
    if battle.unrated and battle.unrated in UNRATED_REASONS:
        notes.append(_(UNRATED_REASONS[battle.unrated]).format(count=battle.rules.min_votes_rated))
    notes += [
        _("Not rated: reply {side} gives its model away (“{text}”).").format(
            side=side.upper(),
            text="…"
            if CardPart(side) in left_out
            else sanitize(discord.utils.escape_markdown(leak[:LEAK_LIMIT])),
        )
        for side in Side
        if (leak := battle.contestant(side).leak)
    ]
    if battle.unrated is UnratedReason.LEAK and battle.texts_removed_at is not None:
        notes.append(_("Not rated: a reply gives its model away."))
    return [f"-# {note}" for note in notes]
