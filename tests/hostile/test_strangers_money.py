"""What whoever invites the bot, or asks again and again, can have the operator pay."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.arena.models.prices import Prices
from bot.backends.base import BackendError, Failure
from bot.config import BattleDefaults, Config, Discord, Limits
from tests.behaviour.past import HeldBattle, hold
from tests.behaviour.place import answer_to, moderator, place, refusals, restarted
from tests.behaviour.ratings.boards import refusal
from tests.behaviour.settings.settings import SettingsDesk
from tests.competitors import asked, competitor

if TYPE_CHECKING:
    from pathlib import Path

    import simcord

    from bot.arena.models.roster import Competitor
    from tests.behaviour.place import SimulatedServer

DOLLAR_A_TOKEN = Prices(1e6, 1e6)
"""A scripted reply reads 3 tokens and writes 5: 8 dollars, 16 a battle."""


def expensive() -> list[Competitor]:
    return [replace(competitor(name), prices=DOLLAR_A_TOKEN) for name in ("Zephyrine", "Quillon")]


async def test_another_server_than_the_operators_is_told_so_and_left(tmp_path: Path) -> None:
    async with place(tmp_path, expensive()) as here:
        guild = here.env.create_guild()
        lobby = guild.create_text_channel("lobby")
        config = Config(discord=Discord(servers=(here.guild.id,)))
        async with restarted(here, expensive(), config):
            joined_later = here.env.create_guild()
            await here.env.settle()
            await here.battle()

            told = [entry.json for entry in here.env.http_requests if f"/{lobby.id}/" in entry.path]
            assert len(told) == 1
            assert "lets it work on certain servers alone" in str(told)
            assert here.env.bot.get_guild(guild.id) is here.env.bot.get_guild(joined_later.id) is None
            assert here.row("select state from battles") == ("voting",)


async def test_all_servers_together_cost_no_more_than_the_operator_allows(tmp_path: Path) -> None:
    competitors = expensive()
    async with place(tmp_path, competitors, Config(limits=Limits(usd_per_day=30.0))) as here:
        await here.battle()
        guild = here.env.create_guild()
        channel = guild.create_text_channel("elsewhere")
        stranger = guild.add_member(guild.owner)
        await stranger.slash(channel, "battle", prompt="Mine")
        refused = [
            await member.slash(where, "battle", prompt="More")
            for member, where in ((stranger, channel), (here.bob, here.channel))
        ]

        assert all("what this bot's operator allows" in text for text in refusals(here, *refused))
        assert [len(asked(one)) for one in competitors] == [2, 2]


async def test_a_server_can_lower_what_it_may_cost_and_not_raise_it(tmp_path: Path) -> None:
    async with place(tmp_path, expensive(), Config(limits=Limits(server_usd_per_day=10.0))) as here:
        desk = await SettingsDesk.opened(here)
        raised = answer_to(await desk.olga.slash(here.channel, "models budget", usd_per_day=1000.0))
        lowered = answer_to(await desk.olga.slash(here.channel, "models budget", usd_per_day=5.0))
        await desk.olga.slash(here.channel, "models budget", usd_per_day=1000.0)
        await here.battle()
        refused = await here.bob.slash(here.channel, "battle", prompt="More")

        assert "of $10.00 today" in raised
        assert "of $5.00 today" in lowered
        assert "what this server allows" in refusal(here, refused)


async def test_a_member_waits_between_two_battles_unless_it_was_decided_otherwise(tmp_path: Path) -> None:
    async with place(tmp_path, expensive(), is_lenient=False) as here:
        await here.battle()
        await here.env.advance_time(9)
        refused = await here.alice.slash(here.channel, "battle", prompt="Again?")
        await here.env.advance_time(1)
        await here.alice.slash(here.channel, "battle", prompt="Again?")

        assert "Members wait a while" in refusal(here, refused)
        assert here.row("select count(*) from battles") == (2,)


async def test_a_member_has_only_so_many_battles_a_day(tmp_path: Path) -> None:
    most = BattleDefaults().member_battles_per_day
    async with place(tmp_path, expensive(), is_lenient=False) as here:
        await hold(here, *[HeldBattle()] * (most - 1))
        await here.env.advance_time(10)
        await here.battle()
        await here.env.advance_time(10)
        refused = await here.alice.slash(here.channel, "battle", prompt="Again?")

        assert f"your battles of today ({most})" in refusal(here, refused)


async def test_who_asked_closes_a_vote_once_two_members_voted_and_no_earlier(tmp_path: Path) -> None:
    async with place(tmp_path, expensive(), is_lenient=False) as here:
        card = await here.battle()
        await here.alice.react(card, "🅰️")
        alone = answer_to(await here.alice.click(card, custom_id="arena:close:1"))
        state = here.row("select state from battles")
        await here.bob.react(card, "🅱️")
        await here.alice.click(card, custom_id="arena:close:1")

        assert "as soon as 2 members have voted" in alone
        assert state == ("voting",)
        assert here.row("select state, votes_a, votes_b from battles") == ("closed", 1, 1)


async def test_a_moderator_closes_a_vote_that_nobody_voted_on(tmp_path: Path) -> None:
    async with place(tmp_path, expensive(), is_lenient=False) as here:
        card = await here.battle()
        await moderator(here).click(card, custom_id="arena:close:1")

        assert here.row("select state from battles") == ("closed",)


async def test_battles_whose_models_fail_are_counted_like_others(tmp_path: Path) -> None:
    troubles = [BackendError(Failure.OVERLOADED, "busy")] * 100
    competitors = [competitor(f"Model {letter}", troubles=troubles) for letter in "ABCDEFGH"]
    config = Config(battle=BattleDefaults(member_battles_per_day=1, bench_after=1000))
    async with place(tmp_path, competitors, config) as here:
        await here.battle()
        before = sum(len(asked(one)) for one in competitors)
        refused = await here.alice.slash(here.channel, "battle", prompt="Again?")

        assert here.row("select voided from battles") == ("models_failed",)
        assert "your battles of today (1)" in refusal(here, refused)
        assert sum(len(asked(one)) for one in competitors) == before > 2


async def test_a_server_s_day_counts_battles_that_were_ruled_out(tmp_path: Path) -> None:
    async with place(tmp_path, expensive(), Config(limits=Limits(battles_per_day=1))) as here:
        desk = await SettingsDesk.opened(here)
        await here.battle()
        await here.close()
        await desk.olga.slash(here.channel, "void", battle="1", reason="Spam")
        refused = await here.bob.slash(here.channel, "battle", prompt="Again?")

        assert "battles of today (1)" in refusal(here, refused)


async def continued(here: SimulatedServer) -> simcord.InteractionResult:
    """Let Alice continue the conversation; returns what she was told, or her form."""
    form = await here.alice.click(here.card, custom_id="arena:continue:1")
    if form.modal is None:
        return form
    result = await here.alice.submit_modal(form, {"prompt": "And then?"})
    await here.env.settle()
    return result


async def test_a_follow_up_waits_and_counts_like_a_battle(tmp_path: Path) -> None:
    competitors = expensive()
    config = Config(battle=BattleDefaults(cooldown_seconds=20, member_battles_per_day=2))
    async with place(tmp_path, competitors, config) as here:
        await here.battle()
        too_soon = await continued(here)
        await here.env.advance_time(20)
        await continued(here)
        await here.env.advance_time(20)
        used_up = await continued(here)
        another = await here.alice.slash(here.channel, "battle", prompt="Again?")

        assert "Members wait a while" in answer_to(too_soon)
        assert "your battles of today (2)" in answer_to(used_up)
        assert "your battles of today (2)" in refusal(here, another)
        assert [len(asked(one)) for one in competitors] == [2, 2]


async def test_a_follow_up_is_for_those_who_may_ask_for_battles(tmp_path: Path) -> None:
    competitors = expensive()
    async with place(tmp_path, competitors) as here:
        desk = await SettingsDesk.opened(here)
        await here.battle()
        role = here.guild.create_role("Askers")
        await desk.decide("places", battle_role_ids=[role])
        refused = await continued(here)

        assert "Battles here are for members with one of these roles" in refusal(here, refused)
        assert [len(asked(one)) for one in competitors] == [1, 1]
