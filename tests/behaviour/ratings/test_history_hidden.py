"""`/history`: of battles in channels that a member cannot see, nothing is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from tests.behaviour.past import HeldBattle, hidden_channel, hold
from tests.behaviour.place import START, place, text_of
from tests.behaviour.ratings.test_history import COMPETITORS, asked, shown

if TYPE_CHECKING:
    from pathlib import Path

    import simcord

    from tests.behaviour.place import SimulatedServer


async def thread_in(here: SimulatedServer, place_of: simcord.ChannelHandle, kind: discord.ChannelType) -> int:
    channel = here.env.bot.get_channel(place_of.id)
    assert isinstance(channel, discord.TextChannel)
    made = await channel.create_thread(name="thread", type=kind)
    await here.env.settle()
    return made.id


async def test_of_a_battle_in_a_hidden_channel_nothing_is_told_but_that_it_was(tmp_path: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        hidden = hidden_channel(here)
        await hold(here, HeldBattle(prompt="Secret", channel_id=hidden.id, void_note="Secret too"))
        said = await asked(here, here.bob)
        known = await asked(here, here.alice)

        assert said == f"## Battles\nA battle in a channel that you cannot see\n-# <t:{START + 60}:d>"
        assert "Secret" in known
        assert f"/{hidden.id}/" in known


async def test_a_channel_that_is_gone_is_hidden(tmp_path: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        await hold(here, HeldBattle(prompt="Secret", channel_id=12345))
        said = await asked(here, here.alice)

        assert "Secret" not in said
        assert "12345" not in said


async def test_who_may_not_read_a_channel_s_past_is_told_nothing_of_it(tmp_path: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        channel = here.guild.create_text_channel(
            "no past",
            overwrites={here.guild.default_role: discord.PermissionOverwrite(read_message_history=False)},
        )
        await hold(here, HeldBattle(prompt="Secret", channel_id=channel.id))
        said = await asked(here)

        assert "Secret" not in said


async def test_each_page_shows_what_the_member_may_see_when_it_is_turned(tmp_path: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        other = here.guild.create_text_channel("other")
        await hold(here, *(HeldBattle(prompt="Secret", channel_id=other.id) for _ in range(7)))
        answer = await shown(here)
        before = text_of(answer.message)
        view = discord.Permissions(view_channel=True).value
        here.env.backend.set_overwrite(other.id, Overwrite(here.bob.id, OverwriteType.MEMBER, deny=view))
        await here.env.settle()
        await here.bob.click(answer.message, label="Next page")

        assert before.count("Secret") == 5
        assert text_of(answer.message).count("A battle in a channel that you cannot see") == 2
        assert "Secret" not in text_of(answer.message)


async def test_a_page_that_another_member_turns_shows_what_that_member_may_see(tmp_path: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        hidden = hidden_channel(here)
        await hold(here, *(HeldBattle(prompt="Secret", channel_id=hidden.id) for _ in range(7)))
        result = await here.alice.slash(here.channel, "history")
        assert result.response
        seen = text_of(result.response.message)
        here.env.backend.get_message(here.channel.id, result.response.id).flags &= ~64
        await here.bob.click(result.response.message, label="Next page")

        assert seen.count("Secret") == 5
        assert "Secret" not in text_of(result.response.message)


@pytest.mark.parametrize(
    ("kind", "is_told"),
    [(discord.ChannelType.public_thread, True), (discord.ChannelType.private_thread, False)],
)
async def test_a_thread_is_seen_by_who_sees_its_channel_unless_it_is_private(
    tmp_path: Path, kind: discord.ChannelType, *, is_told: bool
) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        hidden = hidden_channel(here)
        threads = [await thread_in(here, channel, kind) for channel in (here.channel, hidden)]
        await hold(here, *(HeldBattle(prompt="Secret", channel_id=thread) for thread in threads))
        said = await asked(here)

        assert said.count("Secret") == int(is_told)
        assert said.count("A battle in a channel that you cannot see") == 2 - int(is_told)
