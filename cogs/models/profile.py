"""What `/model` says of a model."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from bot.arena.ratings.model_profiles import extremes
from bot.domain.vote import Vote
from cogs.battles.vote_emoji import EMOJI
from cogs.ui.layout import TEXT_LIMIT, Layout, fitting
from cogs.ui.sanitize import display_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.arena.ratings.bradley_terry import Rating
    from bot.arena.ratings.model_profiles import OpponentRecord, Profile, Share
    from bot.i18n import Translations

RECENT_LIMIT = 1400
"""Characters of the latest battles; what all else leaves of a message is for the opponents."""

MORE = 50
"""Characters that "… and 12 more" may take."""


def profile_page(profile: Profile, recent: Sequence[str], host: str | None, texts: Translations) -> Layout:
    """Lay a model out: its figures, its latest battles, its opponents, and for moderators its host."""
    _ = texts.gettext
    said = [f"## {display_name(profile.entry.model.shown)}", "\n".join(_figures(profile, texts))]
    if recent:
        said.append("### " + _("Latest battles") + "\n" + fitting(recent, texts, RECENT_LIMIT))
    if profile.records:
        heading = "### " + _("Opponents") + "\n"
        room = TEXT_LIMIT - MORE - sum(map(len, [*said, heading, host or ""]))
        said.append(heading + fitting([_record(each, texts) for each in profile.records], texts, room))
    layout = Layout()
    for text in filter(None, [*said, host]):
        layout.add_text(text)
    return layout


def _figures(profile: Profile, texts: Translations) -> list[str]:
    _ = texts.gettext
    rating = profile.rating
    facts = [
        _("rating {rating:.0f} ± {half_width:.0f}").format(
            rating=rating.rating, half_width=rating.half_width
        ),
        texts.ngettext("{count} battle", "{count} battles", rating.battles).format(count=rating.battles),
        texts.ngettext("{count} vote", "{count} votes", rating.votes).format(count=rating.votes),
    ]
    if rating.votes:
        facts.append(_("both bad {percent}%").format(percent=round(100 * rating.both_bad / rating.votes)))
    told = (_apart(profile, texts), _warning(rating, texts), _pace(profile, texts), _extremes(profile, texts))
    return [" · ".join(facts), *chain.from_iterable(told)]


def _apart(profile: Profile, texts: Translations) -> list[str]:
    """Say which group a model is ranked in, unless it is the largest."""
    if not profile.island:
        return []
    apart = texts.gettext(
        "In group {number} of the leaderboard: it never met the models of group 1, not even by way of others,"
        " so which are better is unknown."
    )
    return [apart.format(number=profile.island + 1)]


def _warning(rating: Rating, texts: Translations) -> list[str]:
    """Say what the rating does not tell of a model that most votes found bad."""
    if not rating.is_mostly_bad:
        return []
    explained = texts.gettext(
        "More than half of its votes say that both replies were bad. Such a vote is half a win for each, so"
        " the rating tells how it compares with its opponents, not that its replies are any good."
    )
    return [f"{EMOJI[Vote.BOTH_BAD]} {explained}"]


def _pace(profile: Profile, texts: Translations) -> list[str]:
    _ = texts.gettext
    took: list[str] = []
    if profile.first_token_seconds is not None:
        took.append(_("{seconds:.1f} s to the first word").format(seconds=profile.first_token_seconds))
    if profile.total_seconds is not None:
        took.append(_("{seconds:.1f} s in all").format(seconds=profile.total_seconds))
    if profile.output_tokens is not None:
        took.append(_("{count:.0f} tokens").format(count=profile.output_tokens))
    return [_("Usually: {facts}").format(facts=" · ".join(took))] if took else []


def _extremes(profile: Profile, texts: Translations) -> list[str]:
    _ = texts.gettext
    if not profile.records:
        return []
    found = extremes(profile.records)
    if found is None:
        return [_("Which opponents suit it best and worst, the votes do not tell yet.")]
    return [
        _("Best against **{opponent}**: won {share}").format(
            opponent=display_name(found.best.opponent), share=_share(found.best.share)
        ),
        _("Worst against **{opponent}**: won {share}").format(
            opponent=display_name(found.worst.opponent), share=_share(found.worst.share)
        ),
    ]


def _record(record: OpponentRecord, texts: Translations) -> str:
    sums = record.sums
    return texts.gettext(
        "- against **{opponent}**: won {share}; {wins} won, {losses} lost, {ties} tied, {both_bad} both bad"
    ).format(
        opponent=display_name(record.opponent),
        share=_share(record.share),
        wins=sums.wins_i,
        losses=sums.wins_j,
        ties=sums.ties,
        both_bad=sums.both_bad,
    )


def _share(share: Share) -> str:
    """Write a share with its interval, such as 60% (41–77%)."""
    return f"{share.value:.0%} ({100 * share.lower:.0f}–{share.upper:.0%})"
