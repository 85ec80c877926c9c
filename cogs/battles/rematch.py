"""**Rematch**: the same prompt for another pair of models."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cogs.access import check_permissions
from cogs.battles.battle import hold, request_of
from cogs.ui.persistent import PressedButton

if TYPE_CHECKING:
    from bot.client import Interaction


class PressedRematch(PressedButton, template=r"arena:rematch:(?P<battle>\d+)"):
    """Has whoever presses ask, as with `/battle`; the new card answers the old one."""

    async def press(self, interaction: Interaction) -> None:
        check_permissions(interaction)
        rematches = interaction.client.arena.rematches
        rematch = await rematches.of(interaction.guild_id or 0, int(self.match["battle"]))
        await hold(interaction, replace(request_of(interaction, rematch.prompt), after=rematch.after))
