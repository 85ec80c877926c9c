"""How long a reply must be read at least; pure.

Nobody reads more than 1,000 words a minute with understanding (Rayner et al. 2016), four times what adults
read silently (Brysbaert 2019): that is 100 characters of English a second, spaces included. Aloud, people
read 987 characters of English a minute and 357 of Japanese (IReST, Trauzettel-Klosinski and Dietz 2012), so a
wide character is taken to need 2.8 times as long: 36 a second, 2,160 a minute. Generous on purpose: a vote
that was faster still was cast without reading.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.domain.battle import Battle, Contestant

NARROW_PER_SECOND = 100.0
WIDE_PER_SECOND = 36.0
SHOWN = 1400
"""Characters of a reply that a card shows beside another long one; to read on is left to the voter."""

# What takes two columns: kana, Han and Hangul, with their punctuation and full-width forms.
_WIDE = re.compile(
    r"[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60\U00020000-\U0003fffd]"
)


def reading_seconds(text: str) -> float:
    wide = len(_WIDE.findall(text))
    return wide / WIDE_PER_SECOND + (len(text) - wide) / NARROW_PER_SECOND


def readable_at(battle: Battle, whole_at: float) -> float:
    """Return the moment before which nobody can have read both of the first replies, whole at `whole_at`.

    Where they are shown while they are written, reading begins with the first word.
    """
    begun = battle.opened_at + min(_first_word(battle.a), _first_word(battle.b))
    if battle.rules.stream == "off":
        begun = whole_at
    return begun + sum(reading_seconds(each.reply[:SHOWN]) for each in (battle.a, battle.b))


def _first_word(contestant: Contestant) -> float:
    return contestant.first_token_seconds or 0.0
