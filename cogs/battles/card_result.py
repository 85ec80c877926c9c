"""What a card says of how a battle went: marks on replies, the verdict, the tally, facts, notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.domain.battle import CardPart, FinishReason, Side, UnratedReason, VoidReason
from bot.domain.vote import Vote
from bot.i18n import N_
from cogs.battles.vote_emoji import EMOJI
from cogs.ui.sanitize import display_name, sanitize

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from bot.domain.battle import Battle, Contestant
    from bot.domain.vote import Tally
    from bot.i18n import Translations

    Gettext = Callable[[str], str]

LEAK_LIMIT = 60

MARKS = {
    FinishReason.LENGTH: N_("This reply was cut off by the model's length limit."),
    FinishReason.REFUSAL: N_("The model declined to answer."),
    FinishReason.UNKNOWN: N_("This reply ended for an unknown reason. It may be incomplete."),
}
"""Of replies that ended otherwise than with the model's last word, in the same words for all models."""

VOID_REASONS = {
    VoidReason.RESTARTED: N_("The bot was restarted while the models were answering."),
    VoidReason.MODELS_FAILED: N_("Fewer than two models were able to answer. Please try again later."),
    VoidReason.PROMPT_TOO_LONG: N_(
        "The prompt is too large for the models that can answer here. Please shorten it, or use a smaller"
        " image."
    ),
    VoidReason.CROWDED: N_(
        "The models were busy with others, and the turn of this battle did not come in time. Please try again"
        " later."
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
    UnratedReason.CERTAIN_PAIR: N_("Not rated: no other two models were left for this rematch."),
    UnratedReason.REFUSED: N_("Not rated: Discord does not accept one of the texts."),
}
"""What the card says beside its leaks, which are reasons of their own."""


def mark(finish: FinishReason, texts: Translations) -> str:
    """Return a line to put under the reply; empty where it is whole."""
    return "-# " + texts.gettext(MARKS[finish]) if finish in MARKS else ""


def verdict(battle: Battle, _: Gettext) -> str:
    winner = battle.tally.winner
    if winner is None:
        return "## " + _("No votes")
    if winner is Vote.TIE:
        return f"## {EMOJI[winner]} " + _("A tie")
    if winner is Vote.BOTH_BAD:
        return f"## {EMOJI[winner]} " + _("Both are bad")
    return "## 🏆 " + _("{model} wins").format(model=display_name(battle.contestant(Side(winner)).model))


def tally(tally: Tally, texts: Translations) -> str:
    counts = " · ".join(f"{EMOJI[vote]} {tally.count(vote)}" for vote in Vote)
    votes = texts.ngettext("{count} vote", "{count} votes", tally.votes).format(count=tally.votes)
    return texts.gettext("{counts} ({votes})").format(counts=counts, votes=votes)


def result(battle: Battle, texts: Translations) -> list[str]:
    """Say who won, who fought and how far their ratings moved, and how members voted."""
    _ = texts.gettext
    moves = [_move(battle.contestant(side), _) for side in Side]
    return [verdict(battle, _), *moves, tally(battle.tally, texts)]


def title(battle: Battle, side: Side) -> str:
    name = f"### {EMOJI[Vote(side)]} {display_name(battle.contestant(side).model)}"
    return f"{name} 🏆" if battle.tally.winner == Vote(side) else name


def _move(contestant: Contestant, _: Gettext) -> str:
    name = f"{EMOJI[Vote(contestant.side)]} **{display_name(contestant.model)}**"
    rating = _rating(contestant, _)
    if contestant.is_provisional:
        rating = _("{rating} (provisional)").format(rating=rating)
    return f"{name} · {rating}"


def _rating(contestant: Contestant, _: Gettext) -> str:
    """Say how far the rating moved; where it stayed, as without a rated vote, only what it is."""
    before, after = round(contestant.rating_before or 0), round(contestant.rating_after or 0)
    if before == after:
        return _("rating {rating}").format(rating=after)
    arrow = "▲" if after > before else "▼"
    return _("rating {before} → **{after}** {arrow} {change}").format(
        before=before, after=after, arrow=arrow, change=abs(after - before)
    )


def work(contestant: Contestant, _: Gettext) -> str:
    """Say in small print how fast a reply came and how many tokens it has."""
    parts: list[str] = []
    if contestant.first_token_seconds is not None and contestant.total_seconds is not None:
        parts.append(
            _("{first:.1f} s to the first word, {total:.1f} s in all").format(
                first=contestant.first_token_seconds, total=contestant.total_seconds
            )
        )
    if contestant.output_tokens is not None:
        parts.append(_("{count} tokens").format(count=contestant.output_tokens))
    return f"-# {' · '.join(parts)}" if parts else ""


def notes(battle: Battle, left_out: Collection[CardPart], texts: Translations) -> list[str]:
    """Say what did not count, and why; what is `left_out` of the card is not quoted."""
    _ = texts.gettext
    lines: list[str] = []
    if battle.unclear:
        lines.append(
            texts.ngettext(
                "{count} vote was unclear and is not counted (several reactions, order unknown).",
                "{count} votes were unclear and are not counted (several reactions, order unknown).",
                battle.unclear,
            ).format(count=battle.unclear)
        )
    if battle.uncounted:
        lines.append(
            texts.ngettext(
                "{count} vote is not counted by the rules of this server.",
                "{count} votes are not counted by the rules of this server.",
                battle.uncounted,
            ).format(count=battle.uncounted)
        )
    if battle.voided is VoidReason.MODERATOR:
        reason = sanitize(discord.utils.escape_markdown(battle.void_note or ""))
        lines.append(_(VOID_REASONS[VoidReason.MODERATOR]).format(reason=reason))
    if battle.unrated and battle.unrated in UNRATED_REASONS:
        lines.append(_(UNRATED_REASONS[battle.unrated]).format(count=battle.rules.min_votes_rated))
    lines += [
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
        lines.append(_("Not rated: a reply gives its model away."))
    return [f"-# {note}" for note in lines]
