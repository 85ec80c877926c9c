"""`/battle models:`: the pair that a moderator chooses."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from bot.arena.battles.request import ChosenPair
from bot.arena.matchmaking.named_models import SEPARATOR, read_pair, write_pair
from bot.domain.battle import UnratedReason
from bot.errors import ArenaError
from bot.i18n import N_
from cogs.access import is_moderator
from cogs.ui.autocomplete import NAME_LIMIT, choices, shortened

if TYPE_CHECKING:
    from discord import app_commands

    from bot.arena.models.roster import Entry
    from bot.client import Interaction

BETWEEN = " / "
HALF = (NAME_LIMIT - len(BETWEEN)) // 2


async def chosen(interaction: Interaction, entered: str) -> ChosenPair:
    """Return the pair that is meant; raises `ArenaError`, to a member before any model is named."""
    if not is_moderator(interaction):
        raise ArenaError(N_("Only moderators can choose the models. Leave `models` out, and two are drawn."))
    roster = await interaction.client.arena.roster.of(interaction.guild_id or 0)
    return ChosenPair(read_pair(entered, roster), UnratedReason.CHOSEN)


async def offer_pairs(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Offer moderators the pairs in whose names all that was typed is found, in whatever order."""
    if not is_moderator(interaction):
        return []
    roster = await interaction.client.arena.roster.of(interaction.guild_id or 0)
    ready = sorted(
        (entry for entry in roster if entry.seems_ready), key=lambda entry: entry.model.shown.casefold()
    )
    words = SEPARATOR.sub(" ", typed).casefold().split()
    fitting = (
        (write_pair(*pair), _label(*pair))
        for pair in combinations(ready, 2)
        if all(word in BETWEEN.join(entry.model.shown for entry in pair).casefold() for word in words)
    )
    return choices(fitting, "")


def _label(one: Entry, other: Entry) -> str:
    return BETWEEN.join(shortened(entry.model.shown, HALF) for entry in (one, other))
