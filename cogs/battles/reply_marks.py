"""Marks under replies that ended otherwise than with the model's last word, in the same words for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.battle import FinishReason
from bot.i18n import N_

if TYPE_CHECKING:
    from bot.i18n import Translations

MARKS = {
    FinishReason.LENGTH: N_("This reply was cut off by the model's length limit."),
    FinishReason.REFUSAL: N_("The model declined to answer."),
    FinishReason.UNKNOWN: N_("This reply ended for an unknown reason. It may be incomplete."),
}


def mark(finish: FinishReason, texts: Translations) -> str:
    """Return a line to put under the reply; empty where it is whole."""
    return "-# " + texts.gettext(MARKS[finish]) if finish in MARKS else ""
