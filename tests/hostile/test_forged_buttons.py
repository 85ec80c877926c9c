"""Buttons that name a battle which is not that of their message; a client can send any id."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bot.config import BattleDefaults, Config
from tests.behaviour.past import hidden_channel
from tests.behaviour.place import place
from tests.behaviour.ratings.boards import refusal
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

    import discord
    import simcord

    from tests.behaviour.place import SimulatedServer

FOUR = ("Zephyrine", "Quillon", "Marrowby", "Aurelian")
UNKNOWN = "This battle is not known here any more. /history lists those that are."


def forge(here: SimulatedServer, message: discord.Message, id_before: str, id_after: str) -> None:
    """Let a button of a message have another id."""
    stored = here.env.backend.get_message(message.channel.id, message.id)
    stored.components = json.loads(json.dumps(stored.components).replace(f'"{id_before}"', f'"{id_after}"'))


async def pressed(
    here: SimulatedServer, member: simcord.MemberActor, card: discord.Message, button: str, forged: str
) -> str:
    forge(here, card, button, forged)
    result = await member.click(card, custom_id=forged)
    if result.modal is not None:  # a form that tells nothing, and is judged when it is sent
        result = await member.submit_modal(result, {"reason": "Rude"})
    return refusal(here, result)


@pytest.mark.parametrize("deed", ["close", "continue", "cancel"])
async def test_a_card_ends_and_continues_no_other_battle(tmp_path: Path, deed: str) -> None:
    async with place(tmp_path, map(competitor, FOUR)) as here:
        await here.battle()
        other = here.guild.create_text_channel("other")
        await here.alice.slash(other, "battle", prompt="And this?")
        card = other.history()[-1]
        said = await pressed(here, here.alice, card, "arena:close:2", f"arena:{deed}:1")

        assert UNKNOWN in said
        assert here.rows("select state from battles") == [("voting",), ("voting",)]


async def test_a_card_of_the_same_channel_is_another_card_too(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, FOUR)) as here:
        await here.battle()
        await here.alice.slash(here.channel, "battle", prompt="And this?")
        card = here.channel.history()[-1]
        said = await pressed(here, here.alice, card, "arena:close:2", "arena:close:1")

        assert UNKNOWN in said
        assert here.rows("select state from battles") == [("voting",), ("voting",)]


async def test_a_moderator_of_one_server_ends_no_vote_of_another(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, FOUR)) as here:
        await here.battle()
        guild = here.env.create_guild()
        channel = guild.create_text_channel("elsewhere")
        owner = guild.add_member(guild.owner)
        await owner.slash(channel, "battle", prompt="Mine")
        card = channel.history()[-1]
        said = await pressed(here, owner, card, "arena:close:2", "arena:close:1")

        assert UNKNOWN in said
        assert here.rows("select state from battles") == [("voting",), ("voting",)]


async def test_a_vote_names_the_battle_of_its_message(tmp_path: Path) -> None:
    config = Config(battle=BattleDefaults(ballot="secret"))
    async with place(tmp_path, map(competitor, FOUR), config) as here:
        await here.battle()
        await here.alice.slash(here.channel, "battle", prompt="And this?")
        card = here.channel.history()[-1]
        said = await pressed(here, here.bob, card, "arena:vote:2:a", "arena:vote:1:a")

        assert UNKNOWN in said
        assert here.row("select count(*) from votes") == (0,)


@pytest.mark.parametrize("forged", ["arena:compare:1", "arena:read:1:a", "arena:report:1:a"])
async def test_a_reply_in_a_channel_that_a_member_cannot_see_stays_unread(
    tmp_path: Path, forged: str
) -> None:
    async with place(tmp_path, map(competitor, FOUR)) as here:
        hidden = hidden_channel(here)
        await here.alice.slash(hidden, "battle", prompt="A secret")
        await here.alice.slash(here.channel, "battle", prompt="In the open")
        card = here.channel.history()[-1]
        said = await pressed(here, here.bob, card, "arena:compare:2", forged)

        assert UNKNOWN in said


async def test_a_rematch_of_another_channels_prompt_is_refused(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, FOUR)) as here:
        hidden = hidden_channel(here)
        await here.alice.slash(hidden, "battle", prompt="A secret")
        await here.alice.slash(here.channel, "battle", prompt="In the open")
        await here.env.advance_time(120)
        card = here.channel.history()[-1]
        said = await pressed(here, here.bob, card, "arena:rematch:2", "arena:rematch:1")

        assert UNKNOWN in said
        assert here.row("select count(*) from battles") == (2,)
