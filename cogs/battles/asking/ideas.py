"""Ideas for members without a prompt of their own, of kinds that the server has leaderboards for."""

from __future__ import annotations

from random import SystemRandom
from typing import TYPE_CHECKING, NamedTuple

from bot.arena.categories.rules import CODE
from bot.i18n import N_
from cogs.ratings.board_filter import CATEGORIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.i18n import Translations
    from bot.storage.categories import OwnCategory

OFFERED = 3
OF_OWN = 2
"""So many belong to categories that the server's moderators made, if there are as many."""

ABOUT_CATEGORY = N_("Give a surprising example of this, and explain it: {category}")
IDEAS = (
    ("", N_("Explain to a ten-year-old why ice floats.")),
    ("", N_("Write a haiku about the last train home.")),
    ("", N_("Which is better for a small flat, a cat or a dog? Decide.")),
    ("", N_("Give me three dinners from eggs, rice and whatever is in season.")),
    ("", N_("Rewrite “we regret any inconvenience” so that somebody believes it.")),
    (CODE, N_("Write a Python function that finds the duplicate files in a folder.")),
    (CODE, N_("Explain this regular expression: ^(?=.*\\d)(?=.*[a-z]).{8,}$")),
)
"""Each with the category that the rules put it into, if it is one that is named."""

_random = SystemRandom()


class Idea(NamedTuple):
    """A prompt, the name of what it belongs to, and the key of the server's own category that it is for."""

    prompt: str
    shown: str = ""
    category: str | None = None


def three_ideas(own: Sequence[OwnCategory], texts: Translations) -> list[Idea]:
    """Draw three; `own` are the open categories that the server's moderators made."""
    _ = texts.gettext
    about = [
        Idea(_(ABOUT_CATEGORY).format(category=each.name), each.name, each.key)
        for each in _random.sample(own, min(OF_OWN, len(own)))
    ]
    others = [
        Idea(_(idea), _(CATEGORIES[category]) if category else "")
        for category, idea in _random.sample(IDEAS, OFFERED - len(about))
    ]
    return [*about, *others]
