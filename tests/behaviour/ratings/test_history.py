"""`/history`: what is told of past battles, and to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.domain.battle import UnratedReason
from tests.behaviour.models.office import office
from tests.behaviour.past import FIRST_MESSAGE, HeldBattle, crowd, hidden_channel, hold
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
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

    import simcord

    from tests.behaviour.place import SimulatedServer

COMPETITORS = [competitor("Zephyrine"), competitor("Quillon"), competitor("Marrowby")]


async def asked(
    here: SimulatedServer, viewer: simcord.MemberActor | None = None, /, **options: object
) -> str:
    return answer_to(await (viewer or here.bob).slash(here.channel, "history", **options))


async def shown(here: SimulatedServer, **options: object) -> simcord.ResponseMessage:
    """Let Bob ask; returns the answer, which pages change."""
    result = await here.bob.slash(here.channel, "history", **options)
    assert result.response
    assert result.ephemeral
    return result.response


async def test_a_battle_is_told_with_its_end_its_prompt_and_its_link(tmp_path: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        await hold(here, HeldBattle(prompt="What is\na good day?", votes=crowd(a=1, b=3, tie=1)))
        said = await asked(here)
        link = f"https://discord.com/channels/{here.guild.id}/{here.channel.id}/{FIRST_MESSAGE}"

        assert said.split("\n") == [
            "## Battles",
            "🏆 🅱️ **Quillon** beat 🅰️ **Zephyrine**",
            "“What is a good day?”",
            f"-# <t:{START + 60}:d> · 🅰️ 1 · 🅱️ 3 · 🤝 1 · 👎 0 · {link}",
        ]


async def test_a_battle_that_was_really_held_is_linked_to_its_card(tmp_path: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
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
    async with place(tmp_path, COMPETITORS) as here:
        await hold(here, HeldBattle(votes=crowd(**votes)))
        said = await asked(here)

        assert said.split("\n")[1] == verdict


async def test_what_does_not_count_is_marked(tmp_path: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        await hold(
            here,
            HeldBattle(votes=crowd(a=1), unrated=UnratedReason.LEAK),
            HeldBattle(votes=crowd(a=1), void_note="One friend\nvoted ten times"),
        )
        said = await asked(here)

        assert "Taken out of the ratings by a moderator: One friend voted ten times" in said
        assert said.index("Taken out") < said.index("-# Not rated")
        assert said.count("beat") == 2


async def test_open_battles_and_those_that_were_called_off_are_no_history(tmp_path: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        await hold(here, HeldBattle(votes=crowd(a=1), ended=False))
        card = await here.battle("Is this secret?")
        during = await asked(here)
        here.env.backend.delete_message(here.channel.id, card.id)
        await here.env.advance_time(VOTING_SECONDS)
        after = await asked(here)

        assert here.row("select voided from battles where battle_id = 2") == ("message_gone",)
        assert during == after == "## Battles\nThere are no such battles yet."


async def test_a_member_s_battles_are_those_they_asked_for(tmp_path: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        await hold(here, HeldBattle(prompt="By Alice"), HeldBattle(prompt="By Carol", asker_id=here.carol.id))
        said = await asked(here, member=here.carol)

        assert f"-# asked by <@{here.carol.id}>" in said
        assert "By Carol" in said
        assert "By Alice" not in said


async def test_a_model_s_battles_are_those_on_either_side(tmp_path: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        await hold(
            here,
            HeldBattle("Zephyrine", "Quillon", prompt="First"),
            HeldBattle("Quillon", "Marrowby", prompt="Second"),
            HeldBattle("Marrowby", "Zephyrine", prompt="Third"),
        )
        said = await asked(here, model="marrowby")
        offered = await here.bob.autocomplete(here.channel, "history", "model", "row")

        assert "-# with **Marrowby**" in said
        assert said.index("Third") < said.index("Second")
        assert "First" not in said
        assert [each["name"] for each in offered] == ["Marrowby"]


async def test_a_model_that_is_not_there_is_no_filter(tmp_path: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        said = await asked(here, model="Nobody")

        assert said == "This server has no model named Nobody."
        assert len(here.env.errors) == 1


async def test_pages_turn_with_their_filters_also_after_a_restart(tmp_path: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        await hold(here, *(HeldBattle(prompt=f"Prompt {number:02}") for number in range(1, 12)))
        await hold(here, HeldBattle(prompt="By Carol", asker_id=here.carol.id))
        answer = await shown(here, member=here.alice, model="Quillon")
        first = text_of(answer.message)
        await here.bob.click(answer.message, label="Next page")
        async with restarted(here, COMPETITORS):
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
    async with place(tmp_path, COMPETITORS) as here:
        await hold(here, *(HeldBattle() for _ in range(5)))
        message = (await shown(here)).message

        assert text_of(message).count("Why?") == 5
        assert buttons_of(message) == []


async def test_a_masked_model_is_told_of_under_its_code_name(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await hold(at.here, HeldBattle(votes=crowd(a=1)))
        await at.decide("mask", "Zephyrine", "Kite")
        everyone = await asked(at.here, model="Kite")
        moderators = await asked(at.here, at.mona, model="Zephyrine")
        refused = await asked(at.here, model="Zephyrine")

        assert "**Kite** beat" in everyone
        assert everyone == moderators
        assert "Zephyrine" not in everyone
        assert "no model named" in refused


async def test_hostile_prompts_names_and_reasons_are_inert(tmp_path: Path) -> None:
    hostile = "@everyone <@1> [a](https://example.org) ||x **y"
    async with place(tmp_path, [competitor("*@here*"), competitor("Quillon")]) as here:
        await hold(here, HeldBattle("*@here*", votes=crowd(a=1), prompt=hostile, void_note=hostile))
        said = await asked(here)

        assert "@\u200beveryone" in said
        assert "[a]\u200b(" in said
        assert "**\\*@\u200bhere\\***" in said
        assert said.count("||") % 2 == said.count("**") % 2 == 0
        assert '"allowed_mentions": {"parse": []' in here.bodies


async def test_the_longest_names_prompts_and_reasons_fit_into_a_message(tmp_path: Path) -> None:
    a, b = "_" * 80, "*" * 80
    async with place(tmp_path, [competitor(a), competitor(b)]) as here:
        held = HeldBattle(a, b, votes=crowd(a=1), prompt="Why? " * 800, void_note="Because. " * 50)
        await hold(here, *([held] * 6))
        english = await shown(here, member=here.alice, model=a)
        speak(here, "ja")
        japanese = await shown(here, member=here.alice, model=a)

        for each in (english.message, japanese.message):
            assert text_of(each).count("…") >= 10
            assert len(text_of(each)) <= 4000
            assert all(len(custom_id or "") <= 100 for custom_id in buttons_of(each))


async def test_a_japanese_member_reads_japanese(tmp_path: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        speak(here, "ja")
        hidden = hidden_channel(here)
        await hold(
            here,
            HeldBattle(prompt="良い一日とは？", votes=crowd(a=2), void_note="重複"),
            HeldBattle(prompt="秘密", channel_id=hidden.id),
        )
        said = await asked(here, model="Quillon")

        assert said.startswith("## 対戦の記録\n-# モデル：**Quillon**\n")
        assert "🏆 🅰️ **Zephyrine**が🅱️ **Quillon**に勝利\n「良い一日とは？」" in said
        assert "モデレーターがレーティングの対象から外しました：重複" in said
        assert "あなたには見えないチャンネルでの対戦" in said
        assert "秘密" not in said


async def test_each_server_has_a_history_of_its_own(tmp_path: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        await hold(here, HeldBattle(prompt="Secret"))
        other = here.env.create_guild("Elsewhere")
        dora = other.add_member(here.env.create_user("dora"))
        said = answer_to(await dora.slash(other.create_text_channel("arena"), "history"))

        assert said == "## Battles\nThere are no such battles yet."
