from __future__ import annotations

from typing import TYPE_CHECKING

import discord
import pytest

from tests.behaviour.place import place, text_of
from tests.behaviour.ratings.boards import refusal
from tests.competitors import asked, competitor

if TYPE_CHECKING:
    from pathlib import Path

    import simcord

    from tests.behaviour.place import SimulatedServer

PAIR = ("Zephyrine", "Quillon")
BATTLE_THIS = "Battle this"


async def choose(here: SimulatedServer, message: discord.Message) -> simcord.InteractionResult:
    """Let Alice choose the command from the menu of a message."""
    result = await here.alice.context_menu(here.channel, BATTLE_THIS, message)
    await here.env.settle()
    return result


async def test_a_message_becomes_the_prompt_of_the_member_who_chose_it(tmp_path: Path) -> None:
    competitors = [competitor(name) for name in PAIR]
    async with place(tmp_path, competitors) as here:
        said = await here.bob.send(here.channel, "  Why is the sky blue?\nReally?\n")
        await choose(here, said)
        card = here.channel.history()[-1]

        assert [asked(one) for one in competitors] == [["Why is the sky blue?\nReally?"]] * 2
        assert "Why is the sky blue?\nReally?" in text_of(card)
        assert "Vote with the reactions below" in text_of(card)
        assert here.row("select asker_id from battles") == (here.alice.id,)


async def test_the_author_of_the_message_is_not_named(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        said = await here.bob.send(here.channel, "Why?")
        await choose(here, said)

        assert str(here.bob.id) not in here.bodies
        assert "bob" not in here.bodies
        assert not any(name in here.bodies for name in PAIR)


async def test_what_a_message_says_pings_nobody(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        said = await here.bob.send(here.channel, f"Hey @everyone and <@{here.carol.id}>, why?")
        await choose(here, said)

        assert "@everyone" not in text_of(here.channel.history()[-1])
        assert '"allowed_mentions": {"parse": []}' in here.bodies


async def test_a_message_without_text_is_refused(tmp_path: Path) -> None:
    competitors = [competitor(name) for name in PAIR]
    async with place(tmp_path, competitors) as here:
        picture = await here.bob.send(here.channel, attachments=[("sky.png", b"\x89PNG")])
        refused = await choose(here, picture)

        assert "has no text of its own" in refusal(here, refused)
        assert not asked(competitors[0]) + asked(competitors[1])


async def test_a_card_of_the_bot_is_no_prompt(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        refused = await choose(here, await here.battle())

        assert "one of my own messages" in refusal(here, refused)
        assert here.row("select count(*) from battles") == (1,)


async def test_a_message_that_is_too_long_is_refused(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        said = await here.bob.send(here.channel, "…")
        here.env.backend.get_message(here.channel.id, said.id).content = "x" * 4001
        refused = await choose(here, said)
        here.env.backend.get_message(here.channel.id, said.id).content = "x" * 4000
        await choose(here, said)

        assert "has 4001 characters, and a prompt has 4000 at most" in refusal(here, refused)
        assert here.row("select length(prompt) from battles") == (4000,)


@pytest.mark.parametrize("denied", ["send_messages", "add_reactions"])
async def test_a_missing_permission_is_named_before_a_model_is_asked(tmp_path: Path, denied: str) -> None:
    competitors = [competitor(name) for name in PAIR]
    async with place(tmp_path, competitors) as here:
        assert here.env.bot.user
        overwrite = discord.PermissionOverwrite(**{denied: False})
        closed = here.guild.create_text_channel("closed", overwrites={here.env.bot.user: overwrite})
        said = await here.bob.send(closed, "Why?")
        refused = await here.alice.context_menu(closed, BATTLE_THIS, said)

        assert "I cannot hold a battle in this channel" in refusal(here, refused)
        assert not asked(competitors[0]) + asked(competitors[1])
