"""What is offered while a moderator says who takes part in a tournament."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.arena.matchmaking.named_models import SEPARATOR, folded
from bot.domain.tournament import LEAST, MOST
from bot.i18n import translations
from cogs.access import is_moderator
from cogs.ui.autocomplete import NAME_LIMIT, choices

if TYPE_CHECKING:
    from collections.abc import Iterable

    from discord import app_commands

    from bot.client import Interaction
    from bot.i18n import Translations


async def offer_entrants(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Offer moderators numbers, or the names that can go on with what was typed."""
    if not is_moderator(interaction):
        return []
    roster = await interaction.client.arena.roster.of(interaction.guild_id or 0)
    ready = sorted((entry.model.shown for entry in roster if entry.seems_ready), key=str.casefold)
    if not typed.strip() or typed.strip().isdecimal():
        texts = translations(interaction.locale.value)
        return choices(_numbers(len(ready), texts), typed.strip())
    lists = [each for each in _longer(typed, ready) if len(each) <= NAME_LIMIT]
    return choices(((each, each) for each in lists), "")


def _numbers(ready: int, texts: Translations) -> list[tuple[str, str]]:
    label = texts.gettext("The {count} best rated models")
    return [(str(count), label.format(count=count)) for count in range(LEAST, min(ready, MOST) + 1)]


def _longer(typed: str, names: Iterable[str]) -> list[str]:
    """Complete the last name of a list in all ways that are left."""
    *before, last = SEPARATOR.split(typed)
    taken = {folded(name) for name in before}
    kept = typed.removesuffix(last)
    return [
        f"{kept} {name}".strip()
        for name in names
        if folded(name) not in taken and folded(last) in folded(name)
    ]
