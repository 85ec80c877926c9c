from __future__ import annotations

from typing import TYPE_CHECKING

import discord
import pytest

from tests.behaviour.place import answer_to, place, without_prompt
from tests.competitors import asked, competitor

if TYPE_CHECKING:
    from pathlib import Path

    import simcord

    from tests.behaviour.place import SimulatedServer

NEEDED = {
    "add_reactions": "Add Reactions",
    "read_message_history": "Read Message History",
    "send_messages": "Send Messages",
}


def channel_without(here: SimulatedServer, **denied: bool) -> simcord.ChannelHandle:
    assert here.env.bot.user
    return here.guild.create_text_channel(
        "closed", overwrites={here.env.bot.user: discord.PermissionOverwrite(**denied)}
    )


@pytest.mark.parametrize(("permission", "name"), NEEDED.items())
async def test_a_missing_permission_is_named_to_the_asker_and_no_model_is_asked(
    tmp_path: Path, permission: str, name: str
) -> None:
    competitors = [competitor("Zephyrine"), competitor("Quillon")]
    async with place(tmp_path, competitors) as here:
        result = await here.alice.slash(
            channel_without(here, **{permission: False}), "battle", prompt="Hello?"
        )

        assert without_prompt(answer_to(result)).endswith(f"allow me: {name}")
        assert len(here.env.errors) == 1
        assert not asked(competitors[0]) + asked(competitors[1])


async def test_several_missing_permissions_are_named_together(tmp_path: Path) -> None:
    async with place(tmp_path, [competitor("Zephyrine"), competitor("Quillon")]) as here:
        channel = channel_without(here, add_reactions=False, read_message_history=False)
        result = await here.alice.slash(channel, "battle", prompt="Hello?")

        assert without_prompt(answer_to(result)).endswith("allow me: Add Reactions, Read Message History")
        assert len(here.env.errors) == 1
        assert here.row("select count(*) from battles") == (0,)
