"""The reactions that are the ballot."""

from __future__ import annotations

from bot.domain.vote import Vote

EMOJI = {Vote.A: "🅰️", Vote.B: "🅱️", Vote.TIE: "🤝", Vote.BOTH_BAD: "👎"}

_VARIATION_SELECTORS: dict[int, None] = dict.fromkeys((0xFE0E, 0xFE0F))
_VOTES = {emoji.translate(_VARIATION_SELECTORS): vote for vote, emoji in EMOJI.items()}


def vote_of(emoji: str) -> Vote | None:
    """Return the choice of a reaction; clients differ in whether they send the variation selector."""
    return _VOTES.get(emoji.translate(_VARIATION_SELECTORS))
