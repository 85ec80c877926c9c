"""The buttons under every card, for cards of this process and of those before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogs.buttons import PressedClose, PressedRead
from cogs.following import PressedContinue
from cogs.rematch import PressedRematch
from cogs.suggesting import PressedSuggest
from cogs.vote_buttons import PressedVote

if TYPE_CHECKING:
    from bot.client import ArenaBot


async def setup(bot: ArenaBot) -> None:
    bot.add_dynamic_items(
        PressedClose, PressedContinue, PressedRead, PressedRematch, PressedSuggest, PressedVote
    )
