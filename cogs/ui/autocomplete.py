"""What is offered while a member types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex
from discord import app_commands

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST = 25
NAME_LIMIT = 100
"""Characters, as Discord shows them."""


def choices(offered: Iterable[tuple[str, str]], typed: str) -> list[app_commands.Choice[str]]:
    """Offer, of pairs (value, name), those whose name holds what was typed, as many as Discord shows."""
    fitting = [(value, name) for value, name in offered if typed.casefold() in name.casefold()]
    return [app_commands.Choice(name=shortened(name), value=value) for value, name in fitting[:MOST]]


def shortened(name: str, limit: int = NAME_LIMIT) -> str:
    """Return a name of at most so many characters, cut between two graphemes."""
    if len(name) <= limit:
        return name
    kept = ""
    for grapheme in regex.findall(r"\X", name):
        if len(kept) + len(grapheme) >= limit:
            break
        kept += grapheme
    return kept + "…"
