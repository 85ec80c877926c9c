"""The reactions that are the ballot, and the colours of both sides."""

from __future__ import annotations

from bot.domain.battle import Side
from bot.domain.vote import Vote

EMOJI = {Vote.A: "🅰️", Vote.B: "🅱️", Vote.TIE: "🤝", Vote.BOTH_BAD: "👎"}
COLOURS = {Side.A: 0x3B82F6, Side.B: 0xF97316}

_VARIATION_SELECTORS: dict[int, None] = dict.fromkeys((0xFE0E, 0xFE0F))
_VOTES = {emoji.translate(_VARIATION_SELECTORS): vote for vote, emoji in EMOJI.items()}


def vote_of(emoji: str) -> Vote | None:
    """Return the choice of a reaction; clients differ in whether they send the variation selector."""
    return _VOTES.get(emoji.translate(_VARIATION_SELECTORS))
