"""What the rounds of a tournament are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.i18n import N_

if TYPE_CHECKING:
    from bot.i18n import Translations

ROUNDS = {
    2: N_("Final"),
    4: N_("Semi-final"),
    8: N_("Quarter-final"),
    16: N_("Round of 16"),
}


def round_name(of: int, texts: Translations) -> str:
    """Name the round that begins with so many models."""
    return texts.gettext(ROUNDS[of])
