"""A moderator in front of the settings."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

from tests.behaviour.place import text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import simcord

    from tests.behaviour.place import SimulatedServer


@dataclass(slots=True)
class SettingsDesk:
    """The message of `/settings show`, as it is after each change."""

    here: SimulatedServer
    olga: simcord.MemberActor
    result: simcord.InteractionResult
    roles: list[simcord.RoleHandle]

    @classmethod
    async def opened(cls, here: SimulatedServer, command: str = "settings show") -> SettingsDesk:
        role = here.guild.create_role("Owners", permissions=discord.Permissions(manage_guild=True))
        olga = here.guild.add_member(here.env.create_user("olga"), roles=[role])
        return cls(here, olga, await olga.slash(here.channel, command), [role])

    @property
    def message(self) -> discord.Message:
        assert self.result.response
        return self.result.response.message

    @property
    def text(self) -> str:
        return text_of(self.message)

    async def turn(self, page: str) -> None:
        await self.olga.select(self.message, [page], custom_id="arena:settings")

    async def choose(self, page: str, field: str, *values: object) -> simcord.InteractionResult:
        return await self.olga.select(self.message, values, custom_id=f"arena:set:{page}:{field}")

    async def fill_in(self, page: str, **typed: str) -> simcord.InteractionResult:
        form = await self.olga.click(self.message, custom_id=f"arena:numbers:{page}")
        return await self.olga.submit_modal(form, typed)

    async def decide(self, page: str, **chosen: Sequence[object]) -> None:
        """Turn to a page and choose in its menus."""
        await self.turn(page)
        for field, values in chosen.items():
            await self.choose(page, field, *values)

    async def set_numbers(self, page: str, **typed: str) -> None:
        await self.turn(page)
        await self.fill_in(page, **typed)


def stored(here: SimulatedServer) -> dict[str, object]:
    """Return what the server has set for itself."""
    rows = here.rows("select document from guild_settings")
    document: dict[str, object] = json.loads(str(rows[0][0])) if rows else {}
    return document
