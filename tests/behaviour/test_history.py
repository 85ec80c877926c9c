"""`/history`: what is told of past battles, and to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.domain import UnratedReason
from tests.behaviour.office import office
from tests.behaviour.past import FIRST_MESSAGE, Held, crowd, hold
from tests.behaviour.place import (
    START,
    VOTING_SECONDS,
    answer_to,
    buttons_of,
    place,
    restarted,
    speak,
    text_of,
)
from tests.fighters import fighter

if TYPE_CHECKING:
    from pathlib import Path

    import simcord

    from tests.behaviour.place import Place

FIGHTERS = [fighter("Zephyrine"), fighter("Quillon"), fighter("Marrowby")]


async def asked(here: Place, viewer: simcord.MemberActor | None = None, /, **options: object) -> str:
    return answer_to(await (viewer or here.bob).slash(here.channel, "history", **options))


async def shown(here: Place, **options: object) -> simcord.ResponseMessage:
    """Let Bob ask; returns the answer, which pages change."""
    result = await here.bob.slash(here.channel, "history", **options)
    assert result.response
    assert result.ephemeral
    return result.response


def hidden_channel(here: Place) -> simcord.ChannelHandle:
    """Create a channel that Alice sees and the bot, and Bob does not."""
    assert here.env.bot.user
    seen = discord.PermissionOverwrite(view_channel=True)
    return here.guild.create_text_channel(
        "hidden",
        overwrites={
            here.guild.default_role: discord.PermissionOverwrite(view_channel=False),
            here.alice: seen,
            here.env.bot.user: seen,
        },
    )


async def test_a_battle_is_told_with_its_end_its_prompt_and_its_link(tmp_path: Path) -> None:
    async with place(tmp_path, FIGHTERS) as here:
        await hold(here, Held(prompt="What is\na good day?", votes=crowd(a=1, b=3, tie=1)))
        said = await asked(here)
        link = f"https://discord.com/channels/{here.guild.id}/{here.channel.id}/{FIRST_MESSAGE}"

        assert said.split("\n") == [
            "## Battles",
            "🏆 🅱️ **Quillon** beat 🅰️ **Zephyrine**",
            "“What is a good day?”",
            f"-# <t:{START + 60}:d> · 🅰️ 1 · 🅱️ 3 · 🤝 1 · 👎 0 · {link}",
        ]


async def test_a_battle_that_was_really_held_is_linked_to_its_card(tmp_path: Path) -> None:
    async with place(tmp_path, FIGHTERS) as here:
        card = await here.battle()
        await here.close()
        said = await asked(here)

        assert f"https://discord.com/channels/{here.guild.id}/{here.channel.id}/{card.id}" in said


@pytest.mark.parametrize(
    ("votes", "verdict"),
    [
        ({"a": 2}, "🏆 🅰️ **Zephyrine** beat 🅱️ **Quillon**"),
        ({"a": 1, "b": 1}, "🤝 🅰️ **Zephyrine** and 🅱️ **Quillon** tied"),
        ({"both_bad": 1}, "👎 🅰️ **Zephyrine** and 🅱️ **Quillon** were both bad"),
        ({}, "🅰️ **Zephyrine** and 🅱️ **Quillon** got no votes"),
    ],
    ids=["a winner", "as many for each", "both bad", "no votes"],
)
async def test_each_end_has_its_words(tmp_path: Path, votes: dict[str, int], verdict: str) -> None:
    async with place(tmp_path, FIGHTERS) as here:
        await hold(here, Held(votes=crowd(**votes)))
        said = await asked(here)

        assert said.split("\n")[1] == verdict


async def test_what_does_not_count_is_marked(tmp_path: Path) -> None:
    async with place(tmp_path, FIGHTERS) as here:
        await hold(
            here,
            Held(votes=crowd(a=1), unrated=UnratedReason.LEAK),
            Held(votes=crowd(a=1), void_note="One friend\nvoted ten times"),
        )
        said = await asked(here)

        assert "Taken out of the ratings by a moderator: One friend voted ten times" in said
        assert said.index("Taken out") < said.index("-# Not rated")
        assert said.count("beat") == 2


async def test_open_battles_and_those_that_were_called_off_are_no_history(tmp_path: Path) -> None:
    async with place(tmp_path, FIGHTERS) as here:
        await hold(here, Held(votes=crowd(a=1), ended=False))
        card = await here.battle("Is this secret?")
        during = await asked(here)
        here.env.backend.delete_message(here.channel.id, card.id)
        await here.env.advance_time(VOTING_SECONDS)
        after = await asked(here)

        assert here.row("select voided from battles where battle_id = 2") == ("message_gone",)
        assert during == after == "## Battles\nThere are no such battles yet."


async def test_a_member_s_battles_are_those_they_asked_for(tmp_path: Path) -> None:
    async with place(tmp_path, FIGHTERS) as here:
        await hold(here, Held(prompt="By Alice"), Held(prompt="By Carol", asker_id=here.carol.id))
        said = await asked(here, member=here.carol)

        assert f"-# asked by <@{here.carol.id}>" in said
        assert "By Carol" in said
        assert "By Alice" not in said


async def test_a_model_s_battles_are_those_on_either_side(tmp_path: Path) -> None:
    async with place(tmp_path, FIGHTERS) as here:
        await hold(
            here,
            Held("Zephyrine", "Quillon", prompt="First"),
            Held("Quillon", "Marrowby", prompt="Second"),
            Held("Marrowby", "Zephyrine", prompt="Third"),
        )
        said = await asked(here, model="marrowby")
        offered = await here.bob.autocomplete(here.channel, "history", "model", "row")

        assert "-# with **Marrowby**" in said
        assert said.index("Third") < said.index("Second")
        assert "First" not in said
        assert [each["name"] for each in offered] == ["Marrowby"]


async def test_a_model_that_is_not_there_is_no_filter(tmp_path: Path) -> None:
    async with place(tmp_path, FIGHTERS) as here:
        said = await asked(here, model="Nobody")

        assert said == "This server has no model named Nobody."
        assert len(here.env.errors) == 1


async def test_pages_turn_with_their_filters_also_after_a_restart(tmp_path: Path) -> None:
    async with place(tmp_path, FIGHTERS) as here:
        await hold(here, *(Held(prompt=f"Prompt {number:02}") for number in range(1, 12)))
        await hold(here, Held(prompt="By Carol", asker_id=here.carol.id))
        answer = await shown(here, member=here.alice, model="Quillon")
        first = text_of(answer.message)
        await here.bob.click(answer.message, label="Next page")
        async with restarted(here, FIGHTERS):
            await here.bob.click(answer.message, label="Next page")
            last, buttons = text_of(answer.message), buttons_of(answer.message)
            await here.bob.click(answer.message, label="Previous page")
            back = text_of(answer.message)

        assert first.startswith("## Battles, page 1\n-# asked by")
        assert [first.count(f"Prompt {number:02}") for number in (11, 7, 6)] == [1, 1, 0]
        assert back.startswith("## Battles, page 2\n-# asked by")
        assert [back.count(f"Prompt {number:02}") for number in (7, 6, 2, 1)] == [0, 1, 1, 0]
        assert last.startswith("## Battles, page 3\n-# asked by")
        assert last.count("Prompt") == last.count("Prompt 01") == 1
        assert "By Carol" not in first + back + last
        assert buttons == [f"arena:past:{page}:{here.alice.id}:2" for page in (1, 3)]


async def test_as_many_battles_as_one_page_holds_have_no_buttons(tmp_path: Path) -> None:
    async with place(tmp_path, FIGHTERS) as here:
        await hold(here, *(Held() for _ in range(5)))
        message = (await shown(here)).message

        assert text_of(message).count("Why?") == 5
        assert buttons_of(message) == []


async def test_of_a_battle_in_a_hidden_channel_nothing_is_told_but_that_it_was(tmp_path: Path) -> None:
    async with place(tmp_path, FIGHTERS) as here:
        hidden = hidden_channel(here)
        await hold(here, Held(prompt="Secret", channel_id=hidden.id, void_note="Secret too"))
        said = await asked(here, here.bob)
        known = await asked(here, here.alice)

        assert said == f"## Battles\nA battle in a channel that you cannot see\n-# <t:{START + 60}:d>"
        assert "Secret" in known
        assert f"/{hidden.id}/" in known


async def test_a_channel_that_is_gone_is_hidden(tmp_path: Path) -> None:
    async with place(tmp_path, FIGHTERS) as here:
        await hold(here, Held(prompt="Secret", channel_id=12345))
        said = await asked(here, here.alice)

        assert "Secret" not in said
        assert "12345" not in said


async def test_who_may_not_read_a_channel_s_past_is_told_nothing_of_it(tmp_path: Path) -> None:
    async with place(tmp_path, FIGHTERS) as here:
        channel = here.guild.create_text_channel(
            "no past",
            overwrites={here.guild.default_role: discord.PermissionOverwrite(read_message_history=False)},
        )
        await hold(here, Held(prompt="Secret", channel_id=channel.id))
        said = await asked(here)

        assert "Secret" not in said


async def test_each_page_shows_what_the_member_may_see_when_it_is_turned(tmp_path: Path) -> None:
    async with place(tmp_path, FIGHTERS) as here:
        other = here.guild.create_text_channel("other")
        await hold(here, *(Held(prompt="Secret", channel_id=other.id) for _ in range(7)))
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
    async with place(tmp_path, FIGHTERS) as here:
        hidden = hidden_channel(here)
        await hold(here, *(Held(prompt="Secret", channel_id=hidden.id) for _ in range(7)))
        result = await here.alice.slash(here.channel, "history")
        assert result.response
        seen = text_of(result.response.message)
        here.env.backend.get_message(here.channel.id, result.response.id).flags &= ~64
        await here.bob.click(result.response.message, label="Next page")

        assert seen.count("Secret") == 5
        assert "Secret" not in text_of(result.response.message)


async def test_a_masked_model_is_told_of_under_its_code_name(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await hold(at.here, Held(votes=crowd(a=1)))
        await at.ask("mask", name="Zephyrine", code_name="Kite")
        everyone = await asked(at.here, model="Kite")
        moderators = await asked(at.here, at.mona, model="Zephyrine")
        refused = await asked(at.here, model="Zephyrine")

        assert "**Kite** beat" in everyone
        assert everyone == moderators
        assert "Zephyrine" not in everyone
        assert "no model named" in refused


async def test_hostile_prompts_names_and_reasons_are_inert(tmp_path: Path) -> None:
    hostile = "@everyone <@1> [a](https://example.org) ||x **y"
    async with place(tmp_path, [fighter("*@here*"), fighter("Quillon")]) as here:
        await hold(here, Held("*@here*", votes=crowd(a=1), prompt=hostile, void_note=hostile))
        said = await asked(here)

        assert "@\u200beveryone" in said
        assert "[a]\u200b(" in said
        assert "**\\*@\u200bhere\\***" in said
        assert said.count("||") % 2 == said.count("**") % 2 == 0
        assert '"allowed_mentions": {"parse": []' in here.bodies


async def test_the_longest_names_prompts_and_reasons_fit_into_a_message(tmp_path: Path) -> None:
    a, b = "_" * 80, "*" * 80
    async with place(tmp_path, [fighter(a), fighter(b)]) as here:
        held = Held(a, b, votes=crowd(a=1), prompt="Why? " * 800, void_note="Because. " * 50)
        await hold(here, *([held] * 6))
        english = await shown(here, member=here.alice, model=a)
        speak(here, "ja")
        japanese = await shown(here, member=here.alice, model=a)

        for each in (english.message, japanese.message):
            assert text_of(each).count("…") >= 10
            assert len(text_of(each)) <= 4000
            assert all(len(custom_id or "") <= 100 for custom_id in buttons_of(each))


async def test_a_japanese_member_reads_japanese(tmp_path: Path) -> None:
    async with place(tmp_path, FIGHTERS) as here:
        speak(here, "ja")
        hidden = hidden_channel(here)
        await hold(
            here,
            Held(prompt="良い一日とは？", votes=crowd(a=2), void_note="重複"),
            Held(prompt="秘密", channel_id=hidden.id),
        )
        said = await asked(here, model="Quillon")

        assert said.startswith("## 対戦の記録\n-# モデル：**Quillon**\n")
        assert "🏆 🅰️ **Zephyrine**が🅱️ **Quillon**に勝利\n「良い一日とは？」" in said
        assert "モデレーターがレーティングの対象から外しました：重複" in said
        assert "あなたには見えないチャンネルでの対戦" in said
        assert "秘密" not in said


@pytest.mark.parametrize(
    ("kind", "is_told"),
    [(discord.ChannelType.public_thread, True), (discord.ChannelType.private_thread, False)],
)
async def test_a_thread_is_seen_by_who_sees_its_channel_unless_it_is_private(
    tmp_path: Path, kind: discord.ChannelType, *, is_told: bool
) -> None:
    async with place(tmp_path, FIGHTERS) as here:
        hidden = hidden_channel(here)
        threads = [await thread_in(here, channel, kind) for channel in (here.channel, hidden)]
        await hold(here, *(Held(prompt="Secret", channel_id=thread) for thread in threads))
        said = await asked(here)

        assert said.count("Secret") == int(is_told)
        assert said.count("A battle in a channel that you cannot see") == 2 - int(is_told)


async def thread_in(here: Place, place_of: simcord.ChannelHandle, kind: discord.ChannelType) -> int:
    channel = here.env.bot.get_channel(place_of.id)
    assert isinstance(channel, discord.TextChannel)
    made = await channel.create_thread(name="thread", type=kind)
    await here.env.settle()
    return made.id


async def test_each_server_has_a_history_of_its_own(tmp_path: Path) -> None:
    async with place(tmp_path, FIGHTERS) as here:
        await hold(here, Held(prompt="Secret"))
        other = here.env.create_guild("Elsewhere")
        dora = other.add_member(here.env.create_user("dora"))
        said = answer_to(await dora.slash(other.create_text_channel("arena"), "history"))

        assert said == "## Battles\nThere are no such battles yet."
