from __future__ import annotations

import json
from typing import TYPE_CHECKING

import discord

from tests.behaviour.place import answer_to, place, restarted, speak, text_of
from tests.behaviour.settings.settings import SettingsDesk, stored
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

PAIR = ("Zephyrine", "Quillon")


async def test_each_setting_says_its_value_and_whose_it_is(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        first = desk.text
        await desk.turn("vote")

        assert "**Channels for battles** · default\nevery channel" in first
        assert "**Voting time** · default\n2 min" in desk.text
        assert desk.result.ephemeral


async def test_a_choice_holds_at_once_and_is_recorded(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        await desk.decide("places", battle_channel_ids=[here.channel], battle_role_ids=[])
        history = answer_to(await desk.olga.slash(here.channel, "models changes"))

        assert f"**Channels for battles** · set here\n<#{here.channel.id}>" in desk.text
        assert stored(here) == {"battle_channel_ids": [here.channel.id]}
        assert f"<@{desk.olga.id}> changed the settings" in history
        assert f"Channels for battles: default → <#{here.channel.id}>" in history


async def test_numbers_are_typed_as_people_write_them(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        await desk.turn("vote")
        await desk.fill_in("vote", voting_seconds="1h30m", close_at_votes="12")

        assert "**Voting time** · set here\n1 h 30 min" in desk.text
        assert stored(here) == {"voting_seconds": 5400, "close_at_votes": 12}


async def test_an_empty_number_goes_back_to_the_default(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        await desk.set_numbers("vote", voting_seconds="10 s", close_at_votes="")
        await desk.fill_in("vote", voting_seconds="", close_at_votes="")

        assert "**Voting time** · default\n2 min" in desk.text
        assert stored(here) == {}


async def test_a_wrong_number_is_named_and_the_others_are_kept(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        await desk.turn("vote")
        result = await desk.fill_in("vote", voting_seconds="9 s", close_at_votes="3")

        (complaint,) = result.followups
        assert complaint.content == (
            "Voting time: “9 s” is not 10 s to 7 d; for example 90 s, 10 min, 2 h, 1 d. It stays as it was."
        )
        assert stored(here) == {"close_at_votes": 3}


async def test_a_menu_leads_back_to_the_default(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        await desk.decide("votes", asker_votes=["off"])
        between = desk.text
        await desk.choose("votes", "asker_votes", "default")

        assert "**The vote of the member who asked** · set here\ndoes not count" in between
        assert "**The vote of the member who asked** · default\ncounts" in desk.text
        assert stored(here) == {}


async def test_a_role_gets_a_pace_of_its_own_and_loses_it_again(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        role = here.guild.create_role("Patrons")
        await desk.turn("pace")
        form = await desk.olga.click(desk.message, custom_id="arena:pace:pace")
        await desk.olga.submit_modal(form, {"role": [role], "pause": "5 min", "battles": "20"})
        between = desk.text
        form = await desk.olga.click(desk.message, custom_id="arena:pace:pace")
        await desk.olga.submit_modal(form, {"role": [role], "pause": "", "battles": ""})

        assert f"<@&{role.id}>: wait 5 min, a day 20" in between
        assert stored(here) == {}


async def test_how_long_prompts_are_kept_is_a_setting(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        await desk.turn("records")
        before = desk.text
        await desk.fill_in("records", retention_days="30")

        assert "**Prompts and replies are kept for** · default\nuntil someone deletes them" in before
        assert "**Prompts and replies are kept for** · set here\n30 days" in desk.text
        assert stored(here) == {"retention_days": 30}


async def test_the_message_works_after_a_restart(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        async with restarted(here, map(competitor, PAIR)):
            await desk.decide("screen", language=["ja"])

            assert "**Language in the channel** · set here\nJapanese" in desk.text


async def test_the_commands_are_offered_to_manage_server_alone(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        commands = {"settings show", "settings export", "settings import", "setup"}

        assert commands.isdisjoint(here.alice.available_commands(here.channel))
        assert commands <= set(desk.olga.available_commands(here.channel))


async def test_who_lost_manage_server_changes_nothing_any_more(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        await desk.turn("vote")
        form = await desk.olga.click(desk.message, custom_id="arena:numbers:vote")
        for role in desk.roles:
            here.env.backend.remove_member_role(here.guild.id, desk.olga.id, role.id)
        answers = [
            await desk.choose("vote", "early_close", "nobody"),
            await desk.olga.submit_modal(form, {"voting_seconds": "10", "close_at_votes": ""}),
            await desk.olga.click(desk.message, custom_id="arena:numbers:vote"),
        ]

        assert {answer_to(each) for each in answers} == {"Only members with Manage Server can do that."}
        assert len(here.env.errors) == 1
        assert stored(here) == {}


async def test_changes_are_reported_in_the_log_channel_from_then_on(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        log = here.guild.create_text_channel("log")
        await desk.decide("records", log_channel_id=[log])

        assert "changed the settings\n-# Log channel: default" in text_of(log.history()[0])


async def test_a_log_channel_where_the_bot_may_not_write_is_refused(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        assert here.env.bot.user
        closed = here.guild.create_text_channel(
            "closed",
            overwrites={
                here.env.bot.user: discord.PermissionOverwrite(send_messages=False, attach_files=False)
            },
        )
        await desk.turn("records")
        pictures = await desk.choose("records", "weekly_channel_id", closed)
        result = await desk.choose("records", "log_channel_id", closed)

        assert (
            answer_to(result)
            == "I may not post in that channel, so nothing was changed. Please allow me: Send Messages"
        )
        assert answer_to(pictures).endswith("Please allow me: Send Messages, Attach Files")
        assert stored(here) == {}


async def test_setup_leads_through_five_steps_and_checks_the_permissions(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        assert here.env.bot.user
        here.guild.create_text_channel(
            "mute", overwrites={here.env.bot.user: discord.PermissionOverwrite(add_reactions=False)}
        )
        desk = await SettingsDesk.opened(here, "setup")
        titles: list[str] = []
        for _step in range(5):
            titles.append(desk.text.splitlines()[0])
            await desk.olga.click(desk.message, label="Next")
        before = desk.text
        await desk.olga.click(desk.message, label="Back")
        for _step in range(3):
            await desk.olga.click(desk.message, label="Back")
        await desk.choose("step1", "battle_channel_ids", here.channel)
        for _step in range(4):
            await desk.olga.click(desk.message, label="Next")

        assert titles == [f"-# Step {number} of 5" for number in range(1, 6)]
        assert "Battles cannot be held in these channels until I am allowed:" in before
        assert ": Add Reactions" in before
        assert "I may do all that battles need" in desk.text


async def test_settings_move_to_another_server_by_the_names_of_channels_and_roles(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        role = here.guild.create_role("Patrons")
        await desk.decide("places", battle_channel_ids=[here.channel], battle_role_ids=[role])
        await desk.set_numbers("vote", voting_seconds="90 s", close_at_votes="5")
        exported = await desk.olga.slash(here.channel, "settings export")
        assert exported.response
        content = exported.response.message.attachments[0]
        written = await content.read()
        await desk.set_numbers("vote", voting_seconds="10 s", close_at_votes="")
        told = await desk.olga.slash(here.channel, "settings import", file=("arena-settings.json", written))

        assert json.loads(written) == {
            "arena_bot_settings": 1,
            "battle_channels": ["arena"],
            "battle_roles": ["Patrons"],
            "close_at_votes": 5,
            "voting_seconds": 90,
        }
        assert stored(here)["voting_seconds"] == 90
        assert "Voting time: 10 s → 1 min 30 s" in answer_to(told)


async def test_settings_are_shown_in_japanese(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        speak(here, "ja")
        desk = await SettingsDesk.opened(here)
        await desk.turn("vote")

        assert "**投票時間** · 既定" in desk.text
