"""What is said of battles that are over, wherever they are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.battle import Side
from bot.domain.vote import Vote
from cogs.battles.vote_emoji import EMOJI
from cogs.ui.markdown import cut
from cogs.ui.sanitize import display_name, sanitize

if TYPE_CHECKING:
    from bot.domain.battle import PastBattle
    from bot.i18n import Translations

# Five battles with the longest names must fit into one message.
EXCERPT_LIMIT = 70
NOTE_LIMIT = 60


def past_text(battle: PastBattle, guild_id: int, texts: Translations, *, may_see: bool) -> str:
    """Say in a few lines how a battle ended and what was asked; of a hidden one, only that there was one."""
    if not may_see:
        return f"{_hidden(texts)}\n-# {_day(battle)}"
    counts = " · ".join(f"{EMOJI[vote]} {battle.tally.count(vote)}" for vote in Vote)
    image = [texts.gettext("with an image")] if battle.has_image else []
    facts = [_day(battle), *image, counts, *_link(battle, guild_id)]
    marks = [f"-# {mark}" for mark in _marks(battle, texts)]
    return "\n".join([_verdict(battle, texts), _quote(battle, texts), f"-# {' · '.join(facts)}", *marks])


def past_line(battle: PastBattle, guild_id: int, texts: Translations, *, may_see: bool) -> str:
    """Say the same in one line, without what was asked."""
    if not may_see:
        return f"- {_hidden(texts)} · {_day(battle)}"
    facts = [_verdict(battle, texts), *_marks(battle, texts), _day(battle), *_link(battle, guild_id)]
    return f"- {' · '.join(facts)}"


def message_link(guild_id: int, channel_id: int, message_id: int) -> str:
    return f"https://discord.com/channels/{guild_id}/{channel_id}/{message_id}"


def _quote(battle: PastBattle, texts: Translations) -> str:
    if battle.prompt is None:
        return texts.gettext("(deleted)")
    return texts.gettext("“{text}”").format(text=_one_line(battle.prompt, EXCERPT_LIMIT))


def _hidden(texts: Translations) -> str:
    return texts.gettext("A battle in a channel that you cannot see")


def _day(battle: PastBattle) -> str:
    return f"<t:{battle.closed_at:.0f}:d>"


def _link(battle: PastBattle, guild_id: int) -> list[str]:
    if battle.message_id is None:
        return []
    return [message_link(guild_id, battle.channel_id, battle.message_id)]


def _verdict(battle: PastBattle, texts: Translations) -> str:
    _ = texts.gettext
    a = f"{EMOJI[Vote.A]} **{display_name(battle.model_a)}**"
    b = f"{EMOJI[Vote.B]} **{display_name(battle.model_b)}**"
    winner = battle.tally.winner
    if winner is None:
        return _("{a} and {b} got no votes").format(a=a, b=b)
    if winner is Vote.TIE:
        return f"{EMOJI[winner]} " + _("{a} and {b} tied").format(a=a, b=b)
    if winner is Vote.BOTH_BAD:
        return f"{EMOJI[winner]} " + _("{a} and {b} were both bad").format(a=a, b=b)
    best, other = (a, b) if Side(winner) is Side.A else (b, a)
    return "🏆 " + _("{winner} beat {loser}").format(winner=best, loser=other)


def _marks(battle: PastBattle, texts: Translations) -> list[str]:
    """Say why a battle does not count, where it does not."""
    _ = texts.gettext
    marks = [] if battle.is_rated else [_("Not rated")]
    if battle.is_voided and battle.void_note:
        reason = _one_line(battle.void_note, NOTE_LIMIT)
        marks.append(_("Taken out of the ratings by a moderator: {reason}").format(reason=reason))
    elif battle.is_voided:
        marks.append(_("Taken out of the ratings by a moderator"))
    return marks


def _one_line(text: str, limit: int) -> str:
    return cut(sanitize(" ".join(text.split())), limit)
