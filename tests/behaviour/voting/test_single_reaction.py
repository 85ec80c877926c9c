from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.config import BattleDefaults, Config
from tests.behaviour.place import VOTING_SECONDS, place, restarted, text_of
from tests.behaviour.settings.settings import SettingsDesk
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

    from tests.behaviour.place import SimulatedServer

PAIR = ("Zephyrine", "Quillon")
SINGLE = Config(battle=BattleDefaults(single_reaction=True))


def reactions(here: SimulatedServer, message: discord.Message) -> dict[str, int]:
    """Return how many members stand behind each choice."""
    stored = here.env.backend.get_message(message.channel.id, message.id)
    bot = here.env.bot.user
    return {
        each.emoji: sum(bot is None or user != bot.id for user in each.user_ids) for each in stored.reactions
    }


def removals(here: SimulatedServer) -> list[str]:
    return [
        request
        for request in here.limited_requests
        if request.startswith("DELETE") and not request.endswith("/@me")
    ]


async def test_a_change_of_mind_leaves_one_reaction_and_the_last_vote(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR), SINGLE) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        await here.bob.react(card, "👎")
        await here.carol.react(card, "🅰️")
        await here.env.advance_time(5)
        shown = reactions(here, card)
        text = text_of(await here.close())

        assert shown == {"🅰️": 1, "🅱️": 0, "🤝": 0, "👎": 1}
        assert len(removals(here)) == 1
        assert "🅰️ 1 · 🅱️ 0 · 🤝 0 · 👎 1 (2 votes)" in text


async def test_who_goes_back_to_the_first_choice_keeps_it(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR), SINGLE) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        await here.bob.react(card, "🅱️")
        await here.env.advance_time(5)
        await here.bob.react(card, "🅰️")
        await here.env.advance_time(5)
        shown = reactions(here, card)
        text = text_of(await here.close())

        assert shown == {"🅰️": 1, "🅱️": 0, "🤝": 0, "👎": 0}
        assert "🅰️ 1 · 🅱️ 0 · 🤝 0 · 👎 0 (1 vote)" in text


async def test_by_default_earlier_reactions_stay(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        await here.bob.react(card, "🅱️")
        await here.env.advance_time(5)

        assert reactions(here, card) == {"🅰️": 1, "🅱️": 1, "🤝": 0, "👎": 0}


async def test_a_server_decides_that_earlier_reactions_go_and_that_they_stay(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        await desk.decide("vote", single_reaction=["on"])
        said = desk.text
        await here.alice.slash(here.channel, "battle", prompt="First?")
        await desk.choose("vote", "single_reaction", "off")
        await here.alice.slash(here.channel, "battle", prompt="Second?")
        first, second = here.channel.history()[-2:]
        for card in (first, second):
            await here.bob.react(card, "🅰️")
            await here.bob.react(card, "🅱️")
        await here.env.advance_time(5)

        assert "**A member's earlier reactions** · set here\nare taken away (I need Manage Messages" in said
        assert reactions(here, first)["🅰️"] == 0
        assert reactions(here, second)["🅰️"] == 1


async def test_without_manage_messages_the_battle_goes_on_and_nothing_is_tried(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR), SINGLE) as here:
        assert here.env.bot.user
        channel = here.guild.create_text_channel(
            "strict", overwrites={here.env.bot.user: discord.PermissionOverwrite(manage_messages=False)}
        )
        await here.alice.slash(channel, "battle", prompt="Why?")
        card = channel.history()[0]
        await here.bob.react(card, "🅰️")
        await here.bob.react(card, "🅱️")
        await here.env.advance_time(VOTING_SECONDS)

        assert removals(here) == []
        assert here.row("select votes_a, votes_b from battles") == (0, 1)


async def test_a_permission_that_is_lost_meanwhile_costs_no_vote(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR), SINGLE) as here:
        card = await here.battle()
        here.env.inject_error("DELETE", "*", status=403)
        for member in (here.bob, here.carol):
            await member.react(card, "🅰️")
            await member.react(card, "🅱️")
            await here.env.advance_time(5)
        await here.close()

        assert len(removals(here)) == 1
        assert here.row("select votes_a, votes_b from battles") == (0, 2)


async def test_a_member_who_took_the_earlier_one_off_meanwhile_is_no_trouble(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR), SINGLE) as here:
        card = await here.battle()
        here.env.inject_error("DELETE", "*", status=404, code=10014)
        for member in (here.bob, here.carol):
            await member.react(card, "🅰️")
            await member.react(card, "🅱️")
            await here.env.advance_time(5)

        assert len(removals(here)) == 2
        assert reactions(here, card) == {"🅰️": 1, "🅱️": 2, "🤝": 0, "👎": 0}


async def test_a_restart_goes_on_taking_them_away(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR), SINGLE) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        async with restarted(here, map(competitor, PAIR)):
            await here.bob.react(card, "🅱️")
            await here.env.advance_time(5)
            shown = reactions(here, card)

        assert shown == {"🅰️": 0, "🅱️": 1, "🤝": 0, "👎": 0}
