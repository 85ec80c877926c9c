from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

import discord
import pytest

from bot.config import BattleDefaults, Config
from tests.behaviour.pages import decide
from tests.behaviour.past import HeldBattle, crowd, hold
from tests.behaviour.place import VOTING_SECONDS, moderator, place, speak, text_of
from tests.behaviour.ratings.boards import admin, description_of, leaderboard
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

    import simcord

    from tests.behaviour.place import SimulatedServer

COMPETITORS = ("Zephyrine", "Quillon")
CONFIG = Config(battle=BattleDefaults(min_votes_ranked=1, min_battles_ranked=1))
PROMPT = "Is [tea](https://tea.example) *better*\nthan coffee?"


async def held(here: SimulatedServer, channel: simcord.ChannelHandle, prompt: str, *reactions: str) -> None:
    """Hold a battle to its end; one member each reacts."""
    result = await here.alice.slash(channel, "battle", prompt=prompt)
    assert result.response
    for member, reaction in zip((here.alice, here.bob, here.carol), reactions, strict=False):
        await member.react(result.response.message, reaction)
    await here.env.advance_time(VOTING_SECONDS)


async def recap(
    here: SimulatedServer, channel: simcord.ChannelHandle | None = None, **options: str
) -> discord.Message:
    result = await here.bob.slash(channel or here.channel, "recap", **options)
    assert result.response
    assert not result.ephemeral
    return result.response.message


def name_of(here: SimulatedServer, battle: int, side: str) -> str:
    seats = here.rows("select battle_id, side, name from contestants natural join models")
    (name,) = [str(each[2]) for each in seats if each[:2] == (battle, side)]
    return name


def hidden_channel(here: SimulatedServer) -> simcord.ChannelHandle:
    """Make a channel that Alice, Bob and Carol see, and other members do not."""
    assert here.env.bot.user
    seen = discord.PermissionOverwrite(view_channel=True, read_message_history=True)
    return here.guild.create_text_channel(
        "board-room",
        overwrites={
            here.guild.default_role: discord.PermissionOverwrite(view_channel=False),
            here.env.bot.user: seen,
            here.alice: seen,
            here.bob: seen,
            here.carol: seen,
        },
    )


async def test_what_was_asked_most_is_said_in_words(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, COMPETITORS), CONFIG) as here:
        await admin(here).slash(here.channel, "categories add", name="Tall *tales*")
        await here.alice.slash(here.channel, "battle", prompt="What is a good day?", category="Tall *tales*")
        await here.close()
        text = text_of(await recap(here))

        assert "Most asked: English (1), Tall \\*tales\\* (1)" in text


async def test_a_recap_tells_who_leads_and_which_battle_was_close(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, COMPETITORS), CONFIG) as here:
        await held(here, here.channel, "What is a good day?", "🅰️", "🅰️", "🅰️")
        await held(here, here.channel, PROMPT, "🅰️", "🅱️")
        text = text_of(await recap(here))

        (battle,) = here.rows("select channel_id, message_id from battles where battle_id = 2")
        link = f"https://discord.com/channels/{here.guild.id}/{battle[0]}/{battle[1]}"
        assert text.startswith("## 📅 Recap of the week\n⚖️ Closest battle")
        assert re.search(
            r"⚖️ Closest battle: \*\*\w+\*\* – \*\*\w+\*\* · 🅰️ 1 · 🅱️ 1 · 🤝 0 · 👎 0\n> “Is ", text
        )
        assert f"coffee?” {link}\n🔥 Most divided battle: " in text
        assert "Champion" not in text
        assert "Climber" not in text


async def test_the_champion_is_the_first_of_the_board_not_of_a_group_apart(tmp_path: Path) -> None:
    names = ("Zephyrine", "Quillon", "Marrowby", "Hermit", "Stranger")
    async with place(tmp_path, map(competitor, names), CONFIG) as here:
        await hold(
            here,
            *[HeldBattle("Zephyrine", "Quillon", votes=crowd(a=12))] * 9,
            *[HeldBattle("Quillon", "Marrowby", votes=crowd(a=6, b=6))] * 9,
            HeldBattle("Hermit", "Stranger", votes=crowd(a=20)),
        )
        text, board = text_of(await recap(here)), await leaderboard(here)

        assert re.search(r"🏆 Champion: \*\*Zephyrine\*\* · \*\*1\d\d\d\*\* ± \d+\n", text)
        assert board.splitlines()[1:3] == ["### Group 1", "**1.** **Zephyrine**"]


async def test_nobody_is_champion_where_all_may_be_the_first(tmp_path: Path) -> None:
    names = [f"Model {letter}" for letter in "ABCDEF"]
    async with place(tmp_path, map(competitor, names), CONFIG) as here:
        pairs = combinations(names, 2)
        await hold(here, *(HeldBattle(*pair, votes=crowd(a=3, b=2)) for pair in pairs))
        message, board = await recap(here), await leaderboard(here)

        assert "**1–6.**" in board
        assert "Champion" not in text_of(message)
        assert message.attachments


async def test_a_prompt_is_quoted_as_plain_text(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, COMPETITORS), CONFIG) as here:
        await held(here, here.channel, PROMPT, "🅰️", "🅱️")
        text = text_of(await recap(here))

        assert "](http" not in text
        assert r"\*better\* than coffee?" in text


async def test_the_climber_is_the_model_that_rose_since_the_week_before(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, COMPETITORS), CONFIG) as here:
        await held(here, here.channel, "Why?", "🅰️", "🅰️")
        loser = name_of(here, 1, "b")
        await here.env.advance_time(8 * 24 * 3600)
        before = text_of(await recap(here))
        result = await here.alice.slash(here.channel, "battle", prompt="And now?")
        assert result.response
        better = "🅰️" if name_of(here, 2, "a") == loser else "🅱️"
        for member in (here.alice, here.bob, here.carol):
            await member.react(result.response.message, better)
        await here.close()
        after = text_of(await recap(here))

        assert "No battle was decided here" in before
        assert re.search(
            rf"📈 Climber of the week: \*\*{loser}\*\* · 9\d\d → \*\*1\d\d\d\*\* \(\+\d+\)\n", after
        )
        assert "Champion" not in after


async def test_a_battle_that_not_everyone_can_see_is_not_named(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, COMPETITORS), CONFIG) as here:
        await held(here, hidden_channel(here), "Whom do we let go?", "🅰️", "🅱️")
        message = await recap(here)

        assert "🅰️ 1 · 🅱️ 1" in text_of(message)
        assert "Whom" not in text_of(message)
        assert "/channels/" not in text_of(message)
        assert "Whom" not in str(message.attachments)


async def test_a_masked_model_stands_under_its_code_name(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, COMPETITORS), CONFIG) as here:
        role = here.guild.create_role("Boss", permissions=discord.Permissions(manage_guild=True))
        mona = here.guild.add_member(here.env.create_user("mona"), roles=[role])
        for name in COMPETITORS:
            await decide(mona, here.channel, "mask", name, f"Kite {name[0]}")
        await held(here, here.channel, "Why?", "🅰️", "🅱️")
        message = await recap(here)

        assert "**Kite Q**" in text_of(message)
        assert not [name for name in COMPETITORS if name in text_of(message)]


async def test_a_recap_shows_a_picture(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, COMPETITORS), CONFIG) as here:
        await held(here, here.channel, "Why?", "🅰️", "🅱️")
        first, again = await recap(here, theme="light"), await recap(here, theme="light")

        assert [file.filename for file in first.attachments] == ["recap.png"]
        assert [file.filename for file in again.attachments] == ["recap.png"]


async def test_without_the_right_to_attach_files_the_recap_is_text(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, COMPETITORS), CONFIG) as here:
        await held(here, here.channel, "Why?", "🅰️", "🅱️")
        locked = here.guild.create_text_channel(
            "locked", overwrites={here.guild.default_role: discord.PermissionOverwrite(attach_files=False)}
        )
        message = await recap(here, locked)

        assert not message.attachments
        assert "because I may not attach files" in text_of(message)
        assert text_of(message).startswith("## 📅 Recap of the week\n-# 2025-12-26 – 2026-01-01 (UTC)\n")
        assert "1 battle · 2 votes · 2 members voted · 2 models fought" in text_of(message)


@pytest.mark.parametrize("locale", ["en-US", "ja"])
async def test_an_empty_week_is_one_friendly_sentence(tmp_path: Path, locale: str) -> None:
    async with place(tmp_path, map(competitor, COMPETITORS)) as here:
        speak(here, locale)
        message = await recap(here)

        assert "/battle" in text_of(message)
        assert "\n" not in text_of(message)
        assert not message.attachments


async def test_a_battle_that_a_moderator_closed_today_is_in_the_recap_at_once(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, COMPETITORS)) as here:
        card = await here.battle()
        open_vote = text_of(await recap(here))
        await moderator(here).click(card, custom_id="arena:close:1")
        described = description_of(await recap(here))

        assert "No battle was decided here" in open_vote
        assert "1 battle held · 0 votes cast · 0 members voted · 2 models fought" in described


async def test_a_japanese_server_reads_its_recap_in_japanese(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, COMPETITORS), CONFIG) as here:
        speak(here, "ja")
        await held(here, here.channel, "猫と犬、どちらが好き？", "🅰️", "🅱️")
        message = await recap(here)
        text = text_of(message)

        assert "1週間のまとめ" in text
        assert "🔥 いちばんの接戦で、いちばん票が割れた対戦：" in text
        assert "「猫と犬、どちらが好き？」" in text
        assert f"1週間のまとめ · {here.guild.name} · 2025-12-26 – 2026-01-01\n1 " in description_of(message)
