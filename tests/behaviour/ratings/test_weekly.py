from __future__ import annotations

from typing import TYPE_CHECKING

import discord
import pytest

from bot.arena.ratings.weeks import week_number
from tests.behaviour.pages import told
from tests.behaviour.place import START, place, restarted, speak, text_of
from tests.behaviour.ratings.boards import description_of
from tests.behaviour.ratings.test_recap import COMPETITORS, held, hidden_channel
from tests.behaviour.settings.settings import SettingsDesk
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

    import simcord

from tests.behaviour.place import SimulatedServer

HOUR = 3600
DAY = 24 * HOUR
MONDAY_AT_NINE = START + 4 * DAY + 9 * HOUR


def mona(here: SimulatedServer) -> simcord.MemberActor:
    role = here.guild.create_role("Boss", permissions=discord.Permissions(manage_guild=True))
    return here.guild.add_member(here.env.create_user("mona"), roles=[role])


async def posted_in(here: SimulatedServer, channel: simcord.ChannelHandle | None = None) -> str:
    """Let a moderator say where the recaps go."""
    desk = await SettingsDesk.opened(here)
    await desk.turn("records")
    chosen = await desk.choose("records", "weekly_channel_id", *([channel] if channel else []))
    return told(desk.result, chosen)


async def until(here: SimulatedServer, moment: float) -> None:
    await here.env.advance_time(moment - here.clock())


async def test_the_week_is_posted_on_monday_morning_and_once(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, COMPETITORS)) as here:
        news = here.guild.create_text_channel("news")
        await held(here, here.channel, "Tea or coffee?", "🅰️", "🅱️")
        said = await posted_in(here, channel=news)
        await until(here, MONDAY_AT_NINE - 1)
        before = list(news.history())
        await until(here, MONDAY_AT_NINE + 1)
        (post,) = news.history()
        await until(here, MONDAY_AT_NINE + 7 * DAY - HOUR)

        assert f"<#{news.id}>" in said
        assert not before
        assert f"{here.guild.name} · 2025-12-29 – 2026-01-04\n" in description_of(post)
        assert "> “Tea or coffee?” https://" in text_of(post)
        assert [file.filename for file in post.attachments] == ["recap.png"]
        assert len(news.history()) == 1


@pytest.mark.parametrize("community", [False, True])
async def test_a_recap_is_in_the_language_of_the_battles_where_the_server_has_none_of_its_own(
    tmp_path: Path, *, community: bool
) -> None:
    async with place(tmp_path, map(competitor, COMPETITORS)) as here:
        news = here.guild.create_text_channel("news")
        await held(here, here.channel, "Tea or coffee?", "🅰️", "🅱️")
        await posted_in(here, channel=news)
        speak(here, "ja")
        for prompt in ("お茶？", "コーヒー？"):
            await held(here, here.channel, prompt, "🅰️", "🅱️")
        if community:
            guild = here.env.bot.get_guild(here.guild.id)
            assert guild
            guild.features.append("COMMUNITY")
        await until(here, MONDAY_AT_NINE + 1)
        (post,) = news.history()

        assert ("1週間のまとめ" in text_of(post)) is not community


async def test_what_is_held_on_monday_belongs_to_the_next_week(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, COMPETITORS)) as here:
        news = here.guild.create_text_channel("news")
        await held(here, here.channel, "Tea or coffee?", "🅰️", "🅱️")
        await posted_in(here, channel=news)
        await until(here, MONDAY_AT_NINE - HOUR)
        await held(here, here.channel, "Sun or rain?", "🅰️", "🅰️")
        await until(here, MONDAY_AT_NINE + HOUR)
        await until(here, MONDAY_AT_NINE + 7 * DAY)
        first, second = map(text_of, news.history())

        assert "1 battle held · 2 votes cast" in description_of(news.history()[0])
        assert "Sun" not in first
        assert "Sun or rain?" in second


async def test_a_restart_neither_repeats_a_post_nor_misses_one(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, COMPETITORS)) as here:
        news = here.guild.create_text_channel("news")
        await held(here, here.channel, "Tea or coffee?", "🅰️", "🅱️")
        await posted_in(here, channel=news)
        await until(here, MONDAY_AT_NINE - HOUR)
        async with restarted(here, map(competitor, COMPETITORS)):
            await until(here, MONDAY_AT_NINE + 1)
            after_one = len(news.history())
            async with restarted(here, map(competitor, COMPETITORS)):
                await until(here, MONDAY_AT_NINE + 10 * HOUR)

                assert after_one == 1
                assert len(news.history()) == 1


async def test_an_empty_week_is_not_posted(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, COMPETITORS)) as here:
        news = here.guild.create_text_channel("news")
        await posted_in(here, channel=news)
        await until(here, MONDAY_AT_NINE + DAY)

        assert not news.history()


async def test_a_prompt_from_a_hidden_channel_is_not_posted(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, COMPETITORS)) as here:
        news = here.guild.create_text_channel("news")
        await held(here, hidden_channel(here), "Whom do we let go?", "🅰️", "🅱️")
        await posted_in(here, channel=news)
        await until(here, MONDAY_AT_NINE + 1)
        (post,) = news.history()

        assert "🅰️ 1 · 🅱️ 1" in text_of(post)
        assert "Whom" not in text_of(post)
        assert "/channels/" not in text_of(post)


async def test_what_discord_does_not_take_is_tried_again_an_hour_later(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, COMPETITORS)) as here:
        news = here.guild.create_text_channel("news")
        await held(here, here.channel, "Tea or coffee?", "🅰️", "🅱️")
        await posted_in(here, channel=news)
        here.env.inject_error("POST", f"/channels/{news.id}/messages", status=403, code=50013)
        await until(here, MONDAY_AT_NINE + HOUR - 1)
        refused = list(news.history())
        await until(here, MONDAY_AT_NINE + HOUR + 1)

        week = week_number(MONDAY_AT_NINE) - 1
        assert here.bodies.count(f'"nonce": "{here.guild.id}-{week}"') == 2
        assert not refused
        assert len(news.history()) == 1


async def test_a_channel_that_is_gone_is_tried_that_day_only_and_stays_set(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, COMPETITORS)) as here:
        news = here.guild.create_text_channel("news")
        await held(here, here.channel, "Tea or coffee?", "🅰️", "🅱️")
        await posted_in(here, channel=news)
        await here.env.bot.http.delete_channel(news.id)
        await until(here, MONDAY_AT_NINE + 3 * DAY)
        tried = here.bodies.count(f"/channels/{news.id}/messages")

        assert tried == 15
        assert str(news.id) in str(here.row("select document from guild_settings"))


async def test_left_out_the_channel_ends_the_posts(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, COMPETITORS)) as here:
        news = here.guild.create_text_channel("news")
        await held(here, here.channel, "Tea or coffee?", "🅰️", "🅱️")
        await posted_in(here, channel=news)
        await posted_in(here)
        await until(here, MONDAY_AT_NINE + HOUR)

        assert not news.history()


@pytest.mark.parametrize("permission", ["view_channel", "send_messages", "attach_files"])
async def test_a_channel_where_the_bot_could_not_post_is_refused(tmp_path: Path, permission: str) -> None:
    async with place(tmp_path, map(competitor, COMPETITORS)) as here:
        assert here.env.bot.user
        denied = discord.PermissionOverwrite(**{permission: False})
        closed = here.guild.create_text_channel("closed", overwrites={here.env.bot.user: denied})
        said = await posted_in(here, channel=closed)

        assert "so nothing was changed" in said
        assert not here.rows("select document from guild_settings")
