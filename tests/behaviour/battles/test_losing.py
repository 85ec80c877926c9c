from __future__ import annotations

from typing import TYPE_CHECKING

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType
from structlog.testing import capture_logs

from bot.config import BattleDefaults, Config
from tests.behaviour.place import VOTING_SECONDS, place, text_of
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

    from tests.behaviour.place import SimulatedServer

PAIR = ("Zephyrine", "Quillon")


async def delete_message(here: SimulatedServer) -> None:
    here.env.backend.delete_message(here.channel.id, here.card.id)


async def delete_channel(here: SimulatedServer) -> None:
    here.env.backend.delete_channel(here.channel.id)


async def leave_guild(here: SimulatedServer) -> None:
    here.env.backend.remove_guild(here.guild.id)


async def take_permission(here: SimulatedServer) -> None:
    assert here.env.bot.user
    view = discord.Permissions(view_channel=True).value
    hidden = Overwrite(here.env.bot.user.id, OverwriteType.MEMBER, deny=view)
    here.env.backend.set_overwrite(here.channel.id, hidden)


LOSSES = {
    "message_gone": delete_message,
    "channel_gone": delete_channel,
    "guild_gone": leave_guild,
    "no_permission": take_permission,
}


@pytest.mark.parametrize("reason", LOSSES)
async def test_what_vanishes_under_an_open_vote_voids_the_battle_once(tmp_path: Path, reason: str) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        with capture_logs() as logs:
            await LOSSES[reason](here)
            await here.env.settle()
            await here.env.advance_time(VOTING_SECONDS)
        voided = [entry for entry in logs if entry["event"] == "battle voided"]

        assert here.row("select state, voided from battles") == ("voided", reason)
        assert len(voided) == 1
        assert here.row("select count(*) from pair_sums") == (0,)
        assert here.row("select redrawn_at is null from battles") == (0,)


@pytest.mark.parametrize("reason", LOSSES)
async def test_a_battle_that_was_lost_asks_nothing_more_of_discord(tmp_path: Path, reason: str) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await here.battle()
        await LOSSES[reason](here)
        await here.env.settle()
        await here.env.advance_time(VOTING_SECONDS)
        requests = len(here.env.http_requests)
        await here.env.advance_time(7200)

        assert len(here.env.http_requests) == requests


async def test_a_lost_battle_leaves_others_alone(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        other = here.guild.create_text_channel("other")
        await here.battle()
        await here.alice.slash(other, "battle", prompt="Here too?")
        here.env.backend.delete_channel(other.id)
        await here.env.settle()
        await here.bob.react(here.card, "🅰️")
        await here.close()

        assert here.rows("select state from battles order by battle_id") == [("closed",), ("voided",)]


async def test_a_card_that_discord_refuses_for_a_while_is_redrawn_later(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        here.env.inject_error("PATCH", "*", status=503)
        at_the_end = text_of(await here.close())
        await here.env.advance_time(5)

        assert "Vote with the reactions" in at_the_end
        assert "🅰️ 1 · 🅱️ 0 · 🤝 0 · 👎 0 (1 vote)" in text_of(here.card)


async def test_a_message_that_cannot_be_read_at_the_end_costs_no_votes(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        here.env.inject_error("GET", "*", status=503)
        text = text_of(await here.close())

        assert "🅰️ 1 · 🅱️ 0 · 🤝 0 · 👎 0 (1 vote)" in text


async def test_an_expired_interaction_token_is_followed_by_the_bots_own(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        here.env.inject_error("PATCH", "/webhooks/*", status=404, code=10015, times=None)
        text = text_of(await here.close())

        assert "🅰️ 1 · 🅱️ 0 · 🤝 0 · 👎 0 (1 vote)" in text


async def test_a_card_that_discord_refuses_outright_voids_the_battle_as_our_mistake(tmp_path: Path) -> None:
    competitors = [competitor(name, "An", 30.0, " answer.") for name in PAIR]
    async with place(tmp_path, competitors, Config(battle=BattleDefaults(stream="off"))) as here:
        await here.battle()
        here.env.inject_error("PATCH", "*", status=400, code=50035, times=2)  # without its texts, too
        with capture_logs() as logs:
            await here.env.advance_time(30)

        assert here.row("select state, voided from battles") == ("voided", "bot_error")
        assert "Something went wrong inside the bot" in text_of(here.card)
        assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == ["a battle failed"]
