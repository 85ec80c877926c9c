"""The buttons under every card, for cards of this process and of those before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cogs.battles.battle import PressedRematch
from cogs.battles.card_buttons import PressedCancel, PressedClose
from cogs.battles.follow_up import PressedContinue
from cogs.battles.replies.compare import PressedCompare
from cogs.battles.replies.read_reply import PressedRead
from cogs.battles.vote_buttons import PressedVote
from cogs.tournaments.suggest_prompt import PressedSuggest

if TYPE_CHECKING:
    from bot.client import ArenaBot


async def setup(bot: ArenaBot) -> None:
    bot.add_dynamic_items(
        PressedCancel,
        PressedClose,
        PressedCompare,
        PressedContinue,
        PressedRead,
        PressedRematch,
        PressedSuggest,
        PressedVote,
    )
